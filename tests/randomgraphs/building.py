"""What random graphs are made of: images with the bands they have, leaves, and a list of steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import ee
from hypothesis import strategies as st

from tests.randomgraphs.world import PROPERTIES
from tests.unit.local_earthengine.world import NAME

Draw = Callable[[st.SearchStrategy[Any]], Any]

NUMBERS: Final = st.sampled_from([-3, -1, 0, 1, 2, 5, 7, 0.5, -0.25, 1.75, 100])


@dataclass(frozen=True)
class Built:
    """An image of the client and what it is known to hold."""

    image: Any
    bands: tuple[str, ...]

    def one(self, draw: Draw) -> Built:
        """One of its bands."""
        name = draw(st.sampled_from(self.bands))
        return Built(self.image.select([name]), (name,))


Step = Callable[[Draw, int], Built]
_STEPS: Final[list[Step]] = []


def step(weight: int = 1) -> Callable[[Step], Step]:
    """Adds a way to make an image of others; the more weight, the more often it is taken."""

    def register(make: Step) -> Step:
        _STEPS.extend([make] * weight)
        return make

    return register


def _scene(draw: Draw) -> Built:
    number = draw(st.sampled_from(range(len(PROPERTIES))))
    names = "ac" if number == 5 else "abcde"
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    return Built(ee.Image(f"{NAME}/S{number}").select(chosen), tuple(chosen))


def _constant(draw: Draw) -> Built:
    form = draw(st.sampled_from(["number", "list", "dictionary", "property"]))
    if form == "list":
        numbers = draw(st.lists(NUMBERS, min_size=2, max_size=3))
        return Built(ee.Image(numbers), ("constant", "constant_1", "constant_2")[: len(numbers)])
    if form == "dictionary":
        image = ee.Dictionary({"z": draw(NUMBERS), "a": draw(NUMBERS)}).toImage()
        return Built(image, ("a", "z"))
    if form == "property":
        number = ee.Number(ee.Image(f"{NAME}/S2").set("n", draw(NUMBERS)).get("n")).add(2)
        return Built(ee.Image.constant(number), ("constant",))
    return Built(ee.Image(draw(NUMBERS)), ("constant",))


def image(draw: Draw, depth: int) -> Built:
    """An image of at most so many steps."""
    if depth <= 0:
        leaf = _scene if draw(st.integers(0, 3)) else _constant
        return leaf(draw)
    taken: Step = draw(st.sampled_from(_STEPS))
    return taken(draw, depth - 1)


def fitting(draw: Draw, one: Built, depth: int) -> Built:
    """An image that may stand beside another: a single band, or as many."""
    other = image(draw, depth)
    return other if len(other.bands) == len(one.bands) else other.one(draw)
