"""HTTP by Flask: what `services/reading` answers, told as HTTP tells it."""
