"""What writes the generated parts of infra: see the Makefile."""
