"""Features and collections, of images too: filtered, joined, summed up, composed."""
