"""Alerts: recorded as they come, fetched where nobody pushes, and placed in incidents."""
