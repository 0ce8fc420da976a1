"""Collections as tables: columns reduced, made of random numbers, exchanged."""

from __future__ import annotations

from typing import Any

import numpy as np

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.registry import algorithm
from local_earthengine.pixels.noise import of_text
from local_earthengine.values.collection import Collection
from local_earthengine.values.element import Element
from local_earthengine.values.reducer import Reducer
from local_earthengine.values.reduction import reduced


@algorithm("Collection.reduceColumns")
def reduce_columns(
    collection: Collection, reducer: Reducer, selectors: list[str], weights: list[str] | None
) -> dict[str, Any]:
    """Return the outputs' values over properties, one for each input.

    There may be a single column of weights.
    """
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


@algorithm("Collection.randomColumn")
def random_column(
    collection: Collection, column: str, seed: int, distribution: str, keys: list[str]
) -> Collection:
    """Set a number that the seed and some properties decide; not the same as Earth Engine's."""
    if distribution not in {"uniform", "normal"}:
        raise EarthEngineError(
            f"The distribution must be 'uniform' or 'normal', not '{distribution}'."
        )

    def change(element: Element) -> Element:
        """Return the element with its number."""
        key = repr(to_json([element.get(name) for name in keys]))
        number = of_text(key, seed, distribution == "normal")
        return element.with_properties({column: number})

    return collection.mapped(change)


@algorithm("Collection.remap")
def remap(collection: Collection, old: list[Any], new: list[int], column: str) -> Collection:
    """Exchange a property's values by two lists; elements with other values are dropped."""
    if len(old) != len(new):
        raise EarthEngineError("Both lists must be of one length.")

    def change(element: Element) -> Element | None:
        """Return the element with its new value, or null."""
        value = element.get(column)
        if value is None or value not in old:
            return None
        return element.with_properties({column: new[old.index(value)]})

    return collection.mapped(change)
