"""What the algorithms of reducers give."""
