"""One area as it was found, and the error of what can't be read."""

from dataclasses import dataclass
from typing import Any

from s1ratio.errors import InvalidRequest
from s1ratio.faults import Fault


class UnreadableSource(InvalidRequest):
    """An area can't be read: one line that says what, where, and what to do."""

    def __init__(self, where: str, words: str) -> None:
        super().__init__([Fault(where, "source", words)])


@dataclass(frozen=True)
class SourceFeature:
    """One area: `where` it was found, in words, and its `aoi` as a message takes it."""

    where: str
    aoi: dict[str, Any]
