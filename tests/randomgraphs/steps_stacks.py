"""Steps through collections: loaded or made, filtered, mapped, ordered, united, composed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import ee
from hypothesis import strategies as st

from tests.randomgraphs.building import Built, Draw, image, step
from tests.randomgraphs.steps_space import reducer
from tests.randomgraphs.world import PROPERTIES
from tests.unit.local_earthengine.world import NAME

_COMPOSITES: Final = ("mosaic", "median", "mean", "min", "max", "sum", "count", "mode", "product",
                      "And", "Or", "reduce", "reduce", "toBands", "first", "iterate")  # fmt: skip


@dataclass(frozen=True)
class Images:
    """A collection; the bands that all its images have, and `k` of each."""

    collection: Any
    bands: tuple[str, ...]
    numbers: tuple[int, ...]


def _loaded(draw: Draw) -> Images:
    numbers = tuple(int(each["k"]) for each in PROPERTIES)
    found = Images(ee.ImageCollection(NAME), ("a", "c"), numbers)
    if draw(st.booleans()):
        limit = draw(st.integers(0, 4))
        compare = draw(st.sampled_from(["gt", "lt", "eq"]))
        condition = getattr(ee.Filter, compare)("k", limit)
        kept = {"gt": [k for k in numbers if k > limit], "lt": [k for k in numbers if k < limit],
                "eq": [limit]}[compare]  # fmt: skip
        if draw(st.booleans()):
            kept, condition = [k for k in numbers if k not in kept], condition.Not()
        if kept:
            found = replace(
                found, numbers=tuple(kept), collection=found.collection.filter(condition)
            )
    return found


def _of_images(draw: Draw, depth: int) -> Images:
    """Images under one band's name, marked with `k`."""
    built = [image(draw, depth).one(draw) for _ in range(draw(st.integers(1, 3)))]
    images = [each.image.rename(["a"]).set("k", k) for k, each in enumerate(built)]
    return Images(ee.ImageCollection.fromImages(images), ("a",), tuple(range(len(images))))


def _mapped(draw: Draw, images: Images) -> Images:
    """A function of each image: of its own bands and of its property."""
    number = draw(st.sampled_from([-2, 1, 3]))
    forms = {
        "masked": lambda i: i.updateMask(i.select("a").gt(number)),
        "scaled": lambda i: i.multiply(ee.Number(i.get("k")).add(number)).set("k", i.get("k")),
        "filtered": lambda i: i.focal_mean(1, "square", "pixels"),
        "chosen": lambda i: ee.Algorithms.If(
            ee.Number(i.get("k")).multiply(number - 1), i, i.abs()
        ),
        "kept": lambda i: i.where(i.lt(number), -number),
    }
    function = forms[draw(st.sampled_from(sorted(forms)))]
    mapped = images.collection.map(lambda i: ee.Image(function(ee.Image(i))))
    return replace(images, collection=mapped)


def _ordered(draw: Draw, images: Images) -> Images:
    up = draw(st.booleans())
    numbers = sorted(images.numbers, reverse=not up)
    ordered = images.collection.sort("k", up)
    count = draw(st.integers(1, 4))
    if draw(st.booleans()):
        return Images(ordered.limit(count), images.bands, tuple(numbers[:count]))
    return Images(ordered, images.bands, tuple(numbers))


def _images(draw: Draw, depth: int) -> Images:
    found = _of_images(draw, depth - 1) if draw(st.booleans()) else _loaded(draw)
    if draw(st.booleans()):
        found = _mapped(draw, found)
    if draw(st.booleans()) and len(set(found.numbers)) == len(found.numbers):
        found = _ordered(draw, found)
    if draw(st.integers(0, 4)) == 0:
        other = _mapped(draw, _loaded(draw))
        shared = tuple(name for name in found.bands if name in other.bands)
        merged = found.collection.merge(other.collection)
        found = Images(merged, shared, found.numbers + other.numbers)
    return found


def _with_gaps_as_one(element: Any, total: Any) -> Any:
    return ee.Image(total).add(ee.Image(element).unmask(1, False))


@step(weight=3)
def composite(draw: Draw, depth: int) -> Built:
    """One image of a random collection."""
    images = _images(draw, depth)
    same = images.collection.select(list(images.bands))
    name = draw(st.sampled_from(_COMPOSITES))
    if name == "reduce":
        found, outputs = reducer(draw)
        names = tuple(f"{band}_{output}" for band in images.bands for output in outputs)
        return Built(same.reduce(found), names)
    if name == "iterate":
        total = same.select(["a"]).iterate(_with_gaps_as_one, ee.Image(0).rename("a"))
        return Built(ee.Image(total), ("a",))
    if name == "toBands":
        first = ee.ImageCollection(same.toList(1)).toBands()
        return Built(first.rename(list(images.bands)), images.bands)
    return Built(ee.Image(getattr(same, name)()), images.bands)
