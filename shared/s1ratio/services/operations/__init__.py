"""Operations: Earth Engine's list of them, which are ours, and how one is ended."""
