"""What becomes of operations, and in which words."""
