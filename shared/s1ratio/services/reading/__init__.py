"""What is read by HTTP: a table of operations, each from a call to an answer; no HTTP in it."""
