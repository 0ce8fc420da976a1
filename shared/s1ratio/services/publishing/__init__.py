"""Publishing: events that were committed with their records go out, each key's in its order."""
