"""Reducers: statistics, and what is made of them."""
