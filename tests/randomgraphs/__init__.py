"""Randomly composed graphs: the server against a slow interpreter that shares no code with it."""
