"""The entropy of the values around a pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.pixels.numerics import windows


def of_neighbors(
    values: NDArray[Any], valid: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return the entropy in bits of the neighbours whose weight is not 0, and where there is any.

    Arrays have the kernel's margins, as those of `windows`.
    """
    parts = [_bits(*part) for part in windows.neighbors(values, valid, weights != 0)]
    return np.concatenate([part[0] for part in parts]), np.concatenate([p[1] for p in parts])


def _bits(stack: NDArray[Any], valid: NDArray[np.bool_]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return -sum(p log2 p) along the last axis, p by how often each value occurs."""
    number = valid.sum(axis=-1)
    order = np.argsort(stack, axis=-1, kind="stable")
    values = np.take_along_axis(stack, order, axis=-1)
    known = np.take_along_axis(valid, order, axis=-1)
    total, run = np.zeros(number.shape), np.zeros(number.shape)
    before, begun = values[..., 0], np.zeros(number.shape, np.bool_)
    for i in range(stack.shape[-1]):
        same = known[..., i] & begun & (values[..., i] == before)
        ends = known[..., i] & ~same
        total += np.where(ends, _term(run, number), 0)
        run = np.where(same, run + 1, np.where(ends, 1, run))
        before, begun = np.where(known[..., i], values[..., i], before), begun | known[..., i]
    return total + _term(run, number), number > 0


def _term(run: NDArray[Any], number: NDArray[Any]) -> NDArray[Any]:
    share = run / np.maximum(number, 1)
    return np.asarray(-share * np.log2(np.where(share > 0, share, 1)))
