"""The command, on a store without a world around it."""
