"""What the algorithms of images give."""
