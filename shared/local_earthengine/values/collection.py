"""Collections: elements that are made when somebody asks for them, and only once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from local_earthengine.scenes.catalog import Bounds
from local_earthengine.values.element import ID, Element
from local_earthengine.values.image import Image

Source = Callable[[], Iterable[Element]]


class Lazy:
    """An iterable that keeps what it gave: its source runs once, and no further than asked."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._iterator: Iterator[Element] | None = None
        self._known: list[Element] = []

    def __iter__(self) -> Iterator[Element]:
        index = 0
        while True:
            if index == len(self._known):
                if self._iterator is None:
                    self._iterator = iter(self._source())
                found = next(self._iterator, None)
                if found is None:
                    return
                self._known.append(found)
            yield self._known[index]
            index += 1


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

    def head(self, count: int) -> Collection:
        """Return at most `count` elements from the start."""
        return self.derived(lambda: islice(iter(self), count))

    @property
    def images(self) -> list[Image]:
        """The elements, if they are images; what isn't is left out."""
        return [element for element in self if isinstance(element, Image)]


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


@dataclass(frozen=True, eq=False)
class Loaded(Collection):
    """A catalogue's collection, not read yet: filters may still narrow it."""

    load: Callable[[Hints], Iterable[Element]] = field(default=lambda _: ())
    hints: Hints = field(default_factory=Hints)
    keep: Callable[[Element], bool] = field(default=lambda _: True)

    def filtered(self, hints: Hints, keep: Callable[[Element], bool]) -> Loaded:
        """Return it with one more filter and what it tells the catalogue."""
        before = self.keep
        return loaded(
            replace(
                self,
                hints=self.hints.narrowed(hints),
                keep=lambda element: before(element) and keep(element),
            )
        )


def loaded(collection: Loaded) -> Loaded:
    """Return the collection with elements that are read from its catalogue when first asked."""

    def source() -> Iterable[Element]:
        return filter(collection.keep, collection.load(collection.hints))

    return replace(collection, elements=Lazy(source))


def of_asset(asset_id: str, load: Callable[[Hints], Iterable[Element]]) -> Loaded:
    """Return the collection of a catalogue under its id."""
    return loaded(Loaded({ID: asset_id}, of_images=True, load=load))
