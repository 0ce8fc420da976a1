"""The use cases, one a file. They know ports, never an SDK."""
