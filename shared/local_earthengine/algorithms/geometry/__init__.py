"""Geometries and projections."""
