"""Stands for the function in tests that are about its surroundings."""
