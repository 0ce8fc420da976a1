"""The store's identity as a document: made at first use, and anew where a copy is used.

A copy can't be told from what was moved. So both get a new identity, which harms neither: a task
keeps the one that its operation carries, and is followed by it.
"""

import logging
from contextlib import suppress
from datetime import datetime

from typing_extensions import override

from s1ratio.adapters.store.base import Documents, compare_and_set, record_in
from s1ratio.adapters.store.codec import Codec
from s1ratio.adapters.store.queries import IDENTITY
from s1ratio.errors import Conflict, StoreUnavailable
from s1ratio.logevents import TROUBLE, tell
from s1ratio.ports import IdentifiedStore
from s1ratio.records import StoreIdentity

_LOG = logging.getLogger(__name__)
_IDENTITY = Codec(StoreIdentity)
_NAME = "store"
_MAX_ROUNDS = 5


class IdentityDocument(Documents, IdentifiedStore):
    """The part of a Store that says which it is; see there."""

    @override
    def identify(self, fresh: str, now: datetime) -> str:
        home = self._database.home
        for _ in range(_MAX_ROUNDS):  # several processes may find it without one at once
            known = self._identity()
            if known is not None and _is_at(known, home.place, home.marks):
                return known.id
            own = StoreIdentity(fresh, now, home.place, home.marks)
            expected = known.version if known else None
            write = compare_and_set(_IDENTITY, IDENTITY, _NAME, own, expected)
            with suppress(Conflict):
                self._database.commit([write])
                _tell_moved(known, own)
                return own.id
        raise StoreUnavailable("others change the store's identity all the time")

    def _identity(self) -> StoreIdentity | None:
        return record_in(_IDENTITY, IDENTITY, _NAME, self._database.get(IDENTITY, [_NAME]))


def _is_at(known: StoreIdentity, place: str, marks: tuple[str, ...]) -> bool:
    return known.place == place and not set(known.marks).isdisjoint(marks)


def _tell_moved(known: StoreIdentity | None, own: StoreIdentity) -> None:
    if known is None:
        return
    what = (
        f"the store was copied or moved from {known.place} to {own.place}: it was {known.id}, and "
        f"is {own.id} here. What runs is followed on; if the other one is still in use, give one "
        "of the two another S1RATIO_DEPLOYMENT"
    )
    tell(_LOG, TROUBLE, what=what)
