"""Commands: what a person asks for, such as cancel, retry, redrive."""
