"""The least and the greatest, of several inputs with their company.

Unsettled: the company is called `min1`, `min2`, ...
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from local_earthengine.algorithms.reducers.correlations import tuple_output
from local_earthengine.algorithms.reducers.statistics import OUTPUTS
from local_earthengine.expression.registry import add
from local_earthengine.pixels.numerics import tuples
from local_earthengine.values.reducer import Reducer, checked


def _extreme(name: str) -> Callable[[int], Reducer]:
    """Return the algorithm of outputs `min`, `min1`, `min2`, ...: the company of the first."""

    def make(count: int) -> Reducer:
        """Return the reducer of so many inputs."""
        if checked(count, "'numInputs'") == 1:
            return Reducer((OUTPUTS[name],))
        outputs = (
            tuple_output(
                f"{name}{place or ''}",
                partial(tuples.at_extreme, place=place, greatest=name == "max"),
                count,
                kind=lambda kind: kind,
            )
            for place in range(count)
        )
        return Reducer(tuple(outputs), count)

    return make


for _name in ("min", "max"):
    add(f"Reducer.{_name}", _extreme(_name))
