"""Sees what is published: one id has one message, of a record that is stored, and none has two."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from s1ratio.ports import Store
from s1ratio.records import RequestState
from tests.simulation.judging.region_history import RegionHistory
from tests.simulation.judging.watch_history import WatchHistory

# What of a message says nothing of its pixels.
_BESIDE = frozenset({"request_id", "priority", "labels"})


class Publications:
    """Keeps the bytes of each id, and the ids of each content."""

    def __init__(
        self, store: Store, complaints: list[str], regions: RegionHistory, watches: WatchHistory
    ) -> None:
        self._store, self._complaints = store, complaints
        self._regions, self._watches = regions, watches
        self._bytes: dict[str, bytes] = {}
        self._ids: defaultdict[str, list[str]] = defaultdict(list)
        self.handlers: Mapping[str, Callable[..., None]] = {"publish": self._published}

    def _published(self, who: str, data: bytes, attributes: Any, *, answer: Any) -> None:
        del attributes, answer
        message = json.loads(data)
        name = message["request_id"]
        known = self._bytes.setdefault(name, data)
        self._object(known != data, f"{who} published {name} with another content")
        stored = name in self._regions.refreshes or name in self._watches.asked
        self._object(not stored, f"{who} published {name}, of which nothing is stored")
        key = self._key_of(name, message)
        for other in self._ids[key]:
            twice = other != name and not self._has_failed(other)
            self._object(twice, f"{who} published {name}, which asks for what {other} does")
        if name not in self._ids[key]:
            self._ids[key].append(name)

    def _key_of(self, name: str, message: dict[str, Any]) -> str:
        """Return what makes a message another one: what it asks for, and for whom.

        One request a pass is made for regions that look for these, and one a revision.
        """
        refresh = self._regions.refreshes.get(name)
        of = (refresh.region_id, refresh.pass_name, refresh.revision) if refresh else ()
        incident = message.get("labels", {}).get("incident", "")
        asked = {field: value for field, value in message.items() if field not in _BESIDE}
        return json.dumps([of, incident, asked], sort_keys=True)

    def _has_failed(self, name: str) -> bool:
        """Tell whether a request ended and is not there: a baseline is then asked for anew."""
        record = self._store.get_request(name)
        return (
            name in self._watches.asked
            and record is not None
            and record.state.terminal
            and record.state is not RequestState.VERIFIED
        )

    def _object(self, broken: bool, words: str) -> None:
        if broken:
            self._complaints.append(words)
