"""Speckle filters: a function for each class of `request.SpeckleFilter`.

A new filter is its class among the request's fields and one more function here.
"""

from functools import singledispatch

import ee

from s1ratio.request import Boxcar, FocalMedian, NoSpeckleFilter


@singledispatch
def smooth(spec: object, image: ee.Image) -> ee.Image:
    """Return the image filtered as `spec` says, each band for itself, names kept.

    Masked pixels are no part of a window; a masked centre is filled from its neighbours, so the
    caller masks again what should stay out. Windows lie in the grid of the output.
    """
    raise NotImplementedError(f"no filter for {type(spec).__name__}")


@smooth.register
def _none(_: NoSpeckleFilter, image: ee.Image) -> ee.Image:
    return image


@smooth.register
def _focal_median(spec: FocalMedian, image: ee.Image) -> ee.Image:
    return image.focalMedian(spec.radius_m, "circle", "meters")


@smooth.register
def _boxcar(spec: Boxcar, image: ee.Image) -> ee.Image:
    return image.focalMean(spec.size_px // 2, "square", "pixels")
