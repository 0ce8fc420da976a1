"""What happened in a schedule, call by call, to be read when it went wrong."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.records import AlertRecord
from s1ratio.alerts.watch import Watch
from s1ratio.ports import Operation
from s1ratio.records import RequestRecord
from s1ratio.regions.records import RefreshRecord, RegionRecord
from s1ratio.task import Task
from tests.support.simulated import SimulatedClock

# Calls that say little: told only where they fail. So are those that found nothing.
_QUIET = frozenset(
    {
        "get_time_mark",
        "get_time_marks",
        "set_time_mark",
        "find_oldest_start",
        "count_active",
        "count_planned",
        "count_started",
        "get_definitions",
        "take_lease",
        "give_back",
    }
)


class Trace:
    """Keeps what was called; words are made of it only where they are asked for."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock = clock
        self._entries: list[tuple[datetime, str, str, tuple[Any, ...], Any]] = []

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, who: str, what: str, args: tuple[Any, ...], answer: Any = None) -> None:
        """Note one call and what came of it."""
        self._entries.append((self._clock.now(), who, what, args, answer))

    def text(self, last: int = 10_000) -> str:
        """Return the last entries, one a line."""
        lines = (_line(*entry) for entry in self._entries[-last:])
        return "\n".join(line for line in lines if line)


def _line(at: datetime, who: str, what: str, args: tuple[Any, ...], answer: Any) -> str:
    quiet = what in _QUIET or (isinstance(answer, Sequence | Mapping) and not answer)
    if quiet and not isinstance(answer, Exception):
        return ""
    given = ", ".join(_word(arg) for arg in args)
    return f"{at:%m-%d %H:%M:%S} {who:12} {what}({given}) → {_word(answer)}"


def _word(thing: Any) -> str:  # noqa: PLR0911 - a table of kinds
    if isinstance(thing, Task):
        held = f" {thing.claim.ee_request_id[:9]}" if thing.claim.ee_request_id else ""
        name = f" {thing.run.operation[-7:]}" if thing.run.operation else ""
        error = f" {thing.trouble.error_class}" if thing.trouble.error_class else ""
        stands = f"{thing.id}:{thing.state.value} a{thing.run.attempt}"
        return f"{stands}{held}{name}{error} v{thing.version}"
    if isinstance(thing, RequestRecord):
        return f"{thing.id}:{thing.state.value} v{thing.version}"
    if isinstance(thing, Watch | Incident | RegionRecord | RefreshRecord | AlertRecord):
        return _standing_word(thing)
    if isinstance(thing, Operation):
        return f"{thing.name[-7:]}:{thing.state} {thing.description}"
    if isinstance(thing, datetime):
        return f"{thing:%H:%M:%S}"
    if isinstance(thing, Exception):
        return f"{type(thing).__name__}: {str(thing)[:60]}"
    if isinstance(thing, Mapping):
        return _word([value for _, value in sorted(thing.items())])
    if isinstance(thing, Set):
        return _word(sorted(thing))
    if isinstance(thing, Sequence) and not isinstance(thing, str | bytes):
        return f"[{', '.join(map(_word, thing))}]"
    return str(thing)[:80]


def _standing_word(thing: Watch | Incident | RegionRecord | RefreshRecord | AlertRecord) -> str:
    """Return a region, an alert or what follows on these, as far as it is told in a line."""
    due = f" due {thing.due_at:%m-%d %H:%M}" if thing.due_at else ""
    told = f"{thing.id}:{thing.state.value}{due} v{thing.version}"
    match thing:
        case Watch(expected_at=expected, taken=taken, since=since):
            coming = f" expects {expected:%m-%d %H:%M}" if expected else ""
            flown = f" took {taken.platform}{taken.absolute_orbit}" if taken else ""
            return f"{told} from {since:%m-%d %H:%M}{coming}{flown}"
        case Incident(members=members, wanted=wanted, reason=reason):
            return f"{told} of {len(members)}{' wanted' * wanted} {reason or ''}"
        case RegionRecord(watermark=mark, held=held):
            return f"{told} dealt with {mark:%m-%d %H:%M} {held or ''}"
        case AlertRecord(incident=incident, reason=reason):
            return f"{told} {incident or ''} {reason or ''}"
    return told
