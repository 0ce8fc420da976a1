"""Starting: one surviving operation for each attempt of a task."""
