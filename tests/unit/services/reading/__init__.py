"""What is read by HTTP."""
