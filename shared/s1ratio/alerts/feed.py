"""Feeds: how one source of alerts is read, as data that anybody can write.

An expression sees what `unwrapping` gives, a document in the shape of a CloudEvent: `data` is the
payload, and `source`, `type`, `id`, `time`, `subject` and `attributes` are the message's own, null
where it has none. `items` finds the items in it; all other expressions see one item each.
"""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from s1ratio.alerts.expressions import check_expression
from s1ratio.alerts.places import read_place, united_place
from s1ratio.alerts.records import UNKNOWN
from s1ratio.errors import InvalidRequest
from s1ratio.request.words import faults_of

Expression = Annotated[
    str,
    AfterValidator(check_expression),
    Field(description="A JMESPath expression, of at most 1,000 characters."),
]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")]


class Strict(BaseModel):
    """A part of a definition: no field but those there are, and no value of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Many = BeforeValidator(_as_tuple)


class Match(Strict):
    """What a CloudEvent of this feed says of itself; `*` stands for anything."""

    source: str = "*"
    type: str = "*"

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.source.strip("*") and not self.type.strip("*"):
            raise ValueError("it matches every message: give a source or a type")
        return self


class TimeField(Strict):
    """When it happened."""

    form: Literal["iso", "epoch_ms", "rfc822", "date", "date_hhmm"]
    at: Expression


class PlaceField(Strict):
    """Where it happened: an expression, or for `static` the place itself."""

    form: Literal["geojson", "lonlat", "wkt", "cap_polygon", "cap_circle", "static"]
    at: Expression | None = None
    geometry: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _has_what_its_form_needs(self) -> Self:
        if (self.form == "static") != (self.geometry is not None):
            raise ValueError("`geometry` is what the form static needs, and no other takes")
        if (self.form == "static") == (self.at is not None):
            raise ValueError("`at` is what every form but static needs")
        if self.geometry is not None and united_place(read_place("static", self.geometry)) is None:
            raise ValueError("`geometry` is no place")
        return self


class SeverityField(Strict):
    """How bad it is, from 0 to 4: by words, or by how many of the `steps` a number reaches."""

    at: Expression
    words: dict[str, Annotated[int, Field(ge=0, le=4)]] = {}
    steps: Annotated[tuple[float, ...], Many, Field(max_length=4)] = ()
    otherwise: Annotated[int, Field(ge=0, le=4)] = 0


class StatusField(Strict):
    """What a message is: words that mean an alert, that cancel one; all others are neither."""

    at: Expression
    alert: Annotated[tuple[str, ...], Many] = ()
    cancel: Annotated[tuple[str, ...], Many] = ()
    otherwise: Literal["alert", "ignore"] = "ignore"


class NamesField(Strict):
    """Names of alerts: a list, or one text in which something stands between them."""

    at: Expression
    between: Literal["spaces", "commas"] | None = None


class Detail(Strict):
    """A second document that is fetched for each new or changed entry of the first."""

    entries: Expression
    key: Expression
    revision: Expression
    url: str = Field(pattern=r"^https?://[^{}\s]+\{key\}[^{}\s]*$")
    max_fetches: Annotated[int, Field(ge=1, le=100)] = 20


class Fetch(Strict):
    """Where a feed is fetched from. `{secret}` and `{since}` in the URL are filled in.

    `secret` names one of the deployment's keys; it is sent in the URL or, with `header`, in that
    header. `{since}` is the day (UTC) `since_days` before. `starts_with` is what a readable answer
    begins with, where errors come with status 200.
    """

    url: str = Field(pattern=r"^https?://[^\s]{1,500}$")
    every_min: Annotated[int, Field(ge=1, le=1440)] = 15
    quiet_min: Annotated[int, Field(ge=0, le=1440)] = 0
    since_days: Annotated[int, Field(ge=0, le=30)] = 1
    deadline_s: Annotated[float, Field(gt=0, le=120)] = 30.0
    max_bytes: Annotated[int, Field(ge=1, le=20_000_000)] = 8_000_000
    secret: Name | None = None
    header: str | None = Field(default=None, pattern=r"^[A-Za-z][A-Za-z-]{0,40}$")
    headers: dict[str, str] = {}
    starts_with: str | None = None
    detail: Detail | None = None
    silent_after_h: Annotated[float, Field(gt=0)] = 6.0


class Feed(Strict):
    """How one source of alerts is read; see the module.

    `id_with` adds the time or the place, as they were decoded, where a source has no ids of its
    own. `aliases` are other names of the same happening, `supersedes` the ids that an item replaces
    or cancels. `revision` orders what is told of one id: a number, a text or a list of them. A
    `footprint` is a place as it was mapped, not a warning's area or the middle of something. With
    `lowering: cancel` a severity below a rule's gate cancels.
    """

    name: Name
    note: str = ""
    match: Annotated[tuple[Match, ...], Many] = ()
    text: Literal["json", "csv", "xml"] = "json"
    items: Expression
    id: Expression
    id_with: Annotated[tuple[Literal["time", "place"], ...], Many] = ()
    aliases: Annotated[tuple[NamesField, ...], Many] = ()
    supersedes: NamesField | None = None
    status: StatusField | None = None
    revision: Expression | None = None
    time: TimeField
    place: Annotated[tuple[PlaceField, ...], Many, Field(min_length=1)]
    severity: SeverityField
    label: Expression | None = None
    magnitude: Expression | None = None
    footprint: bool = False
    lowering: Literal["annotate", "cancel"] = "annotate"
    fetch: Fetch | None = None

    @model_validator(mode="after")
    def _has_a_name_of_its_own(self) -> Self:
        if self.name == UNKNOWN:
            raise ValueError(f"{UNKNOWN!r} is what the messages are of that no feed reads")
        return self


def read_feed(document: Any) -> Feed:
    """Return the feed of a JSON document; raise InvalidRequest with every fault."""
    try:
        return Feed.model_validate(document)
    except ValidationError as error:
        raise InvalidRequest(faults_of(error, "s1ratio feeds schema")) from None


def find_feed(
    feeds: Iterable[Feed], attribute: str | None, source: str | None, kind: str | None
) -> Feed | None:
    """Return the feed of a message: the one its attribute names, else the first that matches.

    The order is that of names. One that names a feed nobody knows is of none.
    """
    known = {feed.name: feed for feed in feeds}
    if attribute is not None:
        return known.get(attribute)
    if source is None or kind is None:
        return None
    for _, feed in sorted(known.items()):
        if any(_matches(one, source, kind) for one in feed.match):
            return feed
    return None


def _matches(match: Match, source: str, kind: str) -> bool:
    return fnmatchcase(source, _literal(match.source)) and fnmatchcase(kind, _literal(match.type))


def _literal(pattern: str) -> str:
    """Return a pattern in which nothing but `*` is special."""
    return re.sub(r"[?\[]", lambda found: f"[{found[0]}]", pattern)
