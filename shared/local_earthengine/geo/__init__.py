"""Where things lie: grids, lattices, projections, geometries, and the types of pixels."""
