"""Inputs: the scenes that a composite was made of, as they are listed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

MAX_INPUTS = 2_000  # of one composite; more are counted as not whole
MAX_PINNED = 5_000  # of one request: their ids lie in its record, some 70 bytes each


@dataclass(frozen=True)
class InputScene:
    """One scene: `id` is its name in the collection. Times are of its first and last line (UTC).

    `relative_orbit` and `absolute_orbit` are those that it starts on; `baseline` is the version of
    the software that made the product, None where it is not told.
    """

    id: str
    platform: str
    start: datetime
    end: datetime
    absolute_orbit: int
    relative_orbit: int
    baseline: str | None = None


@dataclass(frozen=True)
class Inputs:
    """The scenes of a composite by time; `whole` unless there are more than are listed."""

    scenes: tuple[InputScene, ...]
    whole: bool = True

    @property
    def ids(self) -> tuple[str, ...]:
        """The names of the scenes."""
        return tuple(scene.id for scene in self.scenes)


def pinned_part(listed: Inputs, pinned: Sequence[str]) -> tuple[Inputs, Inputs]:
    """Return of a list the scenes that are pinned, and those that came later than the pins."""
    wanted = set(pinned)
    mine = tuple(scene for scene in listed.scenes if scene.id in wanted)
    late = tuple(scene for scene in listed.scenes if scene.id not in wanted)
    return Inputs(mine, listed.whole), Inputs(late, listed.whole)
