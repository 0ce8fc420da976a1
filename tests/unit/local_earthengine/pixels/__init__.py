"""What pixels cost."""
