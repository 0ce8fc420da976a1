"""Numbers, texts, lists, dictionaries, dates and pixel types."""
