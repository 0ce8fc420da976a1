"""Arrays as values, and images with an array at each pixel."""
