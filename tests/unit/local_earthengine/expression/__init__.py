"""How expressions are evaluated, and how they are refused."""
