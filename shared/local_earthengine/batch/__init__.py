"""The batch system: exports wait, run, and leave their files."""
