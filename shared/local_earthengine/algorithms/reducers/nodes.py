"""The node of a reducer's output over a stack of tuples of bands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.errors import EarthEngineError
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.stack import Stack, union_kind
from local_earthengine.pixels.tuple_stack import PixelStack, TupleStack
from local_earthengine.values.image import Band
from local_earthengine.values.reducer import OfColumns, Output, Reducer


def stacked_node(bands: list[Band], output: Output) -> Node:
    """Return the node of an output of one input over bands that lie on one another."""
    return node_of(output, [[band.node] for band in bands])


def node_of(output: Output, rows: Sequence[Sequence[Node]]) -> Node:
    """Return the node of an output; `rows` are tuples of the reducer's inputs.

    Raise EarthEngineError for an output that is no pixel.

    An optional input must not be masked either: pixels have no nulls.
    """
    mine = [[row[place] for place in output.inputs] for row in rows]
    kind = output.kind(union_kind([node for row in mine for node in row]))
    if output.of_tuples is not None:
        return TupleStack(output.of_tuples, kind, mine, output.dimensions)
    if output.of_columns is not None and output.dimensions:
        return PixelStack(partial(_of_pixel, output.of_columns), kind, mine, output.dimensions)
    if len(output.inputs) == 1:
        return Stack(output.of_stack, kind, [node for row in mine for node in row])
    raise EarthEngineError(f"The reducer's output '{output.name}' can't be computed per pixel.")


def _of_pixel(of_columns: OfColumns, columns: Sequence[NDArray[Any]]) -> Any:
    return of_columns(columns, np.ones(len(columns[0])))


def check_inputs(reducer: Reducer, count: int, what: str) -> None:
    """Raise EarthEngineError unless the reducer takes one input, or as many as there are bands."""
    if reducer.inputs not in {1, count}:
        raise EarthEngineError(
            f"The reducer takes {reducer.inputs} inputs, but the {what} has {count} bands."
        )
