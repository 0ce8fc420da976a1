"""What the algorithms of arrays give."""
