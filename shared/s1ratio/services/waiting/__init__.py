"""Waiting: what may go on now, what is put off and for how long, whose turn it is."""
