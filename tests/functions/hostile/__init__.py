"""What nobody should send, in the three encodings in which it can be sent."""
