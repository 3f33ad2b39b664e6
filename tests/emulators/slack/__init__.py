"""A loopback Slack: the Web API and signed requests over HTTP, Socket Mode over WebSocket, a control interface for tests.

Written from Slack's documentation, not from any bot: it refuses what Slack refuses and remembers every refusal.
"""
