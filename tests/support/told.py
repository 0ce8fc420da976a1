"""What was told of ends, in words that a test can be read by."""

from collections.abc import Iterable

from s1ratio.ports import Store
from s1ratio.records import Event

_ENDS = ("ended", "rejected")


def ends_told(store: Store, request_id: str) -> list[str]:
    """Return the ends that were told of a request and its tasks, in the order of the commits.

    Such as `r1-o131a.verified.a2`, a task's second attempt, and `r1.partial.r1`, a request's first
    round.
    """
    return [name_of(event) for event in _ends(store.find_events_of(request_id))]


def end_kinds_told(store: Store, request_id: str) -> list[str]:
    """Return the same as `task.verified` or `request.partial`."""
    ends = _ends(store.find_events_of(request_id))
    return [f"{_record(event)}.{_state(event)}" for event in ends]


def name_of(event: Event) -> str:
    """Return an end by its record, state, and attempt or round."""
    number = (
        f"a{event.data['attempt']}"
        if _record(event) == "task"
        else f"r{event.data.get('round', 1)}"
    )
    return f"{event.subject}.{_state(event)}.{number}"


def _ends(events: Iterable[Event]) -> list[Event]:
    return [event for event in events if event.kind.endswith(_ENDS)]


def _record(event: Event) -> str:
    return event.kind.split(".")[1]


def _state(event: Event) -> str:
    return event.attributes["state"].lower()
