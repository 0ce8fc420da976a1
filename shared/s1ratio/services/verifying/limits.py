"""What the values of a band may be: its product's range, and what its statistic makes of it."""

from dataclasses import dataclass

from s1ratio.request import CompositeRequest, Product, Statistic
from s1ratio.request.fields import VALID_RANGES
from s1ratio.request.moments import count_days

# Where a product has no valid range: what no radar has ever returned. The darkest that Earth
# Engine's collections hold is near -60 dB, the brightest near 40; dB / dB has a pole.
_DB = (-200.0, 100.0)
_POWER = (0.0, 1e10)
PHYSICAL: dict[Product, tuple[float, float]] = {
    Product.VVVH_DB: (-300.0, 300.0),
    Product.VVVH_LINEAR: (0.0, 1e20),
    Product.VVDVH_NOTEBOOK: (-1e12, 1e12),
    Product.VV_DB: _DB,
    Product.VH_DB: _DB,
    Product.VV_LINEAR: _POWER,
    Product.VH_LINEAR: _POWER,
}
_ROUNDING = 1e-6  # of a bound: a float32 close to it may lie on it
_COUNTED_TWICE = 2  # slices of one pass, where they overlap


@dataclass(frozen=True)
class BandLimits:
    """What a band is, and the least and the greatest value that it may have."""

    name: str
    product: Product
    statistic: Statistic
    low: float
    high: float

    @property
    def is_count(self) -> bool:
        """Whether it counts passes: whole numbers, 0 where there is none."""
        return self.statistic is Statistic.COUNT

    @property
    def is_level(self) -> bool:
        """Whether it has the product's own values, which are alike nowhere: no spread, no count."""
        return not self.is_count and self.statistic is not Statistic.STD_DEV


def limits_of(request: CompositeRequest) -> tuple[BandLimits, ...]:
    """Return the limits of a request's bands, in their order."""
    pairs = [(p, s) for p in request.products for s in request.statistics]
    return tuple(
        BandLimits(name, product, statistic, *_bounds(request, product, statistic))
        for name, (product, statistic) in zip(request.bands, pairs, strict=True)
    )


def may_mask(request: CompositeRequest, product: Product) -> bool:
    """Tell whether a request's own valid range of a product may mask what is usual of it."""
    if request.valid_range is None or request.valid_range.get(product) is None:
        return False
    low, high = request.valid_range[product] or PHYSICAL[product]
    usual_low, usual_high = VALID_RANGES.get(product) or PHYSICAL[product]
    return low > usual_low or high < usual_high


def _bounds(
    request: CompositeRequest, product: Product, statistic: Statistic
) -> tuple[float, float]:
    low, high = request.range_of(product) or PHYSICAL[product]
    if statistic is Statistic.COUNT:
        days = count_days(request.start, request.end)
        return 0.0, float(_COUNTED_TWICE * days * len(request.platforms))
    if statistic is Statistic.STD_DEV:
        return 0.0, (high - low) / 2 * (1 + _ROUNDING)
    return low - _ROUNDING * abs(low), high + _ROUNDING * abs(high)
