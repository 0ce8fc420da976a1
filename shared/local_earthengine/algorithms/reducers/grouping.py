"""A reducer at work on groups of its inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from local_earthengine.algorithms.reducers.combinations import values_of
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.pixeltype import DOUBLE
from local_earthengine.values.reducer import Column, Columns, Output, Reducer, Weights, needs_more


@algorithm("Reducer.group")
def group(reducer: Reducer, place: int, name: str) -> Reducer:
    """Return the reducer on the tuples that agree in one input.

    The output is `groups`, in the order of that input.

    A tuple whose group is null belongs to none. Where one of the reducer's outputs is weighted,
    its unweighted ones take the region's border pixels too.
    """
    count = reducer.inputs + 1
    if not 0 <= place < count:
        raise EarthEngineError(f"The group field {place} is none of the {count} inputs.")
    weighted = any(output.weighted for output in reducer.outputs)

    def of_columns(columns: Columns, weights: Weights) -> list[dict[str, Any]]:
        """Return a dictionary for each group, in order."""
        # The group comes first, as the one input that must not be null.
        keys, rest = _keys(columns[0]), columns[1:]
        members: dict[Any, list[int]] = {}
        for row, key in enumerate(keys):
            members.setdefault(key, []).append(row)
        found = []
        for key in sorted(members, key=lambda key: (isinstance(key, str), key)):
            rows = np.array(members[key])
            mine = [_rows(column, rows) for column in rest]
            found.append({name: key, **values_of(reducer, mine, weights[rows])})
        return found

    others = tuple(i for i in range(count) if i != place)
    output = Output(
        "groups", needs_more("groups", 1), lambda _: DOUBLE, inputs=(place, *others),
        of_columns=of_columns, weighted=weighted, required=1,
    )  # fmt: skip
    return Reducer((output,), count)


def _keys(column: Column) -> list[Any]:
    values = column.tolist() if isinstance(column, np.ndarray) else list(column)
    return [
        value if isinstance(value, (int, float, str)) else str(to_json(value)) for value in values
    ]


def _rows(column: Column, rows: Any) -> Any:
    return column[rows] if isinstance(column, np.ndarray) else [column[row] for row in rows]
