"""Functions of batches of arrays, (n, *shape) to (n, *shape): cut, joined, turned, sorted.

Axes are those of one array, from 0 on. What does not fit raises EarthEngineError.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.errors import EarthEngineError

Batch = NDArray[Any]
Mask = NDArray[np.bool_]

# What an array may hold; beyond it a request is a mistake, or an attack.
MAX_ELEMENTS = 2**24


def shape_of(batch: Batch) -> list[int]:
    """Return the lengths of the axes of each array."""
    return list(batch.shape[1:])


def check_axis(axis: int, dimensions: int) -> int:
    """Return `axis` itself; raise EarthEngineError unless it is one of so many."""
    if not 0 <= axis < dimensions:
        raise EarthEngineError(
            f"Axis {axis} is out of range for arrays of {dimensions} dimensions."
        )
    return axis


def check_size(elements: int) -> None:
    """Raise EarthEngineError for arrays too large to hold."""
    if elements > MAX_ELEMENTS:
        raise EarthEngineError(
            f"The array is too large: {elements} elements (max: {MAX_ELEMENTS})."
        )


def widened(batch: Batch, axis: int) -> Batch:
    """Return arrays with one more axis of length 1 if `axis` is the one after the last."""
    if axis == batch.ndim - 1:
        return batch[..., None]
    check_axis(axis, batch.ndim - 1)
    return batch


def cat(parts: Sequence[Batch], axis: int) -> Batch:
    """Join arrays in a row along an axis, which may be one behind their last."""
    if len({part.ndim for part in parts}) > 1:
        raise EarthEngineError("Arrays must have the same number of dimensions.")
    wide = [widened(part, axis) for part in parts]
    rests = {(*part.shape[1 : axis + 1], *part.shape[axis + 2 :]) for part in wide}
    if len(rests) > 1:
        raise EarthEngineError(
            f"Arrays must have the same length along all axes but axis {axis}; "
            f"their shapes are {[shape_of(part) for part in parts]}."
        )
    check_size(sum(part[0].size for part in wide if len(part)))
    return np.concatenate(wide, axis=axis + 1)


def cut(batch: Batch, axis: int, start: int | None, end: int | None, step: int) -> Batch:
    """Return the positions from `start` up to `end`, counted from the end where negative."""
    check_axis(axis, batch.ndim - 1)
    if step < 1:
        raise EarthEngineError(f"'step' must be positive, not {step}.")
    return batch[(slice(None),) * (axis + 1) + (slice(start, end, step),)]


def ordered(batch: Batch, keys: Batch | None = None) -> Batch:
    """Sort ascending along the one axis on which the keys vary; equal keys stay in order."""
    given = batch if keys is None else keys
    axes = [axis for axis, length in enumerate(shape_of(given)) if length > 1]
    if len(axes) > 1:
        raise EarthEngineError("Sort keys can only have multiple elements along one axis.")
    if given.ndim != batch.ndim:
        raise EarthEngineError("The keys must have as many dimensions as the array.")
    if not axes:
        return batch
    axis = axes[0] + 1
    if given.shape[axis] != batch.shape[axis]:
        raise EarthEngineError(
            f"There must be a key for each of the {batch.shape[axis]} positions along axis "
            f"{axes[0]}, not {given.shape[axis]}."
        )
    order = np.argsort(given, axis=axis, kind="stable")
    return np.take_along_axis(batch, order, axis=axis)


def repeated(batch: Batch, axis: int, copies: int) -> Batch:
    """Return so many copies in a row along an axis, which may be one behind the last."""
    if copies < 0:
        raise EarthEngineError(f"The number of copies must not be negative: {copies}.")
    wide = widened(batch, axis)
    check_size(copies * (wide[0].size if len(wide) else 0))
    return np.tile(wide, [copies if i == axis + 1 else 1 for i in range(wide.ndim)])


def reshaped(batch: Batch, *lengths: int) -> Batch:
    """Return the same elements, row by row, in another shape; one length may be -1."""
    size = int(np.prod(shape_of(batch), dtype=np.int64))
    known = int(np.prod([length for length in lengths if length != -1], dtype=np.int64))
    unknown = lengths.count(-1)
    # A length left open must follow from the others.
    fits = known == size if not unknown else known > 0 and size % known == 0
    if unknown > 1 or any(length < -1 for length in lengths) or not fits:
        raise EarthEngineError(
            f"Arrays of shape {shape_of(batch)} cannot be reshaped to {list(lengths)}."
        )
    full = [size // known if length == -1 else length for length in lengths]
    return batch.reshape(len(batch), *full)


def padded(batch: Batch, lengths: Sequence[int], value: float) -> Batch:
    """Return arrays at least so long along each axis, with `value` behind the end."""
    own = shape_of(batch)
    if len(lengths) != len(own):
        raise EarthEngineError(f"There must be {len(own)} lengths, not {len(lengths)}.")
    wanted = [max(length, have) for length, have in zip(lengths, own, strict=True)]
    check_size(int(np.prod(wanted, dtype=np.float64)))
    missing = [(0, want - have) for want, have in zip(wanted, own, strict=True)]
    kind = np.result_type(batch, np.asarray(value).dtype)
    return np.pad(batch.astype(kind), [(0, 0), *missing], constant_values=value)


def transposed(batch: Batch, one: int, other: int) -> Batch:
    """Swap two axes."""
    for axis in (one, other):
        check_axis(axis, batch.ndim - 1)
    return np.swapaxes(batch, one + 1, other + 1)


def projected(batch: Batch, axes: Sequence[int]) -> Batch:
    """Keep only these axes, in their order; all others must be of length 1."""
    own = shape_of(batch)
    for axis in axes:
        check_axis(axis, len(own))
    if not axes or len(set(axes)) != len(axes):
        raise EarthEngineError(f"The axes to retain must be given, each once: {list(axes)}.")
    dropped = [axis for axis in range(len(own)) if axis not in axes]
    long = [axis for axis in dropped if own[axis] != 1]
    if long:
        raise EarthEngineError(
            f"Cannot drop axis {long[0]}: its length is {own[long[0]]}, but must be 1."
        )
    turned = np.transpose(batch, [0, *(axis + 1 for axis in (*axes, *dropped))])
    return turned.reshape(len(batch), *(own[axis] for axis in axes))


def element(batch: Batch, *position: Any) -> Batch:
    """Return the element at a position, (n,): one place on each axis, for each array its own.

    A negative place counts from the end of its axis.
    """
    own = shape_of(batch)
    if len(position) != len(own):
        raise EarthEngineError(
            f"The position must have a coordinate for each of the {len(own)} dimensions; "
            f"it has {len(position)}."
        )
    places = [np.atleast_1d(np.asarray(place)).astype(np.int64) for place in position]
    for axis, (place, length) in enumerate(zip(places, own, strict=True)):
        outside = place[(place < -length) | (place >= length)]
        if len(outside):
            raise EarthEngineError(
                f"Position {outside[0]} is out of range along axis {axis} of length {length}."
            )
    found: Batch = batch[(np.arange(len(batch)), *places)]
    return found


def compressed(batch: Batch, mask: Batch) -> tuple[Batch, NDArray[np.int64], int]:
    """Move the positions at which the mask is not 0 to the front; tell how many, and the axis.

    The mask is as long as the array along one axis, and 1 along the others.
    """
    own, given = shape_of(batch), shape_of(mask)
    varied = [axis for axis, length in enumerate(given) if length != 1]
    if not own or len(own) != len(given) or len(varied) > 1:
        raise EarthEngineError(
            "The mask must have the array's dimensions, and multiple elements along one axis only."
        )
    axis = varied[0] if varied else next((i for i, n in enumerate(own) if n == 1), 0)
    if own[axis : axis + 1] != given[axis : axis + 1]:
        raise EarthEngineError(
            f"A mask of shape {given} does not fit an array of shape {own} along axis {axis}."
        )
    kept = mask != 0
    order = np.argsort(~kept, axis=axis + 1, kind="stable")
    number = kept.sum(axis=tuple(range(1, kept.ndim)))
    return np.take_along_axis(batch, order, axis=axis + 1), number, axis


def largest_at(batch: Batch) -> tuple[Batch, Mask]:
    """Return the position of the first greatest element, (n, dimensions).

    There is none in an empty array.
    """
    own = shape_of(batch)
    if not own or not np.prod(own):
        return np.zeros((len(batch), len(own)), np.int64), np.zeros(len(batch), np.bool_)
    flat = batch.reshape(len(batch), -1).argmax(axis=1)
    places = np.stack(np.unravel_index(flat, own), axis=-1)
    return places, np.ones(len(batch), np.bool_)


def inner(one: Batch, other: Batch) -> Batch:
    """Return the sum of products of vectors of one length, (n,)."""
    if one.ndim != 2 or other.ndim != 2 or one.shape[1] != other.shape[1]:
        raise EarthEngineError(
            f"Expected vectors of the same length, not arrays of shape {shape_of(one)} and "
            f"{shape_of(other)}."
        )
    found: Batch = np.einsum("ni,ni->n", one, other)
    return found


def bits(batch: Batch, length: int) -> Batch:
    """Return the lowest bits of integers as vectors, the lowest bit first."""
    places = np.arange(length, dtype=np.uint64)
    return (batch.astype(np.int64).astype(np.uint64)[:, None] >> places) & np.uint64(1)
