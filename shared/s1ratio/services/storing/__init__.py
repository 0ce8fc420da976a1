"""Storing: a record's change, its events and its log line, in one commit."""
