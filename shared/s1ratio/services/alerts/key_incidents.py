"""Key: incidents that an earlier version stored get the keys that they are found by, once."""

from contextlib import suppress
from datetime import UTC, datetime

from s1ratio.errors import Conflict
from s1ratio.services.alerts.tick_state import Tick
from s1ratio.services.storing.paging import fetch_pages
from s1ratio.time_marks import TimeMark

_AT_ONCE = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def key_incidents(tick: Tick) -> bool:
    """Store live incidents that have no keys anew; tell whether all have them now."""
    store = tick.context.store
    if store.get_time_mark(TimeMark.INCIDENTS_KEYED) is not None:
        return True
    pages = fetch_pages(
        lambda most, since: store.find_later_incidents(since or _EPOCH, most),
        lambda incident: incident.due_at,
        size=_AT_ONCE,
    )
    for page in pages:
        for incident in page:
            if not incident.found_by:
                with suppress(Conflict):  # who wrote it gave it its keys
                    store.save_incident(incident, incident.version)
        if not tick.has_time():
            return False
    store.set_time_mark(TimeMark.INCIDENTS_KEYED, tick.context.clock.now())
    return True
