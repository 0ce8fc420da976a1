"""Which share of each pixel of a view the pixels of a finer lattice cover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from local_earthengine.geo.lattice import Lattice, View, Window
from local_earthengine.geo.projection import transformer

# Into so many parts a side a pixel is cut where the two lattices' axes don't agree.
_PARTS: Final = 8
_NEGLIGIBLE: Final = 1e-9

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Shares:
    """Pairs: `owner` is a pixel of the view, `source` one of the window, both counted by rows.

    `share` is how much of the owner the source covers, from 0 to 1.
    """

    owner: Places
    source: Places
    share: Numbers


def shares(view: View, lattice: Lattice, window: Window) -> Shares:
    """Return the pairs that meet: exact in one coordinate system, else by 64 points a pixel."""
    one, other = lattice.transform, view.lattice.transform
    straight = not (one[1] or one[3] or other[1] or other[3])
    if straight and lattice.crs == view.lattice.crs:
        return _exact(view, lattice, window)
    return _sampled(view, lattice, window)


def _exact(view: View, lattice: Lattice, window: Window) -> Shares:
    """Return the products of what the columns and the rows have in common."""
    to, of = view.window, window
    across = _common(view.lattice.transform[::2][:2], lattice.transform[::2][:2],
                     (to.col, to.width), (of.col, of.width))  # fmt: skip
    down = _common(view.lattice.transform[4:], lattice.transform[4:],
                   (to.row, to.height), (of.row, of.height))  # fmt: skip
    rows, cols = np.arange(len(down[0]))[:, None], np.arange(len(across[0]))[None]
    owner = down[0][rows] * to.width + across[0][cols]
    source = down[1][rows] * of.width + across[1][cols]
    return Shares(owner.ravel(), source.ravel(), (down[2][rows] * across[2][cols]).ravel())


def _common(
    target: tuple[float, ...], own: tuple[float, ...], to: tuple[int, int], of: tuple[int, int]
) -> tuple[Places, Places, Numbers]:
    """Return along one axis (owner, source, share); lattices are (scale, origin)."""
    edges = (own[0] * (of[0] + np.arange(of[1] + 1)) + own[1] - target[1]) / target[0] - to[0]
    low, high = np.minimum(edges[:-1], edges[1:]), np.maximum(edges[:-1], edges[1:])
    found = []
    for step in range(2):  # a source is no larger than an owner, so that it meets two at most
        owner = np.floor(low + _NEGLIGIBLE).astype(np.int64) + step
        share = np.minimum(high, owner + 1) - np.maximum(low, owner)
        kept = (share > _NEGLIGIBLE) & (owner >= 0) & (owner < to[1])
        found.append((owner[kept], np.flatnonzero(kept), share[kept]))
    owners, sources, parts = (np.concatenate(column) for column in zip(*found, strict=True))
    return owners, sources, parts


def _sampled(view: View, lattice: Lattice, window: Window) -> Shares:
    """Return how many of a pixel's points lie in each owner, by the points of the owner."""
    steps = (np.arange(_PARTS) + 0.5) / _PARTS
    cols = (window.col + np.arange(window.width)[:, None] + steps).ravel()
    rows = (window.row + np.arange(window.height)[:, None] + steps).ravel()[:, None]
    a, b, x0, d, e, y0 = lattice.transform
    xs, ys = a * cols + b * rows + x0, d * cols + e * rows + y0
    if lattice.crs != view.lattice.crs:
        xs, ys = transformer(lattice.crs, view.lattice.crs).transform(xs, ys)
    a, b, x0, d, e, y0 = view.lattice.transform
    det = a * e - b * d
    col = np.floor((e * (xs - x0) - b * (ys - y0)) / det - view.window.col)
    row = np.floor((a * (ys - y0) - d * (xs - x0)) / det - view.window.row)
    inside = (col >= 0) & (row >= 0) & (col < view.window.width) & (row < view.window.height)
    owner = (row[inside] * view.window.width + col[inside]).astype(np.int64)
    at_row, at_col = (index // _PARTS for index in np.nonzero(inside))
    source = at_row * window.width + at_col
    size = window.width * window.height
    pairs, counts = np.unique(owner * size + source, return_counts=True)
    owners, sources = np.divmod(pairs, size)
    whole = np.bincount(owners, counts, view.window.width * view.window.height)
    return Shares(owners, sources, counts / whole[owners])
