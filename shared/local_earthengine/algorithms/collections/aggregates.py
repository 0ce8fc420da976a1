"""A property's values over a collection: listed, counted, summed up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np

from local_earthengine.algorithms.reducers.statistics import OUTPUTS
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.values import moments
from local_earthengine.values.collection import Collection
from local_earthengine.values.element import Element
from local_earthengine.values.reducer import Output, Reducer
from local_earthengine.values.reduction import reduced


def _known(collection: Iterable[Element], name: str) -> list[Any]:
    values = (element.get(name) for element in collection)
    return [value for value in values if value is not None]


def _numbers(collection: Iterable[Element], name: str) -> list[float]:
    return [value for value in _known(collection, name) if isinstance(value, (int, float))]


def _statistic(output: str) -> Callable[[Collection, str], Any]:
    reducer = OUTPUTS[output]

    def apply(collection: Collection, name: str) -> Any:
        """Return the statistic of a property; of none 0 if it counts or adds up, else null."""
        values = np.array(_numbers(collection, name))
        if not len(values):
            return 0 if output in {"count", "sum"} else None
        return reducer.of_stack(values, np.ones(len(values), np.bool_))[0].item()

    return apply


_STATISTICS: Final = {
    "mean": "mean",
    "sum": "sum",
    "product": "product",
    "min": "min",
    "max": "max",
    "total_sd": "stdDev",
    "total_var": "variance",
}
for _name, _output in _STATISTICS.items():
    add(f"AggregateFeatureCollection.{_name}", _statistic(_output))


@algorithm("AggregateFeatureCollection.array")
def values_of(collection: Collection, name: str) -> list[Any]:
    """Return a property's values, those that are there."""
    return _known(collection, name)


@algorithm("AggregateFeatureCollection.first")
def first_of(collection: Collection, name: str) -> Any:
    """Return a property of the first element."""
    element = collection.first()
    return None if element is None else element.get(name)


@algorithm("AggregateFeatureCollection.count")
def count_of(collection: Collection, name: str) -> int:
    """Return how many elements have the property."""
    return len(_known(collection, name))


@algorithm("AggregateFeatureCollection.count_distinct")
def count_distinct(collection: Collection, name: str) -> int:
    """Return how many values the property has."""
    return len(_histogram(collection, name))


@algorithm("AggregateFeatureCollection.histogram")
def histogram(collection: Collection, name: str) -> dict[str, int]:
    """Return how often each value occurs."""
    return _histogram(collection, name)


def _histogram(collection: Collection, name: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in _known(collection, name):
        counts[str(value)] = counts.get(str(value), 0) + 1
    return counts


_SAMPLES = {
    "sample_sd": Output("sd", OUTPUTS["stdDev"].of_stack, OUTPUTS["stdDev"].kind,
                        of_moments=moments.sample_deviation_of),
    "sample_var": Output("var", OUTPUTS["variance"].of_stack, OUTPUTS["variance"].kind,
                         of_moments=moments.sample_variance_of),
}  # fmt: skip


def _sampled(output: Output) -> Callable[[Collection, str], Any]:
    def apply(collection: Collection, name: str) -> Any:
        """Return the sample's statistic of a property."""
        return reduced(Reducer((output,)), [_numbers(collection, name)])[output.name]

    return apply


for _name, _sample in _SAMPLES.items():
    add(f"AggregateFeatureCollection.{_name}", _sampled(_sample))


@algorithm("AggregateFeatureCollection.stats")
def stats(collection: Collection, name: str) -> dict[str, Any]:
    """Return the usual statistics of a property's numbers, and how many there are, by name."""
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
