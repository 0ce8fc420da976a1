"""Which kinds of trouble a schedule has beside the weather: each drawn for itself, by the seed.

A kind has a stream of chance of its own, so that a new one changes nothing of the others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from tests.simulation.faults.refused_records import REFUSABLE, RefusedRecord


@dataclass(frozen=True)
class Kinds:
    """What else is not as it should be; by default all is.

    `latest_post_s`: how late a POST is taken up at most whose worker has long given up.
    `clock_off_s`, `bucket_off_s`: how far a worker's clock is off at most, and how far the
    bucket's is. `latest_seen_s`: how late it shows a file at most. `flicker`: how often a page of
    the list leaves an operation out. `project`: how the list names the project. `forbidden`: a
    task whose starts are refused for good. `most_days`: the longest period that a search may have.
    `refused`: what the store never keeps.
    `neighbour`: what else runs under the same Earth Engine, another deployment, or another store
    under the same name. `kept`, `set_back`: when in the storm the store's state is kept, and when
    it is set back to that, as parts of it. `deletes`: ended requests are deleted and sent again.
    `most_a_day`, `most_eecu_s`: ceilings of tasks a day, and of what a request may spend.
    `new_graph`: when in the storm software is deployed that makes another graph of a request.
    """

    latest_post_s: float = 60.0
    clock_off_s: float = 0.0
    bucket_off_s: float = 0.0
    flicker: float = 0.0
    latest_seen_s: float = 0.0
    project: str = "p"
    forbidden: str | None = None
    most_days: int | None = None
    refused: RefusedRecord | None = None
    neighbour: Literal["deployment", "store"] | None = None
    kept: float | None = None
    set_back: float | None = None
    deletes: bool = False
    most_a_day: int | None = None
    most_eecu_s: float | None = None
    new_graph: float | None = None

    @property
    def settings(self) -> dict[str, Any]:
        """The settings that these ceilings are."""
        found = {"max_tasks_day": self.most_a_day, "max_request_eecu_s": self.most_eecu_s}
        return {name: value for name, value in found.items() if value is not None}

    @property
    def rewrites_store(self) -> bool:
        """Whether somebody changes the store's file behind its back."""
        return self.kept is not None or self.deletes


Fields = dict[str, Any]


def _late_posts(random: Random) -> Fields:
    return {"latest_post_s": random.choice((240.0, 600.0))}


def _clocks(random: Random) -> Fields:
    return {"clock_off_s": random.choice((60.0, 600.0, 3600.0))}


def _bucket_clock(random: Random) -> Fields:
    return {"bucket_off_s": random.uniform(-110, 110)}


def _late_bucket(random: Random) -> Fields:
    return {"latest_seen_s": random.choice((60.0, 240.0, 480.0))}


def _flicker(random: Random) -> Fields:
    return {"flicker": random.choice((0.2, 0.7))}


def _names(_: Random) -> Fields:
    return {"project": "418023749123"}


def _forbidden(random: Random) -> Fields:
    return {"forbidden": random.choice(("r1-o058a", "r1-o131a"))}


def _searches(random: Random) -> Fields:
    return {"most_days": random.choice((7, 16, 40))}


def _refused_records(random: Random) -> Fields:
    return {"refused": random.choice(REFUSABLE)}


def _neighbour_deployment(_: Random) -> Fields:
    return {"neighbour": "deployment"}


def _neighbour_store(_: Random) -> Fields:
    return {"neighbour": "store"}


def _set_back(random: Random) -> Fields:
    kept = random.uniform(0.0, 0.6)
    return {"kept": kept, "set_back": random.uniform(kept, 1.0)}


def _deleted(_: Random) -> Fields:
    return {"deletes": True}


def _day(random: Random) -> Fields:
    return {"most_a_day": random.choice((1, 2, 4))}


def _eecu(random: Random) -> Fields:
    return {"most_eecu_s": random.choice((5.0, 20.0, 40.0))}


def _new_graph(random: Random) -> Fields:
    return {"new_graph": random.uniform(0.02, 0.6)}


# How often a schedule has which kind.
KINDS: dict[str, tuple[float, Callable[[Random], Fields]]] = {
    "late posts": (0.2, _late_posts),
    "clocks": (0.2, _clocks),
    "bucket clock": (0.15, _bucket_clock),
    "late bucket": (0.15, _late_bucket),
    "flicker": (0.15, _flicker),
    "names": (0.25, _names),
    "forbidden": (0.08, _forbidden),
    "searches": (0.25, _searches),
    "refused records": (0.08, _refused_records),
    "two deployments": (0.1, _neighbour_deployment),
    "two stores": (0.1, _neighbour_store),
    "set back": (0.1, _set_back),
    "deleted": (0.1, _deleted),
    "day": (0.06, _day),
    "eecu": (0.06, _eecu),
    "new graph": (0.15, _new_graph),
}


def draw_kinds(seed: int) -> Kinds:
    """Draw which kinds of trouble a schedule has."""
    fields: Fields = {}
    for name, (share, draw) in KINDS.items():
        random = Random(f"{name} {seed}")  # noqa: S311 - a simulation
        if random.random() < share:
            fields |= draw(random)
    return Kinds(**fields)
