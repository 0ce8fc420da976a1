"""What is said of composites of invented scenes, wherever a person looks."""

from typing import Final

SYNTHETIC: Final = "synthetic"
INVENTED: Final = "SYNTHETIC: computed from invented scenes, not from what a satellite saw"
