"""The product's graphs on the local Earth Engine against brute force, pixel by pixel."""
