"""Collections: elements that are made when somebody asks for them, and only once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.scenes.catalog import Bounds
from local_earthengine.values.element import Element
from local_earthengine.values.image import Image

Source = Callable[[], Iterable[Element]]
Change = Callable[[Element], Element | None]
Order = Callable[[list[Element]], Sequence[Element]]


@dataclass(frozen=True)
class Hints:
    """What a catalogue may use to look at fewer scenes: bounds in degrees, times in millis."""

    bounds: Bounds | None = None
    start: int | None = None
    end: int | None = None

    def narrowed(self, other: Hints) -> Hints:
        """Return what both allow; where two bounds are known, one of them will do."""
        starts = [value for value in (self.start, other.start) if value is not None]
        ends = [value for value in (self.end, other.end) if value is not None]
        return Hints(
            self.bounds or other.bounds, max(starts, default=None), min(ends, default=None)
        )


NOTHING: Final = Hints()


@dataclass(frozen=True)
class Reading:
    """Elements; `narrowed` if a catalogue gave those alone that filters after a map allow."""

    elements: Iterable[Element]
    narrowed: bool = False


class Lazy:
    """An iterable that keeps what it gave: its source runs once, and no further than asked.

    A source that failed fails again for whoever asks later: it never looks like one that ended.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._iterator: Iterator[Element] | None = None
        self._known: list[Element] = []
        self._fault: EarthEngineError | None = None

    def __iter__(self) -> Iterator[Element]:
        index = 0
        while True:
            if index == len(self._known):
                found = self._next()
                if found is None:
                    return
                self._known.append(found)
            yield self._known[index]
            index += 1

    def _next(self) -> Element | None:
        if self._fault is not None:
            raise self._fault
        try:
            if self._iterator is None:
                self._iterator = iter(self._source())
            return next(self._iterator, None)
        except EarthEngineError as fault:
            self._fault = fault
            raise


@dataclass(frozen=True, eq=False)
class Collection(Element):
    """Elements in order; `of_images` says what an empty one is a collection of."""

    elements: Iterable[Element] = ()
    of_images: bool = False

    def __iter__(self) -> Iterator[Element]:
        return iter(self.elements)

    def first(self) -> Element | None:
        """Return the first element; None if there is none."""
        return next(iter(self), None)

    def derived(self, source: Source) -> Collection:
        """Return the same collection, properties kept, with other elements."""
        return Collection(self.properties, Lazy(source), self.of_images)

    def read(self, sure: Hints, likely: Hints) -> Reading:
        """Return the elements; hints are of use to what a catalogue has not read yet."""
        del sure, likely
        return Reading(self)

    def filtered(self, told: Hints, keep: Callable[[Element], bool]) -> Collection:
        """Return the elements that `keep` takes; `told` is what that says of each of them."""
        del told
        return self.derived(lambda: filter(keep, self))

    def mapped(self, change: Change) -> Collection:
        """Return what `change` makes of each element, without the nulls."""
        return self.derived(lambda: _not_null(map(change, self)))

    def ordered(self, order: Order) -> Collection:
        """Return the elements in another order."""
        return self.derived(lambda: order(list(self)))

    def head(self, count: int) -> Collection:
        """Return at most `count` elements from the start."""
        return self.derived(lambda: islice(iter(self), count))

    @property
    def images(self) -> list[Image]:
        """The elements, if they are images; what isn't is left out."""
        return [element for element in self if isinstance(element, Image)]


def _not_null(elements: Iterable[Element | None]) -> Iterator[Element]:
    return (element for element in elements if element is not None)
