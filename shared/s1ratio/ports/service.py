"""A service that is asked what became of requests, over HTTP or in this process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from s1ratio.errors import S1RatioError, ServiceError, UnknownRecord
from s1ratio.faults import Fault

_NOT_READY = "/result-not-ready"
Query = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Told:
    """What a call was answered with: JSON, and where the next page begins, None on the last."""

    body: dict[str, Any]
    cursor: str | None = None


class Service(Protocol):
    """Whoever tells what became of requests, by paths such as those of `/jobs`."""

    name: str

    def ask(self, *parts: str, query: Query = (), method: str = "GET") -> Told:
        """Return the answer of a path of these parts.

        Raises UnknownRecord for what is not there, ServiceUnavailable where it may be tried later,
        ServiceError for any other refusal.
        """

    def close(self) -> None:
        """Let go of its connections, if there are any."""


def cursor_in(links: Sequence[Mapping[str, str]]) -> str | None:
    """Return where the next page begins, by links, None if there is none."""
    for one in links:
        if one.get("rel") == "next":
            found = parse_qs(urlsplit(one.get("href", "")).query).get("cursor")
            return found[0] if found else None
    return None


def error_of(problem: Mapping[str, Any]) -> S1RatioError:
    """Return what a problem of RFC 9457 means: that something is not known, or was refused."""
    words = str(problem.get("detail") or problem.get("title") or "refused")[:1_000]
    is_unknown = problem.get("status") == 404 and not str(problem.get("type")).endswith(_NOT_READY)
    return UnknownRecord([Fault("", "unknown", words)]) if is_unknown else ServiceError(words)
