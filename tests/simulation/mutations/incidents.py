"""Faults in alerts, incidents and watches."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from s1ratio.alerts import watches
from s1ratio.alerts.grouping import Grouped, Waiting, group
from s1ratio.alerts.recording import seen_again
from s1ratio.alerts.records import AlertRecord
from s1ratio.alerts.watch import ArrivedPass, Watch, WatchRequest
from s1ratio.alerts.watch_requests import with_requests
from s1ratio.records import RequestState
from s1ratio.services.alerts import follow_pairs
from s1ratio.services.alerts import watch as watching
from tests.simulation.mutations.mutation import Mutation

_waited = watches._waited


def _alone(waiting: Iterable[Waiting], _: Any, now: datetime) -> Grouped:
    return group(waiting, [], now)


def _nothing(*_: Any) -> list[Any]:
    return []


def _no_words(*_: Any) -> str:
    return ""


def _of_any_age(_: Any) -> int:
    return 0


def _forgiven(known: AlertRecord, found: Any, message: str, now: datetime) -> AlertRecord | None:
    """What was cancelled before it came is an alert like any other."""
    return seen_again(replace(known, cancelled_by=None), found, message, now)


def _foretold(watch: Watch, until: datetime, now: datetime) -> Watch:
    """A prediction is as good as a scene."""
    at = watch.expected_at
    if at is None or now < at + timedelta(hours=1):
        return _waited(watch, until, now)
    taken = ArrivedPass("A", 1, at, at + timedelta(seconds=25), 1.0, 1)
    return with_requests(replace(watch, taken=taken), now)


def _all_good(tick: Any, watch: Watch, records: Any) -> tuple[WatchRequest, ...]:
    """A request that has ended is there."""
    found = follow_pairs._refused(tick, watch, records)
    ended = {name for name, record in records.items() if record.state.terminal} | set(found)
    verified = RequestState.VERIFIED.value
    return tuple(replace(one, fate=verified) if one.id in ended else one for one in watch.requests)


@contextmanager
def _by_slices() -> Iterator[None]:
    """A pass is named by its last slice, and is another one once that is another."""

    def named(watch: Watch, taken: ArrivedPass, role: str) -> str:
        return f"{watch.id}-{taken.last_line:%y%m%d%H%M%S}-{role}"

    with (
        patch.object(watches, "_ONE_PASS", timedelta()),
        patch("s1ratio.alerts.watch_requests.request_id", named),
    ):
        yield


def _without_ends() -> tuple[Any, ...]:
    return tuple(step for step in watching._STEPS if step is not follow_pairs.end_watches)


INCIDENTS = {
    "what becomes of a watch is not told": Mutation(
        lambda: patch("s1ratio.services.storing.incidents._told", _nothing), 1_000_000, long=True
    ),
    "incidents there are are not looked at": Mutation(
        lambda: patch("s1ratio.services.alerts.place_alerts.group", _alone), 1_000_005, long=True
    ),
    "an older revision replaces a newer": Mutation(
        lambda: patch("s1ratio.alerts.recording.revision_key", _of_any_age), 1_000_009, long=True
    ),
    "a cancellation before its alert is forgotten": Mutation(
        lambda: patch("s1ratio.services.alerts.keep_alerts.seen_again", _forgiven),
        1_000_005,
        long=True,
    ),
    "a silence is not heeded": Mutation(
        lambda: patch("s1ratio.services.alerts.tick_state.load_silences", _nothing),
        1_000_009,
        long=True,
    ),
    "incidents at once are not counted": Mutation(
        lambda: patch("s1ratio.services.alerts.advance_incidents.find_hold", _no_words), long=True
    ),
    "watches outlive their incident": Mutation(
        lambda: patch.object(watching, "_STEPS", _without_ends()), long=True
    ),
    "a pass is missed after an hour": Mutation(
        lambda: patch.object(watches, "MISSED_AFTER", timedelta(hours=1)), 1_000_000, long=True
    ),
    "a prediction starts an export": Mutation(
        lambda: patch.object(watches, "_waited", _foretold), 1_000_000, long=True
    ),
    "late slices are another pass": Mutation(_by_slices, 1_000_012, long=True),
    "a watch's lost message is not published again": Mutation(
        lambda: patch("s1ratio.services.alerts.follow_pairs._publish_again", _nothing), long=True
    ),
    "a pair that ended is delivered": Mutation(
        lambda: patch.object(follow_pairs, "_with_fates", _all_good), 1_000_003, long=True
    ),
}
