"""Images: bands, masks, arithmetic, neighbourhoods, projections, regions."""
