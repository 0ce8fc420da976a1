"""Polling: the tick, an ordered list of steps, each with its share of the time."""
