"""The events of commands: each is told once, when it has ended."""

from s1ratio.commands.records import CommandRecord, CommandState
from s1ratio.events.data import CommandData
from s1ratio.events.kinds import EventKind
from s1ratio.events.of_regions import key_of_region
from s1ratio.events.of_requests import reasons_of
from s1ratio.events.teller import Change, Teller
from s1ratio.records import Event

_TARGETS = ("request", "region", "incident")  # by which other events can be filtered, too


def tell_of_command(teller: Teller, record: CommandRecord) -> Event:
    """Return the event of a command that has ended, in the order of what it was aimed at."""
    applied = record.state is CommandState.APPLIED
    kind = EventKind.COMMAND_APPLIED if applied else EventKind.COMMAND_REFUSED
    of = record.target_kind in _TARGETS and record.target_id
    request_id = record.target_id if record.target_kind == "request" else ""
    key = _key_of(record) if of else f"command:{record.id}"
    data = CommandData(
        id=record.id,
        command=record.command,
        state=record.state,
        target={record.target_kind: record.target_id},
        by=record.by or None,
        changes=record.changes or None,
        reasons=reasons_of(record.reasons) or None,
    )
    attributes = {"state": record.state.value}
    if of:
        attributes[record.target_kind] = record.target_id
    return teller.tell(Change(kind, record.id, 1, key, request_id), data, attributes)


def _key_of(record: CommandRecord) -> str:
    """Return the key in whose order the target's own events are."""
    is_region = record.target_kind == "region"
    return key_of_region(record.target_id) if is_region else record.target_id
