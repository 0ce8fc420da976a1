"""Ratios of two things measured in one run: `make bench`. A machine alone is never a measure."""
