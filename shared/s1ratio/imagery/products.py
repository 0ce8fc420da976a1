"""Products: a formula for each, and the range of values that counts."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import ee

from s1ratio.imagery.backscatter import Backscatter
from s1ratio.request import CompositeRequest, Product

Formula = Callable[[Backscatter], ee.Image]
# Each product with the values of it that count, strict on both sides; None for all.
Ranges = tuple[tuple[Product, tuple[float, float] | None], ...]


def _vv(image: ee.Image) -> ee.Image:
    return image.select("VV")


def _vh(image: ee.Image) -> ee.Image:
    return image.select("VH")


FORMULAS: Mapping[Product, Formula] = MappingProxyType(
    {
        Product.VVVH_DB: lambda s: _vv(s.db).subtract(_vh(s.db)),
        Product.VVVH_LINEAR: lambda s: _vv(s.power).divide(_vh(s.power)),
        Product.VVDVH_NOTEBOOK: lambda s: _vv(s.db).divide(_vh(s.db)),
        Product.VV_DB: lambda s: _vv(s.db),
        Product.VH_DB: lambda s: _vh(s.db),
        Product.VV_LINEAR: lambda s: _vv(s.power),
        Product.VH_LINEAR: lambda s: _vh(s.power),
    }
)


def of_pass(ranges: Ranges, signal: Backscatter) -> ee.Image:
    """Return products of one image, a band each, masked outside their valid ranges."""
    bands = [_valid(FORMULAS[product](signal), limits) for product, limits in ranges]
    return ee.Image.cat(*bands).rename([product.band for product, _ in ranges])


def ranges_of(request: CompositeRequest) -> Ranges:
    """Return a request's products, in order, with their valid ranges."""
    return tuple((product, request.range_of(product)) for product in request.products)


def _valid(image: ee.Image, limits: tuple[float, float] | None) -> ee.Image:
    if limits is None:
        return image
    low, high = limits
    return image.updateMask(image.gt(low).And(image.lt(high)))
