"""From a document to the alerts in it, read as a feed says: one broken item is its own trouble."""

import json
import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from s1ratio.alerts.expressions import evaluate, evaluate_items
from s1ratio.alerts.feed import Feed, NamesField, SeverityField
from s1ratio.alerts.item import BrokenItem as BrokenItem  # noqa: PLC0414 - import these from here
from s1ratio.alerts.item import Item as Item  # noqa: PLC0414
from s1ratio.alerts.item import Status as Status  # noqa: PLC0414
from s1ratio.alerts.places import read_place, text_of, united_place
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.texts import read_csv, read_json, read_text
from s1ratio.alerts.times import read_time

MAX_ID = 300
MAX_NAMES = 50
MAX_RAW = 300_000  # bytes of an item's JSON: with its place it must fit into a document
# Feeds write these where they know no other name.
_NO_NAMES = frozenset({"", "0", "-", "None", "null"})


def read_items(feed: Feed, document: dict[str, Any]) -> list[Item | BrokenItem]:
    """Return the alerts in a document, broken ones among them, in its order.

    Raises ValueError, in words, if the document is not what the feed reads at all.
    """
    return [_read(feed, raw) for raw in evaluate_items(feed.items, _as_read(feed, document))]


def _as_read(feed: Feed, document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with its data as the feed reads text."""
    data = document["data"]
    if feed.text == "csv" and isinstance(data, str):
        return {**document, "data": {"rows": read_csv(data)}}
    if isinstance(data, str):
        value = read_json(data) if feed.text == "json" else read_text(data)
        return {**document, "data": value}
    return document


def _read(feed: Feed, raw: Any) -> Item | BrokenItem:
    reading = _Reading(feed, raw)
    try:
        return reading.read()
    except (ValueError, RecursionError) as error:
        words = str(error)[:500]
        return BrokenItem(feed.name, reading.id, reading.part, words, reading.text[:2_000])


class _Reading:
    """One item as it is read: how far that has come says what is wrong with a broken one."""

    def __init__(self, feed: Feed, raw: Any) -> None:
        self._feed, self._raw = feed, raw
        self.part, self.text = Reason.BROKEN_ITEM, ""
        self.id: str | None = None

    def read(self) -> Item:
        """Return the item; raise ValueError where `part` of it can't be read."""
        feed, raw = self._feed, self._raw
        self.text = json.dumps(raw, sort_keys=True, separators=(",", ":"), allow_nan=False)
        self.part = Reason.BROKEN_ID
        self.id = _id(evaluate(feed.id, raw))
        self.part = Reason.TOO_LARGE
        if len(self.text) > MAX_RAW:
            raise ValueError(f"{len(self.text)} bytes, at most {MAX_RAW} are kept")
        self.part = Reason.BROKEN_TIME
        time = read_time(feed.time.form, evaluate(feed.time.at, raw))
        self.part = Reason.BROKEN_PLACE
        place = _place(feed, raw)
        self.id = "/".join([self.id, *_decoded(feed, time, place)])
        self.part = Reason.BROKEN_ITEM
        supersedes = _names(feed.supersedes, raw) if feed.supersedes else ()
        aliases = tuple(dict.fromkeys(each for one in feed.aliases for each in _names(one, raw)))
        return Item(
            feed=feed.name,
            id=self.id,
            status=_status(feed, raw),
            time=time,
            place=place,
            severity=_severity(feed.severity, evaluate(feed.severity.at, raw)),
            label=_label(evaluate(feed.label, raw)) if feed.label else "",
            aliases=aliases[:MAX_NAMES],
            supersedes=tuple(each for each in supersedes if each != self.id)[:MAX_NAMES],
            revision=_revision(evaluate(feed.revision, raw)) if feed.revision else None,
            magnitude=_number(evaluate(feed.magnitude, raw)) if feed.magnitude else None,
            footprint=feed.footprint,
            raw=self.text,
        )


def _decoded(feed: Feed, time: datetime, place: str | None) -> list[str]:
    """Return what of an id is made after decoding: `7` and `0007` are one time."""
    parts = {"time": time.isoformat(timespec="seconds"), "place": place or ""}
    return [parts[name] for name in feed.id_with]


def _place(feed: Feed, raw: Any) -> str | None:
    parts = [
        part
        for one in feed.place
        for part in read_place(one.form, evaluate(one.at, raw) if one.at else one.geometry)
    ]
    place = united_place(parts)
    return None if place is None else text_of(place)


def _id(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("its id is no text and no whole number")  # noqa: TRY004
    text = str(value).strip()
    if not text or len(text) > MAX_ID:
        raise ValueError(f"its id has {len(text)} characters, 1 to {MAX_ID} can be kept")
    return text


def _status(feed: Feed, raw: Any) -> Status:
    if feed.status is None:
        return Status.ALERT
    word = str(evaluate(feed.status.at, raw))
    if word in feed.status.cancel:
        return Status.CANCEL
    return Status.ALERT if word in feed.status.alert else Status(feed.status.otherwise)


def _severity(field: SeverityField, value: Any) -> int:
    """Return 0 to 4: a word's, or how many steps a number reaches."""
    number = _number(value)
    if field.steps and number is not None:
        return sum(number >= step for step in field.steps)
    return field.words.get(str(value), field.otherwise)


def _number(value: Any) -> float | None:
    try:
        number = None if isinstance(value, bool) or value is None else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if number is not None and math.isfinite(number) else None


def _names(field: NamesField, raw: Any) -> tuple[str, ...]:
    found = evaluate(field.at, raw)
    if isinstance(found, str) and field.between:
        found = found.split() if field.between == "spaces" else found.split(",")
    several = found if isinstance(found, list) else [found]
    names = (str(each).strip()[:MAX_ID] for each in several if isinstance(each, str | int))
    return tuple(dict.fromkeys(name for name in names if name not in _NO_NAMES))


def _label(value: Any) -> str:
    return "" if value is None else str(value)[:100]


def _revision(value: Any) -> str | None:
    """Return the parts of a revision as JSON: numbers as they are, all else as text."""
    parts = value if isinstance(value, list) else [value]
    plain = [one if one is None or type(one) in (int, float) else str(one)[:100] for one in parts]
    return None if value is None else json.dumps(plain[:5])


def revision_key(revision: str | None) -> tuple[tuple[int, float, str], ...]:
    """Return what revisions are ordered by: null before numbers, these before text."""
    return tuple(_keys(revision))


def _keys(revision: str | None) -> Iterator[tuple[int, float, str]]:
    for part in json.loads(revision) if revision else ():
        number = None if isinstance(part, str) else _number(part)
        if number is not None:
            yield 1, number, ""
        else:
            yield (0, 0.0, "") if part is None else (2, 0.0, str(part))
