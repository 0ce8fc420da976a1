"""Apply: one message becomes a stored command, is done once, and its end is told.

Killed anywhere, the same message again goes on where it stood. What can never be done is refused,
or rejected where it is no command at all, and the message acknowledged; only a store that can't be
reached, or is written by others all the time, raises.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from s1ratio.commands import Command, CommandMessage, read_command
from s1ratio.commands.log_events import COMMAND_APPLIED, COMMAND_KNOWN, COMMAND_REFUSED
from s1ratio.commands.records import MAX_CHANGES, CommandRecord, CommandState, target_of
from s1ratio.errors import (
    Conflict,
    InvalidRequest,
    StoreError,
    UnreadableEnvelope,
)
from s1ratio.events.of_commands import tell_of_command
from s1ratio.faults import Fault, capped, cut
from s1ratio.logevents import about, tell
from s1ratio.services.applying.actions import act
from s1ratio.services.applying.marks import is_marked
from s1ratio.services.context import Context
from s1ratio.services.event_world import teller_of
from s1ratio.services.publishing.publish import publish_committed
from s1ratio.services.requesting.reject import reject

_LOG = logging.getLogger(__name__)
OBEYED_FOR = timedelta(days=1)  # after its publication, where it says nothing else
_MAX_LINE = 300


def apply_command(
    context: Context,
    payload: bytes,
    published_at: datetime | None = None,
    message_id: str | None = None,
) -> CommandRecord | None:
    """Take a command in and do it; return its record, None where the message was rejected.

    `published_at` and `message_id` are what Pub/Sub says of it. The same message again changes
    nothing.
    """
    try:
        message = read_command(payload)
        record = _take_in(context, message, published_at, message_id)
    except InvalidRequest as error:
        reject(context, payload, error.faults, message_id, topic="commands")
        return None
    if record.state.terminal:
        return record
    return _do(context, record, message.command)


def reject_delivery(context: Context, error: UnreadableEnvelope) -> None:
    """Record a delivery that has no readable message in it."""
    reject(context, error.copy, error.faults, error.message_id, topic="commands")


def _take_in(
    context: Context,
    message: CommandMessage,
    published_at: datetime | None,
    message_id: str | None,
) -> CommandRecord:
    """Return the stored command of a message, new or known; raise InvalidRequest if it can't be."""
    now, command = context.clock.now(), message.command
    # A clock that is ahead, or an envelope that lies, must not make it last.
    expires_at = command.expires_at or min(published_at or now, now) + OBEYED_FOR
    kind, target_id = target_of(command)
    made = CommandRecord(
        id=_name(context, message, published_at),
        digest=message.digest,
        message=message.text,
        command=command.command,
        target_kind=kind,
        target_id=target_id,
        state=CommandState.RECEIVED,
        received_at=now,
        expires_at=expires_at,
        by=command.by,
        reason=command.reason,
        published_at=published_at,
        message_id=message_id,
        expire_at=_kept_until(context, now, expires_at),
    )
    record, is_new = context.store.create_command(made)
    if record.digest != message.digest:
        words = f"{record.id} is the id of another command: choose a new one"
        raise InvalidRequest([Fault("id", "command_id_conflict", words)])
    if not is_new:
        fields = {"command": record.id, "state": record.state.value}
        tell(_LOG, COMMAND_KNOWN, **fields, pubsub_message=message_id)
    return record


def _name(context: Context, message: CommandMessage, published_at: datetime | None) -> str:
    """Return the id of a command: its own, else one that follows from the message.

    The same words again are the same command as long as that is to be obeyed. Said later than
    that, as by who pauses a region once more, they are another one.
    """
    if message.command.id is not None or published_at is None:
        return message.id
    known = context.store.get_command(message.id)
    if known is None or known.published_at is None or published_at < known.expires_at:
        return message.id
    return f"{message.id}-{published_at:%Y%m%d}"


def _kept_until(context: Context, now: datetime, expires_at: datetime) -> datetime:
    """Return when a record may go: what comes later than that has expired, and does nothing."""
    return max(now + context.retention, expires_at + OBEYED_FOR)


def _do(context: Context, record: CommandRecord, command: Command) -> CommandRecord:
    """Do a command, unless it is late and has done nothing yet; return its record."""
    late = context.clock.now() >= record.expires_at
    try:
        if late and not is_marked(context.store, command, record.id):
            return _end(context, record, CommandState.EXPIRED)
        with about(command=record.id):
            changes = act(context, command, record.id)
    except InvalidRequest as error:
        return _end(context, record, CommandState.REFUSED, reasons=error.faults)
    except StoreError as error:
        if error.retry:
            raise
        fault = Fault("", error.error_class, str(error))
        return _end(context, record, CommandState.REFUSED, reasons=(fault,))
    return _end(context, record, CommandState.APPLIED, changes=changes)


def _end(
    context: Context,
    record: CommandRecord,
    state: CommandState,
    changes: list[str] | None = None,
    reasons: tuple[Fault, ...] = (),
) -> CommandRecord:
    """Store the end of a command with the event that tells of it; return it as it then stands."""
    now = context.clock.now()
    after = replace(
        record,
        state=state,
        changes=_bounded(changes or []),
        reasons=capped(reasons),
        ended_at=now,
        expire_at=_kept_until(context, now, record.expires_at),
    )
    events = [tell_of_command(teller_of(context), after)]
    try:
        stored = context.store.update_command(after, record.version, events)
    except Conflict:  # the same message came twice at once: its twin has ended it
        known = context.store.get_command(record.id)
        if known is None or not known.state.terminal:
            raise
        return known
    context.outbox.note(events)
    publish_committed(context)
    _tell(stored)
    return stored


def _bounded(changes: list[str]) -> tuple[str, ...]:
    kept = tuple(cut(line, _MAX_LINE) for line in changes[:MAX_CHANGES])
    rest = len(changes) - MAX_CHANGES
    return (*kept, f"and {rest} more") if rest > 0 else kept


def _tell(record: CommandRecord) -> None:
    fields = {
        "command": record.id,
        "kind": record.command,
        "target": f"{record.target_kind} {record.target_id}".strip(),
        "state": record.state.value,
        "by": record.by or None,
        "reasons": [str(reason) for reason in record.reasons] or None,
        "pubsub_message": record.message_id,
        "age_s": _age(record),
    }
    if record.state is CommandState.APPLIED:
        tell(_LOG, COMMAND_APPLIED, **fields)
    else:
        tell(_LOG, COMMAND_REFUSED, **fields)


def _age(record: CommandRecord) -> float | None:
    if record.published_at is None or record.ended_at is None:
        return None
    return round((record.ended_at - record.published_at).total_seconds(), 1)
