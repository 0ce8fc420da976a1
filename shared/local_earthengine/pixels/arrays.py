"""Array pixels: how they lie in memory, and functions of them that see one shape at a time.

A function of arrays takes batches: all pixels of one shape in an array (n, *shape), scalar pixels
as (n,). What differs between pixels, lengths and parameters, is sorted out here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.lattice import View
from local_earthengine.geo.pixeltype import PixelType
from local_earthengine.pixels.node import Node, Pixels, finite, masked

Batch = NDArray[Any]
Mask = NDArray[np.bool_]
# A function may also tell which of its results are none: they become masked pixels.
Function = Callable[..., Batch | tuple[Batch, Mask]]
# Places of pixels in the flattened window, their arrays, and which of them are none.
Part = tuple[NDArray[np.int64], Batch, Mask | None]


@dataclass(frozen=True)
class ArrayPixels(Pixels):
    """Pixels whose values have the shape (height, width, *longest).

    `lengths` (height, width, dimensions) tells how much of that is a pixel's own; None: all.
    """

    lengths: NDArray[np.int64] | None = None

    def part(self, where: tuple[slice, slice]) -> Self:
        """Return a window, without a copy."""
        lengths = None if self.lengths is None else self.lengths[where]
        return replace(super().part(where), lengths=lengths)

    def at(self, rows: NDArray[Any], cols: NDArray[Any], inside: Mask) -> Self:
        """Return pixels picked by row and column; masked where not `inside`."""
        lengths = None if self.lengths is None else self.lengths[rows, cols]
        return replace(super().at(rows, cols, inside), lengths=lengths)


def common_dimensions(nodes: Sequence[Node]) -> int:
    """Return the number of dimensions that all have; raise EarthEngineError if they differ."""
    found = {node.dimensions for node in nodes}
    if len(found) > 1:
        raise EarthEngineError(
            f"All bands must have pixels of the same number of dimensions, not of {sorted(found)}."
        )
    return found.pop() if found else 0


def widest_dimensions(nodes: Sequence[Node]) -> int:
    """Return that of the array bands among them, 0 without any.

    Raise EarthEngineError if they differ.
    """
    return common_dimensions([node for node in nodes if node.dimensions])


def broadcasting(formula: Callable[..., Batch]) -> Callable[..., Batch]:
    """Return an elementwise formula as a function of batches: scalars go with every element."""

    def function(*batches: Batch) -> Batch:
        """Return the formula of batches; raise EarthEngineError for arrays of unlike shapes."""
        shapes = {batch.shape[1:] for batch in batches if batch.ndim > 1}
        if len(shapes) > 1:
            shown = " and ".join(str(list(shape)) for shape in sorted(shapes))
            raise EarthEngineError(f"Arrays must have the same shape; they have {shown}.")
        places = (1,) * max(len(shape) for shape in (*shapes, ()))
        wide = [b if b.ndim > 1 else b.reshape(-1, *places) for b in batches]
        found = formula(*wide)
        return np.broadcast_to(found, (len(found), *shapes.pop())) if shapes else found

    return function


def batches(
    valid: Mask, inputs: Sequence[Pixels], parameters: Sequence[NDArray[np.int64]] = ()
) -> Iterator[tuple[NDArray[np.int64], list[Batch], list[int]]]:
    """Yield valid pixels in groups of one shape: places, a batch an input, parameters."""
    places = np.flatnonzero(valid)
    if not len(places):
        return
    ragged = [p.lengths for p in inputs if isinstance(p, ArrayPixels) and p.lengths is not None]
    sizes = [lengths.reshape(valid.size, -1)[places] for lengths in ragged]
    columns = [*sizes, *(np.asarray(p).reshape(-1, 1)[places] for p in parameters)]
    for group in _alike(columns, len(places)):
        where = places if group is None else places[group]
        first = np.unravel_index(where[0], valid.shape)
        settings = [int(np.asarray(parameter)[first]) for parameter in parameters]
        yield where, [_batch(part, where) for part in inputs], settings


def _alike(columns: Sequence[NDArray[np.int64]], count: int) -> Iterator[NDArray[Any] | None]:
    """Yield which rows of the columns are the same; a single None if all are."""
    table = np.concatenate(columns, axis=1) if columns else np.zeros((count, 0), np.int64)
    varied = table[:, (table != table[:1]).any(axis=0)]
    if not varied.shape[1]:
        yield None
        return
    _, group = np.unique(varied, axis=0, return_inverse=True)
    order = np.argsort(group.ravel(), kind="stable")
    yield from np.split(order, np.cumsum(np.bincount(group.ravel()))[:-1])


def _batch(part: Pixels, where: NDArray[np.int64]) -> Batch:
    """Return the arrays of pixels that have one shape."""
    height, width, *longest = part.values.shape
    flat: Batch = part.values.reshape(height * width, *longest)[where]
    if isinstance(part, ArrayPixels) and part.lengths is not None:
        shape = part.lengths.reshape(-1, part.lengths.shape[2])[where[0]]
        flat = flat[(slice(None), *(slice(0, int(length)) for length in shape))]
    return flat


def gathered(
    shape: tuple[int, int], kind: PixelType, dimensions: int, parts: Iterable[Part]
) -> Pixels:
    """Return pixels from groups of them; what no group holds is masked."""
    found = list(parts)
    if not found:
        return masked(shape, kind)
    sizes = [batch.shape[1:] for _, batch, _ in found]
    longest = tuple(max(size[axis] for size in sizes) for axis in range(dimensions))
    values = np.zeros((shape[0] * shape[1], *longest), kind.dtype)
    valid = np.zeros(shape[0] * shape[1], np.bool_)
    lengths = np.zeros((shape[0] * shape[1], dimensions), np.int64)
    for where, batch, some in found:
        own = tuple(slice(0, length) for length in batch.shape[1:])
        place: Any = (where, *own)
        values[place] = kind.convert(batch)
        valid[where] = True if some is None else some
        lengths[where] = batch.shape[1:]
    values, valid = values.reshape(*shape, *longest), valid.reshape(shape)
    if not dimensions:
        return finite(values, valid)
    differ = len(set(sizes)) > 1
    return ArrayPixels(values, valid, lengths=lengths.reshape(*shape, -1) if differ else None)


def applied(  # noqa: PLR0917 - what a node knows of itself and of a window
    function: Function,
    node: Node,
    view: View,
    inputs: Sequence[Pixels],
    parameters: Sequence[NDArray[np.int64]] = (),
    valid: Mask | None = None,
) -> Pixels:
    """Apply a node's function to all pixels at which every input is valid, and `valid` holds."""
    known = np.broadcast_to(np.True_, view.shape) if valid is None else valid
    for part in inputs:
        known = known & part.valid
    parts = (
        (where, *_result(function(*found, *settings)))
        for where, found, settings in batches(known, inputs, parameters)
    )
    with np.errstate(all="ignore"):
        return gathered(view.shape, node.kind, node.dimensions, parts)


def _result(found: Batch | tuple[Batch, Mask]) -> tuple[Batch, Mask | None]:
    return found if isinstance(found, tuple) else (found, None)


def overlaid(
    shape: tuple[int, int],
    kind: PixelType,
    dimensions: int,
    layers: Iterable[tuple[Pixels, Mask]],
) -> Pixels:
    """Return the first of the layers at each pixel that is there, array pixels as they are."""
    free = np.ones(shape, np.bool_)
    parts: list[Part] = []
    for layer, there in layers:
        if not layer.nothing:
            parts += [(where, batch, None) for where, (batch,), _ in batches(free & there, [layer])]
            free = free & ~there
    return gathered(shape, kind, dimensions, parts)
