"""The one table of stretches: what each band shows, in which unit, from which colour to which.

A band has the same colours on every picture and in every style, whatever is in the file: two
pictures side by side can be compared. Values below or above a stretch have its end colours.
"""

from dataclasses import dataclass
from typing import Final

from s1ratio.pictures.palettes import BACKSCATTER, COUNT, RATIO, SPREAD, Palette
from s1ratio.request.fields import Product, Statistic


@dataclass(frozen=True)
class Scale:
    """How the values of one band are shown.

    `quantity` and `statistic` are words, `unit` is `dB`, `passes`, or `1` for what has none. `low`
    and `high`, in that unit, have the first and the last colour of the palette.
    """

    quantity: str
    statistic: str
    unit: str
    low: float
    high: float
    palette: Palette

    @property
    def label(self) -> str:
        """What a legend says: `VV − VH, median [dB]`."""
        return f"{self.quantity}, {self.statistic} [{self.unit}]"

    @property
    def stretch(self) -> str:
        """From where to where, in words: `2 to 14 dB`."""
        unit = "" if self.unit == "1" else f" {self.unit}"
        return f"{self.low:g} to {self.high:g}{unit}"

    @property
    def ticks(self) -> tuple[float, ...]:
        """The numbers of a legend, low and high among them, in steps of one digit."""
        span = self.high - self.low
        parts = next((n for n in (4, 5, 3) if f"{span / n:.1g}" == f"{span / n:.6g}"), 4)
        return tuple(round(self.low + span * i / parts, 9) for i in range(parts + 1))

    @property
    def stops(self) -> tuple[tuple[float, str], ...]:
        """The colours, each with its value; colours between two stops are interpolated."""
        last = len(self.palette) - 1
        step = (self.high - self.low) / last
        return tuple(
            (round(self.low + step * i, 9), colour) for i, colour in enumerate(self.palette)
        )


@dataclass(frozen=True)
class _Shown:
    """How a product is shown: its values from `low` to `high`, their spread from 0 to `spread`."""

    quantity: str
    unit: str
    low: float
    high: float
    spread: float
    palette: Palette


# What land and water have at C band, with a little more at both ends. Backscatter in dB spans as
# much for both polarisations, so that equal steps of grey are equal steps of power.
_PRODUCTS: Final = {
    Product.VVVH_DB: _Shown("VV − VH", "dB", 2, 14, 4, RATIO),
    Product.VVVH_LINEAR: _Shown("VV / VH of power", "1", 0, 25, 12, RATIO),
    Product.VVDVH_NOTEBOOK: _Shown("VV in dB / VH in dB", "1", 0.2, 1.2, 0.4, RATIO),
    Product.VV_DB: _Shown("VV backscatter", "dB", -25, 0, 4, BACKSCATTER),
    Product.VH_DB: _Shown("VH backscatter", "dB", -32, -7, 4, BACKSCATTER),
    Product.VV_LINEAR: _Shown("VV backscatter, power", "1", 0, 0.4, 0.15, BACKSCATTER),
    Product.VH_LINEAR: _Shown("VH backscatter, power", "1", 0, 0.1, 0.04, BACKSCATTER),
}
_MANY_PASSES: Final = 30  # half a year of one satellite, a quarter of two
_WORDS: Final = {
    Statistic.MEDIAN: "median",
    Statistic.MEAN: "mean",
    Statistic.MIN: "minimum",
    Statistic.MAX: "maximum",
    Statistic.STD_DEV: "standard deviation",
    Statistic.COUNT: "count",
}


def _scale(product: Product, statistic: Statistic) -> Scale:
    of, words = _PRODUCTS[product], _WORDS[statistic]
    if statistic is Statistic.COUNT:
        return Scale(of.quantity, words, "passes", 0, _MANY_PASSES, COUNT)
    if statistic is Statistic.STD_DEV:
        return Scale(of.quantity, words, of.unit, 0, of.spread, SPREAD)
    return Scale(of.quantity, words, of.unit, of.low, of.high, of.palette)


SCALES: Final = {
    f"{product.band}_{statistic.value}": _scale(product, statistic)
    for product in Product
    for statistic in Statistic
}
"""The scale of every band there may be, by the band's name."""
