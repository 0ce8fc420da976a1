"""Requesting: a message becomes a request, its tasks, and in the end its outcome."""
