"""The `s1ratio` command."""
