"""The folder as Cloud Storage shows it."""
