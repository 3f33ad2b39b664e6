"""Loopback stand-ins for the chat platforms: separate processes that speak the real protocols."""
