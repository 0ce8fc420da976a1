"""Actions: what each command does, by the services that the command line calls as well.

Each may be done again: what bears the command's mark is left as it has become since. Each raises
InvalidRequest where nothing can be done: the command is refused.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, cast

from s1ratio import commands as said
from s1ratio.alerts.records import Kind
from s1ratio.commands.marks import signature, silence_name
from s1ratio.errors import InvalidRequest, UnknownRecord
from s1ratio.faults import Fault
from s1ratio.regions.moves import Change as Move
from s1ratio.regions.moves import paused, resumed, run_wanted
from s1ratio.regions.records import RegionRecord
from s1ratio.services.alerts.definitions import apply, propose
from s1ratio.services.applying.marks import is_marked
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.change import Change
from s1ratio.services.commands.raise_priority import raise_priority
from s1ratio.services.commands.retry import retry
from s1ratio.services.commands.selection import Selection
from s1ratio.services.context import Context
from s1ratio.services.regions.commands import change_region


def act(context: Context, command: said.Command, name: str) -> list[str]:
    """Do what a command wants, `name` being its id; return what it changed, in a line each."""
    return _ACTIONS[command.command](context, command, name)


def _cancel(context: Context, command: said.Cancel, name: str) -> list[str]:
    words = " ".join(command.reason.split()) or "cancelled"
    reason = f"{words}: {signature(name, command.by)}"
    changes = cancel(context, _selection(command.target), reason, command=name)
    wanted = [each for each in changes if each.to_be_cancelled or each.was != each.now]
    if not wanted and not is_marked(context.store, command, name):
        raise _refused("ended", f"{_told(command.target)} has ended already")
    return list(map(_line, wanted))


def _retry(context: Context, command: said.Retry, name: str) -> list[str]:
    changes = retry(context, _selection(command.target), command=name)
    moved = [each for each in changes if each.was != each.now]
    if not moved and not is_marked(context.store, command, name):
        raise _refused("nothing_to_retry", _why_nothing(command, changes))
    return list(map(_line, moved))


def _raise(context: Context, command: said.Raise, name: str) -> list[str]:
    wish = Selection(command.target.request)
    return [_line(each) for each in raise_priority(context, wish, command.priority, command=name)]


def _pause(context: Context, command: said.Pause, name: str) -> list[str]:
    return _change(
        context, command, name, lambda record, now, by: paused(record, now, by, command.reason)
    )


def _resume(context: Context, command: said.Resume, name: str) -> list[str]:
    def move(record: RegionRecord, now: datetime, by: str) -> Move:
        """Resume a region; raise InvalidRequest where its definition says nothing any more."""
        try:
            return resumed(record, now, by, command.catch_up)
        except ValueError as error:  # of rules that have changed since
            words = f"the definition of {record.id} can't be read any more: apply it anew"
            raise _refused("unreadable", words) from error

    return _change(context, command, name, move)


def _run(context: Context, command: said.Run, name: str) -> list[str]:
    return _change(context, command, name, run_wanted)


def _change(
    context: Context,
    command: said.Pause | said.Resume | said.Run,
    name: str,
    move: Callable[[RegionRecord, datetime, str], Move],
) -> list[str]:
    now, by = context.clock.now(), signature(name, command.by)
    region = command.target.region
    after = change_region(context, region, lambda one: move(one, now, by), name)
    due = f", looked at next at {after.due_at:%Y-%m-%d %H:%M:%S} UTC" if after.due_at else ""
    return [f"region {region}: {after.state}{due}"]


def _silence(context: Context, command: said.Silence, name: str) -> list[str]:
    incident = command.target.incident
    if incident is not None and context.store.get_incident(incident) is None:
        raise UnknownRecord(
            [Fault("target.incident", "unknown", f"no incident {incident} is known")]
        )
    now = context.clock.now()
    if command.ends_at <= now:
        raise _refused("ended", f"its `ends_at` has passed: it is {now:%Y-%m-%d %H:%M:%S} UTC")
    if not is_marked(context.store, command, name):
        _check_free(context, silence_name(name))
        apply(context.store, propose(context.store, Kind.SILENCE, [_document(command, name)], now))
    return [f"silence {silence_name(name)}: until {command.ends_at:%Y-%m-%d %H:%M:%S} UTC"]


def _check_free(context: Context, name: str) -> None:
    known = context.store.get_definition(Kind.SILENCE, name)
    if known is not None and not known.removed:
        raise _refused("name_taken", f"a silence {name} is there already: give another `id`")


def _document(command: said.Silence, name: str) -> dict[str, Any]:
    """Return a silence as it is stored: a definition, as a file of the command line has it."""
    fields = said.message_of(command)
    return {
        "name": silence_name(name),
        "ends_at": fields["ends_at"],
        "reason": command.reason,
        "by": signature(name, command.by)[:100],
        **fields["target"],
    }


_ACTIONS = cast(
    dict[str, Callable[[Context, said.Command, str], list[str]]],
    {
        "cancel": _cancel,
        "retry": _retry,
        "raise": _raise,
        "pause": _pause,
        "resume": _resume,
        "run": _run,
        "silence": _silence,
    },
)


def _selection(target: said.WorkTarget) -> Selection:
    return Selection(target.request, () if target.task is None else (target.task,))


def _told(target: said.WorkTarget) -> str:
    return f"request {target.request}" if target.task is None else f"task {target.task}"


def _line(change: Change) -> str:
    more = ", to be cancelled" if change.to_be_cancelled else ""
    return f"{change.kind} {change.id}: {change.was} → {change.now}{more}"


def _why_nothing(command: said.Retry, changes: Iterable[Change]) -> str:
    for each in changes:
        if each.left is not None:
            return f"{each.kind} {each.id}: {each.left}"
        if each.to_be_cancelled:
            return f"{each.kind} {each.id} is still being cancelled: wait until it has ended"
    return f"nothing of {_told(command.target)} is FAILED or CANCELLED"


def _refused(code: str, words: str) -> InvalidRequest:
    return InvalidRequest([Fault("", code, words)])
