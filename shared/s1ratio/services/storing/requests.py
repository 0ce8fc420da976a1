"""Requests: a change of a request that is made on whatever it has become meanwhile."""

from collections.abc import Callable

from s1ratio.errors import Conflict
from s1ratio.records import RequestRecord
from s1ratio.services.context import Context, written

_ROUNDS = 5


def changed_request(
    context: Context, record: RequestRecord, change: Callable[[RequestRecord], RequestRecord]
) -> RequestRecord:
    """Store what `change` makes of a request, beginning anew where another writer came first.

    Return it as it then stands; what `change` leaves as it is, is not written. Raises Conflict
    if others keep writing it.
    """
    for _ in range(_ROUNDS):
        after = change(record)
        if after == record:
            return record
        try:
            return written(context, record, after)
        except Conflict:
            record = context.store.request(record.id) or record
    raise Conflict(f"request {record.id} is written by others again and again: try once more")
