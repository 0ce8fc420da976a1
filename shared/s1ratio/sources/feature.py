"""One area as it was found, and the error of what can't be read."""

from dataclasses import dataclass
from typing import Any

from s1ratio.errors import InvalidRequest
from s1ratio.faults import Fault


def unreadable(where: str, words: str) -> InvalidRequest:
    """Return the error of an area that can't be read: what is wrong with it, and what to do."""
    return InvalidRequest([Fault(where, "source", words)])


@dataclass(frozen=True)
class SourceFeature:
    """One area: `where` it was found, in words, and its `aoi` as a message takes it."""

    where: str
    aoi: dict[str, Any]
