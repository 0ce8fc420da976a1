"""What the algorithms of values give."""
