"""HTTP by Flask."""
