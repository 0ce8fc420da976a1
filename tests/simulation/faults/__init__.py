"""What goes wrong on the way between a process and its ports."""
