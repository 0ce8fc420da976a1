"""Applying: a command that came as a message is done once, and what became of it is kept."""
