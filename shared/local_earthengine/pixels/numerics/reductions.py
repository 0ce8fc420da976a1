"""Reductions of batches of arrays along axes, (n, *shape) to (n, *shape)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.errors import EarthEngineError
from local_earthengine.pixels.numerics.arrays import check_axis, shape_of

Batch = NDArray[Any]
Mask = NDArray[np.bool_]
Statistic = Callable[[Batch, Mask], tuple[Batch, Mask]]


@dataclass(frozen=True)
class Field:
    """A statistic, and which of the reducer's inputs it takes.

    Of one it takes stacks (k, ...), `together` of any number (k, inputs, ...), and a mask
    (k, ...); it gives (...). `of_nothing` is its value where there is nothing to reduce.
    """

    statistic: Statistic
    places: tuple[int, ...] = (0,)
    together: bool = False
    of_nothing: float | None = None


def reduced(
    batch: Batch, fields: Sequence[Field], axes: Sequence[int], field: int | None, inputs: int = 1
) -> tuple[Batch, Mask]:
    """Reduce the axes to length 1; inputs and statistics, where several, lie along `field`.

    An array of which any statistic is none is none as a whole: arrays have no masks within.
    """
    for axis in axes:
        check_axis(axis, batch.ndim - 1)
    if not axes or len(set(axes)) != len(axes):
        raise EarthEngineError(f"The axes to reduce must be given, each once: {list(axes)}.")
    parts = [batch]
    if len(fields) > 1 or inputs > 1 or field is not None:
        parts = _inputs(batch, len(fields), inputs, axes, field)
    found = [_along(parts, each, axes) for each in fields]
    place = 1 if field is None else field + 1
    values = np.concatenate([values for values, _ in found], axis=place)
    some = np.concatenate([some for _, some in found], axis=place)
    return values, np.asarray(some.all(axis=tuple(range(1, some.ndim))))


def _inputs(
    batch: Batch, outputs: int, inputs: int, axes: Sequence[int], field: int | None
) -> list[Batch]:
    """Return a batch for each of the reducer's inputs, the field axis kept with length 1."""
    if field is None:
        raise EarthEngineError(
            f"A reducer with {inputs} inputs and {outputs} outputs needs a 'fieldAxis'."
        )
    shape = shape_of(batch)
    check_axis(field, len(shape))
    if field in axes or shape[field] != inputs:
        raise EarthEngineError(
            f"The 'fieldAxis' {field} must have length {inputs}, one for each input of the "
            "reducer, and must not be reduced."
        )
    return np.split(batch, inputs, axis=field + 1)


def _along(parts: Sequence[Batch], field: Field, axes: Sequence[int]) -> tuple[Batch, Mask]:
    """Return one statistic, the reduced axes kept with length 1."""
    stacks = [_stack(parts[place], axes) for place in field.places]
    valid = np.ones(stacks[0].shape, np.bool_)
    if not len(valid):  # nothing to reduce is as if all were masked
        stacks = [np.zeros((1, *stack.shape[1:]), stack.dtype) for stack in stacks]
        valid = np.zeros(stacks[0].shape, np.bool_)
    stack = np.stack(stacks, axis=1) if field.together else stacks[0]
    values, some = field.statistic(stack, valid)
    if field.of_nothing is not None and not valid.any():
        values, some = np.full_like(values, field.of_nothing), np.ones_like(some)
    kept = sorted(axis + 1 for axis in axes)
    return np.expand_dims(values, kept), np.expand_dims(some, kept)


def _stack(batch: Batch, axes: Sequence[int]) -> Batch:
    """Return what is reduced along the first axis, (k, n, ...)."""
    first = np.moveaxis(batch, [axis + 1 for axis in axes], range(len(axes)))
    size = int(np.prod(first.shape[: len(axes)]))
    return first.reshape(size, *first.shape[len(axes) :])


def accumulated(batch: Batch, statistic: Statistic, axis: int) -> tuple[Batch, Mask]:
    """Return at each position the statistic of all up to it."""
    check_axis(axis, batch.ndim - 1)
    stack = np.moveaxis(batch, axis + 1, 0)
    if not len(stack):
        return batch, np.ones(len(batch), np.bool_)
    valid = np.ones(stack.shape, np.bool_)
    found = [statistic(stack[: i + 1], valid[: i + 1]) for i in range(len(stack))]
    values = np.stack([values for values, _ in found], axis=axis + 1)
    some = np.stack([some for _, some in found], axis=axis + 1)
    return values, np.asarray(some.all(axis=tuple(range(1, some.ndim))))
