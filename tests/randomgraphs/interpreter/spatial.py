"""What looks at other places: neighbourhoods, kernels, reprojection."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from tests.randomgraphs.interpreter.images import METRES_PER_DEGREE, Band, Image, Lattice
from tests.randomgraphs.interpreter.numbers import UNSURE, Number, Pixel, none_of, stored
from tests.randomgraphs.interpreter.statistics import STATISTICS, reduced

Weights = list[tuple[int, int, float]]


@dataclass(frozen=True)
class Kernel:
    """`on` gives (dx, dy, weight) of each neighbour for a pixel's side in metres, by rows."""

    on: Callable[[float], Weights]


SHAPES: Final[dict[str, Callable[[float, float, float], bool]]] = {
    "circle": lambda dx, dy, r: dx * dx + dy * dy <= r * r,
    "square": lambda dx, dy, r: max(abs(dx), abs(dy)) <= r,
    "diamond": lambda dx, dy, r: abs(dx) + abs(dy) <= r,
    "plus": lambda dx, dy, _: dx == 0 or dy == 0,
    "cross": lambda dx, dy, _: abs(dx) == abs(dy),
}


def shape(
    kind: str, radius: float, units: str, normalize: bool = False, magnitude: float = 1.0
) -> Kernel:
    """A flat kernel of a named shape."""

    def on(metres: float) -> Weights:
        reach = radius / (metres if units == "meters" else 1.0) + 1e-7
        span = range(-math.floor(reach), math.floor(reach) + 1)
        places = [(dx, dy) for dy in span for dx in span if SHAPES[kind](dx, dy, reach)]
        weight = magnitude / (len(places) if normalize else 1.0)
        return [(dx, dy, weight) for dx, dy in places]

    return Kernel(on)


def gaussian(radius: float, sigma: float, normalize: bool, magnitude: float) -> Kernel:
    """In pixels, of those that lie less than the radius away along both axes."""
    span = [n for n in range(-math.ceil(radius), math.ceil(radius) + 1) if abs(n) < radius or not n]
    raw = [(x, y, math.exp(-(x * x + y * y) / (2 * sigma**2))) for y in span for x in span]
    total = math.fsum(weight for *_, weight in raw) if normalize else 1.0
    return Kernel(lambda _: [(x, y, weight * magnitude / total) for x, y, weight in raw])


def fixed(rows: list[list[float]], x: int, y: int) -> Kernel:
    """Rows of weights around the focus (x, y); by default the middle."""
    col = len(rows[0]) // 2 if x == -1 else x
    row = len(rows) // 2 if y == -1 else y
    found = [
        (c - col, r - row, float(w)) for r, line in enumerate(rows) for c, w in enumerate(line)
    ]
    return Kernel(lambda _: found)


def rotated(kernel: Kernel, turns: int) -> Kernel:
    """By quarters of a turn, clockwise: what lay in the north lies in the east."""

    def on(metres: float) -> Weights:
        found = kernel.on(metres)
        for _ in range(turns % 4):
            found = [(-dy, dx, weight) for dx, dy, weight in found]
        return sorted(found, key=lambda each: (each[1], each[0]))

    return Kernel(on)


def _under(band: Band, kernel: Kernel, name: str, skip: bool) -> Band:
    kind = STATISTICS[name][1](band.kind)

    def at(lattice: Lattice, col: int, row: int) -> Pixel:
        around = kernel.on(lattice.metres)
        pixels = [band.at(lattice, col + dx, row + dy) for dx, dy, _ in around]
        found = reduced(name, pixels, [weight for *_, weight in around], kind)
        if not skip:
            return found
        out, what = none_of([band.at(lattice, col, row)])
        return what if out else found

    return Band(kind, at)


def focal(image: Image, name: str, kernel: Kernel, iterations: int) -> Image:
    """A filter that fills masked pixels from their neighbours."""
    for _ in range(iterations):
        image = image.each(lambda band: _under(band, kernel, name, skip=False))
    return image


def reduce_neighborhood(
    image: Image, outputs: Iterable[str], kernel: Kernel, weight: str, skip: bool
) -> Image:
    """Bands NAME_output; with "mask" every neighbour under the kernel weighs the same."""
    used = kernel if weight == "kernel" else Kernel(_ones(kernel))
    names = list(outputs)
    return replace(image, bands={
        f"{label}_{name}": _under(band, used, name, skip)
        for label, band in image.bands.items() for name in names
    })  # fmt: skip


def _ones(kernel: Kernel) -> Callable[[float], Weights]:
    return lambda metres: [(x, y, float(weight > 0)) for x, y, weight in kernel.on(metres)]


def convolve(image: Image, kernel: Kernel) -> Image:
    """The sum of neighbours, the kernel turned by half a turn; masked where the pixel is."""

    def change(band: Band) -> Band:
        kind = band.kind.floating

        def at(lattice: Lattice, col: int, row: int) -> Pixel:
            around = [(band.at(lattice, col - dx, row - dy), w)
                      for dx, dy, w in kernel.on(lattice.metres)]  # fmt: skip
            own = band.at(lattice, col, row)
            if own is None:
                return None
            if none_of([own, *(p for p, w in around if p is not None and w)])[0]:
                return UNSURE
            known = [(p, w) for p, w in around if isinstance(p, Number)]
            value = math.fsum(p.value * w for p, w in known)
            error = math.fsum((p.error + abs(p.value) * 1e-12) * abs(w) for p, w in known)
            return stored(value, error, kind)

        return Band(kind, at)

    return image.each(change)


def neighborhood_to_bands(image: Image, kernel: Kernel) -> Image:
    """A band NAME_dx_dy for each neighbour of a weight, by rows from the north."""

    def moved(band: Band, dx: int, dy: int) -> Band:
        return Band(band.kind, lambda lattice, col, row: band.at(lattice, col + dx, row + dy))

    return replace(image, bands={
        f"{name}_{dx}_{dy}": moved(band, dx, dy)
        for name, band in image.bands.items()
        for dx, dy, weight in kernel.on(1.0) if weight
    })  # fmt: skip


def lattice_of(crs: Any, transform: list[float] | None, scale: float | None) -> Lattice:
    """What `reproject` means by its arguments, for square pixels."""
    if transform is not None:
        side, _, left, _, down, top = map(float, transform)
        return Lattice(crs, side, left, top, down)
    side = float(scale or 1.0) / (METRES_PER_DEGREE if crs == "EPSG:4326" else 1.0)
    return Lattice(crs, side, 0.0, 0.0, side)


def reproject(image: Image, lattice: Lattice) -> Image:
    """Computed on a lattice of its own, nearest neighbour from there."""

    def change(band: Band) -> Band:
        def at(other: Lattice, col: int, row: int) -> Pixel:
            place = lattice.under(other, col, row)
            return UNSURE if place is None else band.at(lattice, *place)

        return Band(band.kind, at)

    return image.each(change)
