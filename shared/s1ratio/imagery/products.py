"""Products: a formula for each, and the range of values that counts."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import ee

from s1ratio.imagery.backscatter import Backscatter
from s1ratio.request import CompositeRequest, Product

Formula = Callable[[Backscatter], ee.Image]


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


def of_pass(request: CompositeRequest, signal: Backscatter) -> ee.Image:
    """Return a request's products of one image, a band each, masked outside its valid range."""
    bands = [_valid(FORMULAS[p](signal), request.range_of(p)) for p in request.products]
    return ee.Image.cat(*bands).rename(names(request))


def names(request: CompositeRequest) -> list[str]:
    """Return the names of the products' bands, in order."""
    return [product.band for product in request.products]


def _valid(image: ee.Image, limits: tuple[float, float] | None) -> ee.Image:
    if limits is None:
        return image
    low, high = limits
    return image.updateMask(image.gt(low).And(image.lt(high)))
