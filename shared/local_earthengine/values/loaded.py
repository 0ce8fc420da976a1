"""Collections of a catalogue: read when somebody asks, and no more of them than filters allow.

What filters say of an element's place and time is told to the catalogue. Filters that stand before
any map are told for sure. Those that stand after a map test its results: a catalogue that can't be
read without them is told those too, and then each map must keep what they test.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.scenes.catalog import Endless
from local_earthengine.values.collection import (
    NOTHING,
    Change,
    Collection,
    Hints,
    Lazy,
    Order,
    Reading,
)
from local_earthengine.values.element import ID, INDEX, Element

Read = Callable[[Hints, Hints], Reading]
Load = Callable[[Hints], Iterable[Element]]
TIME: Final = "system:time_start"
# A map is watched this long before and after what is asked for: one that moves scenes in time
# shows it there, even where it moves all of them out of the period or none is in it.
_AROUND_MS: Final = 12 * 86_400_000


@dataclass(frozen=True, eq=False)
class Loaded(Collection):
    """A catalogue's collection, not read yet: filters may still narrow what `reader` reads."""

    reader: Read = lambda _, __: Reading(())

    def read(self, sure: Hints, likely: Hints) -> Reading:
        """Return the elements that hints allow, and perhaps more.

        `sure` holds for each element that is needed, `likely` if maps keep place and time.
        """
        return self.reader(sure, likely)

    def filtered(self, told: Hints, keep: Callable[[Element], bool]) -> Loaded:
        """Return it with one more filter; its catalogue is told what that asks."""

        def read(sure: Hints, likely: Hints) -> Reading:
            """Return what passes of what the catalogue was told to give."""
            found = self.read(told.narrowed(sure), likely)
            return Reading(filter(keep, found.elements), found.narrowed)

        return over(self, read)

    def mapped(self, change: Change) -> Loaded:
        """Return what `change` makes of each element, once however often it is read."""
        known: dict[int, tuple[Element, Element | None]] = {}

        def made(element: Element) -> Element | None:
            """Return an element's result, made once."""
            if id(element) not in known:
                known[id(element)] = element, change(element)
            return known[id(element)][1]

        def read(sure: Hints, likely: Hints) -> Reading:
            """Return the results, watched if the catalogue had to be told what comes later."""
            asked = sure.narrowed(likely)
            found = self.read(NOTHING, _around(asked))
            told = asked if found.narrowed else NOTHING
            return Reading(_kept(found.elements, made, told), found.narrowed)

        return over(self, read)

    def ordered(self, order: Order) -> Loaded:
        """Return the elements in another order."""

        def read(sure: Hints, likely: Hints) -> Reading:
            """Return what was read, in order."""
            found = self.read(sure, likely)
            return Reading(order(list(found.elements)), found.narrowed)

        return over(self, read)


def over(collection: Collection, read: Read) -> Loaded:
    """Return a collection, properties kept, whose elements are read when first asked for."""
    source = Lazy(lambda: read(NOTHING, NOTHING).elements)
    return Loaded(collection.properties, source, collection.of_images, read)


def of_asset(asset_id: str, load: Load) -> Loaded:
    """Return the collection of a catalogue under its id; `load` raises Endless without hints."""

    def read(sure: Hints, likely: Hints) -> Reading:
        """Return what the catalogue has."""
        both = sure.narrowed(likely)
        try:
            return Reading(load(sure))
        except Endless:
            return Reading(_whole(load, both), narrowed=both != sure)

    return over(Collection({ID: asset_id}, of_images=True), read)


def _whole(load: Load, hints: Hints) -> Iterable[Element]:
    """Return what hints allow, of the whole archive where they tell no period."""
    try:
        return load(hints)
    except Endless as refusal:
        if refusal.archive is None:
            raise
        return load(hints.narrowed(_period(refusal.archive)))


def _period(archive: tuple[datetime, datetime]) -> Hints:
    first, last = (math.ceil(time.timestamp() * 1000) for time in archive)
    return Hints(None, first, last)


def _around(asked: Hints) -> Hints:
    start = None if asked.start is None else asked.start - _AROUND_MS
    end = None if asked.end is None else asked.end + _AROUND_MS
    return Hints(asked.bounds, start, end)


def _kept(elements: Iterable[Element], change: Change, asked: Hints) -> Iterator[Element]:
    """Yield what a map makes; raise EarthEngineError where that is not where, or when, it was."""
    for before in elements:
        try:
            after = change(before)
        except EarthEngineError:
            if _outside(before, asked):
                continue
            raise
        if after is None:
            continue
        if asked.bounds is not None and not _same_place(before, after):
            raise _moved(before, "footprint", "filterBounds")
        timed = asked.start is not None or asked.end is not None
        if timed and before.get(TIME) != after.get(TIME):
            raise _moved(before, TIME, "filterDate")
        yield after


def _outside(element: Element, asked: Hints) -> bool:
    """Tell whether a map was only watched at an element: nobody asked for its time."""
    time = element.get(TIME)
    if not isinstance(time, (int, float)):
        return False
    early = asked.start is not None and time < asked.start
    return early or (asked.end is not None and time >= asked.end)


def _same_place(before: Element, after: Element) -> bool:
    one, other = before.geometry, after.geometry
    if one is other:
        return True
    return one is not None and other is not None and bool(one.lonlat.equals(other.lonlat))


def _moved(element: Element, what: str, then: str) -> EarthEngineError:
    return EarthEngineError(
        f"Collection.map: the function changes the {what} of '{element.get(INDEX)}', and {then} "
        f"comes after it. The synthetic scenes are endless: put {then} before such a map."
    )
