"""What the local Earth Engine can load: scenes, and the catalogues that find them."""
