"""Rounds: now and then, everything that is open is looked at, whether it seems to change or not.

A round is a number of legs, each over records in the order of their creation. It goes on where
the time of a tick ended, so that a round of any size gets done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from s1ratio.services.context import Context
from s1ratio.services.storing.paging import created_at, fetch_pages
from s1ratio.services.waiting.clocks import get_past_mark
from s1ratio.time_marks import TimeMark

MAX_BETWEEN_ROUNDS = timedelta(hours=1)
_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Leg:
    """What is looked at: `fetch(limit, since)` returns records made since then, oldest first.

    Its mark is how far a round has come that is not over yet.
    """

    mark: TimeMark
    fetch: Callable[[int, datetime | None], Sequence[Any]]
    look_at: Callable[[Any], None]


def is_round_due(context: Context) -> bool:
    """Tell whether a round is to begin, or to go on."""
    last = get_past_mark(context, TimeMark.ROUND)
    return last is None or context.clock.now() - last >= MAX_BETWEEN_ROUNDS


def continue_round(
    context: Context, legs: Sequence[Leg], until: datetime, last: bool = True
) -> None:
    """Go on with a round, as long as there is time. `last`: with these legs it is over.

    What a leg raises ends it; it begins again at the page where that was.
    """
    began = context.clock.now()
    starts = {leg.mark: context.store.get_time_mark(leg.mark) or _START for leg in legs}
    for number, leg in enumerate(legs):
        if not _walk(context, leg, starts[leg.mark], until):
            _keep(context, legs[:number], began)
            return
    if not last:
        _keep(context, legs, began)
        return
    for leg in legs:
        if (context.store.get_time_mark(leg.mark) or _START) != _START:
            context.store.set_time_mark(leg.mark, _START)
    context.store.set_time_mark(TimeMark.ROUND, began)


def _walk(context: Context, leg: Leg, since: datetime, until: datetime) -> bool:
    """Walk a leg as far as the time allows; tell whether it was walked to its end."""
    came_to = since
    for page in fetch_pages(leg.fetch, created_at, since):
        if came_to != since:
            context.store.set_time_mark(leg.mark, came_to)
        for record in page:
            if context.clock.now() >= until:
                context.store.set_time_mark(leg.mark, record.created_at)
                return False
            leg.look_at(record)
        came_to = page[-1].created_at
    return True


def _keep(context: Context, done: Sequence[Leg], began: datetime) -> None:
    """Let legs that are over begin where nothing but what came later is left of them."""
    for leg in done:
        context.store.set_time_mark(leg.mark, began)
