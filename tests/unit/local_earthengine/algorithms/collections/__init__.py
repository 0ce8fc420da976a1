"""What the algorithms of collections give."""
