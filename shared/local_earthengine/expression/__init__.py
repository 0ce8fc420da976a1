"""Expressions: the graph, its evaluation, the list of algorithms, and values in and out."""
