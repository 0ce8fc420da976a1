"""Formulas as text: `a > 0 ? b('VV') / 2 : sqrt(a)`, parsed into a tree."""
