"""Events left in the store when what they tell of was deleted, or restored as it was before."""

from collections.abc import Sequence

from s1ratio.ports import Store
from s1ratio.records import Event, RequestRecord, RequestState
from tests.support.simulated.clock import BEGIN


def leave_events(store: Store, events: Sequence[Event]) -> None:
    """Leave events in a store, by the way of a request that was rejected long ago."""
    gone = RequestRecord("leftovers", "d" * 64, "{}", RequestState.REJECTED, BEGIN, BEGIN)
    record = store.create_request(gone)
    store.update_request(record, record.version, events)
