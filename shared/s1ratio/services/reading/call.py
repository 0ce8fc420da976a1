"""A call, and what it is answered with: an answer, or a problem in the words of RFC 9457."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

JSON = "application/json"
Link = dict[str, str]


@dataclass(frozen=True)
class Call:
    """One call: the URL of the landing page, without its closing slash, and of what was called.

    `names` are the parts of the path, `query` the parameters that were given, both as read. `by`
    is who calls, if that is known.
    """

    base: str
    url: str
    names: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    raw: Sequence[tuple[str, str]] = ()
    by: str = ""

    def url_of(self, *parts: str, **query: str) -> str:
        """Return the URL of what lies at a path, whatever is in its parts."""
        path = "".join(f"/{quote(part, safe='')}" for part in parts)
        return f"{self.base}{path or '/'}{'?' if query else ''}{urlencode(query)}"

    def self_link(self) -> Link:
        """Return the link to what was called."""
        return link("self", self.url, "This document")

    def next_link(self, cursor: str) -> Link:
        """Return the link to the page that comes after this one."""
        others = [(name, value) for name, value in self.raw if name != "cursor"]
        address = self.url.partition("?")[0]
        return link("next", f"{address}?{urlencode([*others, ('cursor', cursor)])}", "Next page")


@dataclass(frozen=True)
class Answer:
    """What a call is answered with: data to be told as JSON, or a file's bytes.

    `links` go into the header. `max_age_s` is how long it may be taken for true without asking.
    """

    body: Any
    status: int = 200
    media: str = JSON
    links: tuple[Link, ...] = ()
    max_age_s: int = 0


@dataclass(frozen=True)
class Problem:
    """Why a call is not answered: `type` is a URI, `more` what programs may want to know."""

    status: int
    title: str
    detail: str = ""
    type: str = "about:blank"
    more: Mapping[str, Any] = field(default_factory=dict)
    retry_after_s: int | None = None

    @property
    def body(self) -> dict[str, Any]:
        """The problem as JSON."""
        told = {"type": self.type, "title": self.title, "status": self.status}
        return {**told, **({"detail": self.detail} if self.detail else {}), **self.more}


def link(rel: str, href: str, title: str, media: str = JSON) -> Link:
    """Return a link."""
    return {"rel": rel, "href": href, "type": media, "title": title}


def not_found(what: str, name: str, kind: str = "about:blank") -> Problem:
    """Return that there is nothing of this name."""
    return Problem(404, "Not found", f"no {what} {name} is known", kind)
