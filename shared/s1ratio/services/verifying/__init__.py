"""Verifying: whether what an export wrote is what was planned."""
