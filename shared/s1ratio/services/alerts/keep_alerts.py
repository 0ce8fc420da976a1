"""Keep the alerts of a message, each once: what is known is read before anything is written.

Most of what a feed sends was sent before: that costs one read each, and no write.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from s1ratio.alerts.items import BrokenItem, Item
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.recording import first_record, seen_again
from s1ratio.alerts.records import AlertRecord, AlertState
from s1ratio.errors import Conflict, RecordRefused
from s1ratio.ports import AlertStore

_MAX_ROUNDS = 8


def keep_alerts(
    store: AlertStore, found: tuple[Item | BrokenItem, ...], message: str, now: datetime
) -> list[tuple[str, str]]:
    """Keep alerts; return of each its record's id, and `new`, `revised`, `known` or `broken`."""
    fresh = [first_record(one, message, now) for one in found]
    known = store.get_alerts(dict.fromkeys(record.id for record in fresh))
    fates = []
    for one, record in zip(found, fresh, strict=True):
        fate = _keep(store, one, record, known, now)
        fates.append((record.id, "broken" if isinstance(one, BrokenItem) else fate))
    return fates


def _keep(
    store: AlertStore,
    found: Item | BrokenItem,
    fresh: AlertRecord,
    known: Mapping[str, AlertRecord],
    now: datetime,
) -> str:
    """Keep one alert, `fresh` if it is new; `known` is as it was read before, if it was."""
    before = known.get(fresh.id)
    for _ in range(_MAX_ROUNDS):
        if before is None:
            try:
                before, is_new = store.create_alert(fresh)
            except RecordRefused as error:
                fresh = _refused(fresh, error)
                continue
            if is_new:
                return "new"
        after = seen_again(before, found, fresh.message, now)
        if after is None:
            return "known"
        try:
            store.update_alert(after, before.version)
        except Conflict:
            before = None  # another came first: read as it is now
            continue
        except RecordRefused:
            return "known"
        return "revised" if after.item != before.item else "known"
    raise Conflict(f"alert {fresh.id} is written by others again and again: try once more")


def _refused(fresh: AlertRecord, error: RecordRefused) -> AlertRecord:
    """Return an alert that no store takes as it is: it is kept as broken."""
    broken = replace(fresh, item=None, due_at=None, state=AlertState.BROKEN)
    return replace(broken, reason=Reason.TOO_LARGE, words=str(error)[:300])
