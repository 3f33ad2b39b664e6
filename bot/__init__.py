"""Studybot: one good question a day, on Discord, Slack and in a browser."""

__version__ = "0.1.0"
