"""Events, as they are told and as they are published."""
