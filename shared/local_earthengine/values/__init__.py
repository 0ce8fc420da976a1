"""What an expression evaluates to: numbers, strings, lists and dictionaries are Python's own."""
