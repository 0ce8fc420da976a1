"""What the algorithms of geometry give."""
