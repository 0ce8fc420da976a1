"""Faults in regions: ids, firings, passes, budgets, overlaps, late scenes, lost messages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any
from unittest.mock import patch

from s1ratio.regions.messages import id_of
from s1ratio.regions.rechecks import Rechecked, timed
from s1ratio.regions.records import RefreshRecord, RegionRecord
from tests.simulation.mutations.mutation import Mutation


@contextmanager
def _of_the_tick() -> Iterator[None]:
    """A request's id is another one each time that it is asked for."""
    numbers = count()

    def fresh(*args: Any) -> str:
        return f"{id_of(*args)[:-4]}{next(numbers):04x}"

    with patch("s1ratio.regions.admission.id_of", fresh):
        yield


def _nothing(*_: Any) -> list[Any]:
    return []


def _since_the_last_look(record: RegionRecord, now: datetime) -> datetime:
    del now
    return record.looked_at or record.scenes_from


def _never(*_: Any) -> bool:
    return False


def _as_it_was(refresh: RefreshRecord, *_: Any) -> Rechecked:
    return Rechecked(timed(replace(refresh, rechecked=refresh.rechecked + 1)))


REGIONS = {
    "a region's request is named by its tick": Mutation(_of_the_tick, 1_000_002, long=True),
    "an edit does not tell what it passes over": Mutation(
        lambda: patch("s1ratio.regions.moves._passed_over", _nothing), 1_000_002, long=True
    ),
    "missed windows are not told": Mutation(
        lambda: patch("s1ratio.regions.decision._passed_over", _nothing), 1_000_002, long=True
    ),
    "passes before the last look are none": Mutation(
        lambda: patch("s1ratio.regions.passes.look_from", _since_the_last_look),
        1_000_063,
        long=True,
    ),
    "a region's budget is ignored": Mutation(
        lambda: patch("s1ratio.regions.admission.is_over_budget", _never), 1_000_007, long=True
    ),
    "an overlap is ignored": Mutation(
        lambda: patch("s1ratio.services.regions.refreshing._find_open", _nothing),
        1_000_003,
        long=True,
    ),
    "late scenes change nothing": Mutation(
        lambda: patch("s1ratio.services.regions.following.rechecked", _as_it_was),
        1_000_002,
        long=True,
    ),
    "a region's lost message is not published again": Mutation(
        lambda: patch("s1ratio.services.regions.following._publish_again", _nothing),
        1_000_003,
        long=True,
    ),
}
