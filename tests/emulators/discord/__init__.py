"""A loopback Discord: API v10 over HTTP, the gateway over WebSocket, and a control interface for tests.

Written from Discord's documentation, not from any bot: it refuses what Discord refuses and remembers every refusal.
"""
