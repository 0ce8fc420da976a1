"""Connected pixels of equal value, and distances: arrays (height, width) with their margins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse
from scipy.sparse import csgraph

Mask = NDArray[np.bool_]
Offsets = Sequence[tuple[int, int]]

# Half of the neighbours: the others see the same pairs from the other side.
FOUR: Offsets = ((0, 1), (1, 0))
EIGHT: Offsets = ((0, 1), (1, 0), (1, 1), (1, -1))


def labels(values: NDArray[Any], valid: Mask, offsets: Offsets) -> NDArray[np.int64]:
    """Number the patches of valid pixels of one value that offsets (row, column) connect.

    It is the place of the patch's first pixel, counted row by row; -1 where masked.
    """
    height, width = values.shape
    places = np.arange(height * width).reshape(values.shape)
    pairs = [_pairs(values, valid, places, offset) for offset in offsets]
    first, second = (np.concatenate(part) for part in zip(*pairs, strict=True))
    links = sparse.coo_matrix(
        (np.ones(len(first), np.int8), (first, second)), shape=(places.size, places.size)
    )
    _, group = csgraph.connected_components(links, directed=False)
    _, start = np.unique(group, return_index=True)
    return np.where(valid, start[group].reshape(values.shape), -1)


def _pairs(
    values: NDArray[Any], valid: Mask, places: NDArray[np.int64], offset: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of equal valid pixels that lie an offset apart."""
    down, right = offset
    height, width = values.shape
    rows = slice(max(0, -down), height - max(0, down)), slice(max(0, down), height + min(0, down))
    cols = slice(max(0, -right), width - max(0, right)), slice(max(0, right), width + min(0, right))
    one, other = (rows[0], cols[0]), (rows[1], cols[1])
    same = valid[one] & valid[other] & (values[one] == values[other])
    return places[one][same], places[other][same]


def sizes(label: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many pixels the patch of each pixel has; 0 where masked."""
    counts = np.bincount(label[label >= 0], minlength=label.size)
    return np.where(label >= 0, counts[np.maximum(label, 0)], 0)


def distance(marked: Mask, metric: str) -> NDArray[np.float64]:
    """Return that to the nearest marked pixel: squared Euclidean, Manhattan or Chebyshev.

    Where there is none it is infinite.
    """
    if not marked.any():
        return np.full(marked.shape, np.inf)
    if metric == "squared_euclidean":
        _, (rows, cols) = ndimage.distance_transform_edt(~marked, return_indices=True)
        own = np.indices(marked.shape)
        return np.asarray((rows - own[0]) ** 2 + (cols - own[1]) ** 2, np.float64)
    corners = metric == "chebyshev"
    steps = ndimage.generate_binary_structure(2, 2 if corners else 1)
    found = ndimage.distance_transform_cdt(~marked, metric=steps)
    return np.asarray(found, np.float64)
