"""Earth Engine's algorithms by name, their arguments by name: a table of what is known here."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from tests.randomgraphs.interpreter import collections, formulas, masks, pointwise, spatial
from tests.randomgraphs.interpreter.collections import Collection
from tests.randomgraphs.interpreter.images import Image, Rectangle, constants, converted
from tests.randomgraphs.interpreter.numbers import KINDS
from tests.randomgraphs.interpreter.spatial import Kernel
from tests.randomgraphs.interpreter.statistics import REDUCERS, STATISTICS

Given = Mapping[str, Any]
Operation = Callable[[Given], Any]


def _image(value: Any) -> Image:
    return value if isinstance(value, Image) else constants(value)


def _binary(name: str) -> Operation:
    return lambda given: pointwise.binary(name, _image(given["image1"]), _image(given["image2"]))


def _unary(name: str) -> Operation:
    return lambda given: pointwise.unary(name, _image(given["value"]))


def _caster(name: str) -> Operation:
    kind = KINDS[name]
    return lambda given: _image(given["value"]).each(lambda band: converted(band, kind))


def _select(given: Given) -> Image:
    image: Image = given["input"]
    found = image.selected(given["bandSelectors"])
    names = given.get("newNames") or [name for name, _ in found]
    bands = {name: band for name, (_, band) in zip(names, found, strict=True)}
    return replace(image, bands=bands)


def _rename(given: Given) -> Image:
    image = _image(given["input"])
    return replace(image, bands=dict(zip(given["names"], image.bands.values(), strict=True)))


def _cat(given: Given) -> Image:
    first, *rest = map(_image, given["images"])
    for image in rest:
        first = collections.added(first, image, None, overwrite=False)
    return first


def _shape(name: str) -> Operation:
    return lambda given: spatial.shape(
        name, given["radius"], given.get("units", "pixels"), given.get("normalize", True),
        given.get("magnitude", 1.0),
    )  # fmt: skip


def _focal(name: str) -> Operation:
    def operation(given: Given) -> Image:
        radius, kind = given.get("radius", 1.5), given.get("kernelType", "circle")
        kernel: Kernel = given.get("kernel") or spatial.shape(
            kind, radius, given.get("units", "pixels")
        )
        return spatial.focal(_image(given["image"]), name, kernel, given.get("iterations", 1))

    return operation


def _reducer(name: str) -> Operation:
    return lambda _: REDUCERS[name]


def _combine(given: Given) -> tuple[str, ...]:
    return (*given["reducer1"], *given["reducer2"])


def _reduce_neighborhood(given: Given) -> Image:
    return spatial.reduce_neighborhood(
        given["image"], given["reducer"], given["kernel"], given.get("inputWeight", "kernel"),
        given.get("skipMasked", True),
    )  # fmt: skip


def _reproject(given: Given) -> Image:
    lattice = spatial.lattice_of(given["crs"], given.get("crsTransform"), given.get("scale"))
    return spatial.reproject(_image(given["image"]), lattice)


def _rectangle(given: Given) -> Rectangle:
    return Rectangle(given.get("crs", "EPSG:4326"), *given["coordinates"])


def _compared(test: Callable[[Any, Any], bool]) -> Operation:
    def operation(given: Given) -> Callable[[Image], bool]:
        field, value = given["leftField"], given["rightValue"]

        def passes(image: Image) -> bool:
            own = image.properties.get(field)
            return own is not None and test(own, value)

        return passes

    return operation


def _iterate(given: Given) -> Any:
    state = given.get("first")
    for image in given["collection"].images:
        state = given["function"](image, state)
    return state


def _shortcut(name: str) -> Operation:
    return lambda given: collections.composite(given["collection"], [name], suffix=False)


def _filter(given: Given) -> Collection:
    keep = given["filter"]
    return Collection(tuple(image for image in given["collection"].images if keep(image)))


def _set(given: Given) -> Image:
    image: Image = given["object"]
    return replace(image, properties={**image.properties, given["key"]: given["value"]})


def _dictionary(given: Given) -> Image:
    """Sorted by name."""
    bands = {
        name: constants(value).bands["constant"] for name, value in given["dictionary"].items()
    }
    return Image(dict(sorted(bands.items())), places=())


OPERATIONS: Final[dict[str, Operation]] = {
    **{f"Image.{name}": _binary(name) for name in formulas.BINARY},
    **{f"Image.{name}": _unary(name) for name in formulas.UNARY},
    **{f"Image.to{name.title()}": _caster(name) for name in KINDS},
    **{f"Image.{name}": _caster(name) for name in KINDS},
    **{f"Kernel.{name}": _shape(name) for name in spatial.SHAPES},
    **{f"Image.focal_{name}": _focal(name) for name in STATISTICS},
    **{f"Image.focal{name.title()}": _focal(name) for name in STATISTICS},
    **{f"Reducer.{name}": _reducer(name) for name in REDUCERS},
    **{f"reduce.{name}": _shortcut(name) for name in STATISTICS},
    "reduce.and": _shortcut("all"),
    "reduce.or": _shortcut("any"),
    "Image.constant": lambda given: constants(given["value"]),
    "Image.cast": lambda g: pointwise.cast(g["image"], g["bandTypes"], g.get("bandOrder")),
    "Image.clamp": lambda g: pointwise.clamp(_image(g["input"]), g["low"], g["high"]),
    "Image.unitScale": lambda g: pointwise.unit_scale(_image(g["input"]), g["low"], g["high"]),
    "Image.normalizedDifference": lambda g: pointwise.normalized_difference(
        g["input"], g.get("bandNames")),
    "Image.where": lambda g: pointwise.where(
        _image(g["input"]), _image(g["test"]), _image(g["value"])),
    "Image.mask": lambda g: masks.mask(g["image"], _image(g["mask"]) if "mask" in g else None),
    "Image.updateMask": lambda g: masks.update(_image(g["image"]), _image(g["mask"])),
    "Image.selfMask": lambda g: masks.of_itself(_image(g["image"])),
    "Image.unmask": lambda g: masks.unmask(
        _image(g["input"]), _image(g["value"]) if "value" in g else None,
        g.get("sameFootprint", True)),
    "Image.clip": lambda g: masks.clip(_image(g["input"]), g["geometry"]),
    "GeometryConstructors.Rectangle": _rectangle,
    "Projection": lambda g: g["crs"],
    "Image.select": _select,
    "Image.rename": _rename,
    "Image.addBands": lambda g: collections.added(
        _image(g["dstImg"]), _image(g["srcImg"]), g.get("names"), g.get("overwrite", False)),
    "Image.cat": _cat,
    "Image.set": _set,
    "Element.set": _set,
    "Element.get": lambda g: g["object"].properties[g["property"]],
    "Image.reproject": _reproject,
    "Image.setDefaultProjection": lambda g: _image(g["image"]),
    "Image.reduceNeighborhood": _reduce_neighborhood,
    "Image.convolve": lambda g: spatial.convolve(_image(g["image"]), g["kernel"]),
    "Image.neighborhoodToBands": lambda g: spatial.neighborhood_to_bands(
        _image(g["image"]), g["kernel"]),
    "Image.reduce": lambda g: collections.over_bands(_image(g["image"]), g["reducer"]),
    "Kernel.gaussian": lambda g: spatial.gaussian(
        g["radius"], g.get("sigma", 1.0), g.get("normalize", True), g.get("magnitude", 1.0)),
    "Kernel.fixed": lambda g: spatial.fixed(g["weights"], g.get("x", -1), g.get("y", -1)),
    "Kernel.rotate": lambda g: spatial.rotated(g["kernel"], g["rotations"]),
    "Reducer.combine": _combine,
    "Filter.equals": _compared(operator.eq),
    "Filter.greaterThan": _compared(operator.gt),
    "Filter.lessThan": _compared(operator.lt),
    "Filter.eq": _compared(operator.eq),
    "Filter.gt": _compared(operator.gt),
    "Filter.lt": _compared(operator.lt),
    "Filter.not": lambda g: lambda image: not g["filter"](image),
    "Collection.filter": _filter,
    "Collection.map": lambda g: collections.mapped(g["collection"], g["baseAlgorithm"]),
    "Collection.limit": lambda g: collections.limited(
        g["collection"], g.get("limit"), g.get("key"), g.get("ascending", True)),
    "Collection.iterate": _iterate,
    "Collection.first": lambda g: g["collection"].images[0],
    "Collection.toList": lambda g: list(
        g["collection"].images[g.get("offset", 0) :][: g["count"]]),
    "List.get": lambda g: g["list"][g["index"]],
    "Number.add": lambda g: g["left"] + g["right"],
    "Number.multiply": lambda g: g["left"] * g["right"],
    "Dictionary.toImage": _dictionary,
    "ImageCollection.fromImages": lambda g: collections.indexed([_image(i) for i in g["images"]]),
    "ImageCollection.merge": lambda g: collections.merged(g["collection1"], g["collection2"]),
    "ImageCollection.mosaic": lambda g: collections.mosaic(g["collection"]),
    "ImageCollection.toBands": lambda g: collections.to_bands(g["collection"]),
    "ImageCollection.reduce": lambda g: collections.composite(
        g["collection"], g["reducer"], suffix=True),
}  # fmt: skip
