"""Schemas of the answers, in the words of OpenAPI 3.0: whole, nothing else may stand in them."""
