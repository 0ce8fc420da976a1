"""Collections as tables: columns reduced, made, exchanged; geometries united; images combined."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from local_earthengine.algorithms.image_bands import add_bands
from local_earthengine.algorithms.image_math import cast
from local_earthengine.algorithms.reducers import OUTPUTS
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.geojson import gathered
from local_earthengine.pixels.noise import of_text
from local_earthengine.values import moments
from local_earthengine.values.collection import Collection
from local_earthengine.values.element import INDEX, Element, Feature
from local_earthengine.values.image import Image
from local_earthengine.values.reducer import Output, Reducer
from local_earthengine.values.reduction import reduced


@algorithm("Collection.reduceColumns")
def reduce_columns(
    collection: Collection, reducer: Reducer, selectors: list[str], weights: list[str] | None
) -> dict[str, Any]:
    """The outputs' values over properties, one for each input; a single column of weights."""
    if len(selectors) != reducer.inputs:
        raise EarthEngineError(
            f"The reducer takes {reducer.inputs} inputs, but {len(selectors)} selectors were given."
        )
    elements = list(collection)
    columns: list[list[Any]] = [[e.get(name) for e in elements] for name in selectors]
    if not weights:
        return reduced(reducer, columns)
    if len(weights) != 1:
        raise EarthEngineError("Only a single weight selector is supported here.")
    given = [element.get(weights[0]) for element in elements]
    if not all(isinstance(weight, (int, float)) or weight is None for weight in given):
        raise EarthEngineError("The weights must be numbers.")
    return reduced(reducer, columns, np.array([weight or 0.0 for weight in given], np.float64))


def _numbers(collection: Collection, name: str) -> list[float]:
    found = (element.get(name) for element in collection)
    return [value for value in found if isinstance(value, (int, float))]


_SAMPLES = {
    "sample_sd": Output("sd", OUTPUTS["stdDev"].of_stack, OUTPUTS["stdDev"].kind,
                        of_moments=moments.sample_deviation_of),
    "sample_var": Output("var", OUTPUTS["variance"].of_stack, OUTPUTS["variance"].kind,
                         of_moments=moments.sample_variance_of),
}  # fmt: skip


def _sampled(output: Output) -> Callable[[Collection, str], Any]:
    def apply(collection: Collection, name: str) -> Any:
        return reduced(Reducer((output,)), [_numbers(collection, name)])[output.name]

    return apply


for _name, _output in _SAMPLES.items():
    add(f"AggregateFeatureCollection.{_name}", _sampled(_output))


@algorithm("AggregateFeatureCollection.stats")
def stats(collection: Collection, name: str) -> dict[str, Any]:
    """The usual statistics of a property's numbers, and how many there are, by name."""
    values = _numbers(collection, name)
    plain = Reducer(tuple(OUTPUTS[n] for n in ("max", "mean", "min", "sum", "stdDev", "variance")))
    found = reduced(plain, [values])
    samples = {n: reduced(Reducer((o,)), [values])[o.name] for n, o in _SAMPLES.items()}
    return {
        "max": found["max"], "mean": found["mean"], "min": found["min"], **samples,
        "sum": found["sum"], "sum_sq": float(np.square(values).sum()), "total_count": len(values),
        "total_sd": found["stdDev"], "total_var": found["variance"], "valid_count": len(values),
        "weight_sum": len(values), "weighted_sum": found["sum"],
    }  # fmt: skip


@algorithm("Collection.randomColumn")
def random_column(
    collection: Collection, column: str, seed: int, distribution: str, keys: list[str]
) -> Collection:
    """A number that the seed and some properties decide; not the same as Earth Engine's."""
    if distribution not in {"uniform", "normal"}:
        raise EarthEngineError(
            f"The distribution must be 'uniform' or 'normal', not '{distribution}'."
        )

    def source() -> Iterator[Element]:
        for element in collection:
            key = repr(to_json([element.get(name) for name in keys]))
            number = of_text(key, seed, distribution == "normal")
            yield element.with_properties({column: number})

    return collection.derived(source)


@algorithm("Collection.remap")
def remap(collection: Collection, old: list[Any], new: list[int], column: str) -> Collection:
    """A property's values from one list to another; elements with other values are dropped."""
    if len(old) != len(new):
        raise EarthEngineError("Both lists must be of one length.")

    def source() -> Iterator[Element]:
        for element in collection:
            value = element.get(column)
            if value is not None and value in old:
                yield element.with_properties({column: new[old.index(value)]})

    return collection.derived(source)


@algorithm("Collection.union")
def union(collection: Collection, margin: float | None) -> Collection:
    """A single feature, `union_result`, of all geometries united."""
    del margin
    shapes = [e.geometry for e in collection if e.geometry is not None]
    return Collection(elements=[Feature({INDEX: "union_result"}, gathered(shapes))])


@algorithm("ImageCollection.combine")
def combine(primary: Collection, secondary: Collection, overwrite: bool) -> Collection:
    """The images with the bands of those of the same index added; others are left out."""

    def source() -> Iterator[Element]:
        others = {image.get(INDEX): image for image in secondary.images}
        for image in primary.images:
            other = others.get(image.get(INDEX))
            if other is not None:
                yield add_bands(image, other, None, overwrite)

    return primary.derived(source)


@algorithm("ImageCollection.cast")
def cast_all(collection: Collection, types: dict[str, Any], order: list[str]) -> Collection:
    """Every image's bands as these types, in this order."""

    def source() -> Iterator[Element]:
        for image in collection:
            if not isinstance(image, Image):
                raise EarthEngineError("The elements must be images.")
            yield cast(image, types, order)

    return replace(collection.derived(source), of_images=True)
