"""One alert's or incident's unexpected error is its own: it is told and put off, others go on."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from s1ratio.alerts.incident import Incident, IncidentState
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.records import KEPT_AFTER_SEEN, AlertRecord, AlertState
from s1ratio.errors import Conflict, ObjectStoreUnavailable, StoreUnavailable
from s1ratio.logevents import UNEXPECTED, tell
from s1ratio.services.alerts.context import AlertContext
from s1ratio.services.storing.incidents import commit_incident
from s1ratio.services.waiting.backoff import pause
from s1ratio.services.waiting.isolation import MAX_UNEXPECTED, describe

_LOG = logging.getLogger(__name__)
# Not an item's own: the next item would meet the same.
EVERYBODYS = (StoreUnavailable, ObjectStoreUnavailable)


@contextmanager
def isolate(what: str, troubles: list[str], put_off: Callable[[str], object]) -> Iterator[None]:
    """Do what may go wrong on its own account; `put_off` is then called with the error in words.

    A Conflict is nobody's fault: another worker was faster, and the next tick sees what it did.
    """
    try:
        yield
    except EVERYBODYS:
        raise
    except Conflict:
        troubles.append(f"{what}: changed by another")
    except Exception as error:
        troubles.append(f"{what}: {error}")
        tell(_LOG, UNEXPECTED, error, what=what)
        _put_off(what, put_off, describe(error))


def _put_off(what: str, put_off: Callable[[str], object], words: str) -> None:
    """Put an item off; that this can't be done, either, is told, and the next tick tries again."""
    try:
        with suppress(Conflict):
            put_off(words)
    except EVERYBODYS:
        raise
    except Exception as error:
        tell(_LOG, UNEXPECTED, error, what=f"putting off {what}")


def put_off_alert(context: AlertContext, record: AlertRecord, words: str) -> None:
    """Put an alert off, longer each time; after ten times it is BROKEN."""
    tries, now = record.tries + 1, context.clock.now()
    after = replace(record, tries=tries, words=words, due_at=now + pause(tries, record.id))
    if tries >= MAX_UNEXPECTED:
        after = replace(after, state=AlertState.BROKEN, reason=Reason.UNEXPECTED, due_at=None)
    context.store.update_alert(after, record.version)


def put_off_incident(context: AlertContext, incident: Incident, words: str) -> None:
    """Put a live incident off, longer each time; after ten times it is CLOSED."""
    if incident.tries + 1 < MAX_UNEXPECTED:
        postpone_incident(context, incident, words)
        return
    now, closed = context.clock.now(), IncidentState.CLOSED
    after = replace(incident, tries=incident.tries + 1, words=words, wanted=False, due_at=now)
    after = replace(after, state=closed, reason=Reason.UNEXPECTED, ended_at=now)
    commit_incident(context, replace(after, expire_at=now + KEPT_AFTER_SEEN), incident.version)


def postpone_incident(context: AlertContext, incident: Incident, words: str) -> None:
    """Put an incident off, longer each time, however often; its state stays.

    It is wanted no more until it is due: else it would be looked at with every tick.
    """
    tries, now = incident.tries + 1, context.clock.now()
    later = now + pause(tries, incident.id)
    after = replace(incident, tries=tries, words=words, due_at=later, wanted=False)
    commit_incident(context, after, incident.version)
