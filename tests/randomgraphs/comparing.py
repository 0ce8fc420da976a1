"""One graph on one grid: what the server gives against what the interpreter says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_earthengine.geo.pixelgrid import PixelGrid
from tests.randomgraphs.interpreter.expression import Interpreter
from tests.randomgraphs.interpreter.images import Image, Lattice
from tests.randomgraphs.interpreter.numbers import Number, Unsure
from tests.unit.local_earthengine.world import Layer


@dataclass
class Tally:
    """How many pixels were compared, how many of them were masked, and how many were unsure."""

    valid: int = 0
    masked: int = 0
    unsure: int = 0

    @property
    def share_known(self) -> float:
        """Of all pixels, those that could be compared."""
        return 1 - self.unsure / max(1, self.valid + self.masked + self.unsure)


def interpreted(expression: Mapping[str, Any], catalogue: Mapping[str, Any]) -> Image:
    """The image of an expression as the interpreter has it."""
    return Interpreter(expression, catalogue).image()


def compare(found: Mapping[str, Layer], image: Image, grid: PixelGrid, tally: Tally) -> None:
    """AssertionError that names band and pixel where values or masks differ."""
    assert list(found) == list(image.bands)
    side, _, left, _, down, top = grid.transform
    lattice = Lattice(grid.crs, side, left, top, down)
    for name, band in image.bands.items():
        values, valid = found[name]
        whole = values.dtype.kind in "iub"
        assert whole == (band.kind.precision == "int"), f"{name} is {values.dtype}"
        for row in range(grid.height):
            for col in range(grid.width):
                pixel = band.at(lattice, col, row)
                where = f"band {name}, column {col}, row {row}"
                if isinstance(pixel, Unsure):
                    tally.unsure += 1
                elif pixel is None:
                    assert not valid[row, col], f"{where}: {values[row, col]} is not masked"
                    tally.masked += 1
                else:
                    assert valid[row, col], f"{where}: masked instead of {pixel.value}"
                    _same(values[row, col].item(), pixel, where)
                    tally.valid += 1


def _same(value: float, pixel: Number, where: str) -> None:
    if isinstance(value, int):
        assert value == pixel.value, f"{where}: {value} instead of {pixel.value}"
        return
    allowed = 2 * pixel.error + 1e-5 * abs(pixel.value) + 1e-30
    assert abs(value - pixel.value) <= allowed, f"{where}: {value!r} instead of {pixel}"
