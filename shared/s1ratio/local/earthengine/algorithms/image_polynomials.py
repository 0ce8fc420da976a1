"""Polynomials of pixels."""

from __future__ import annotations

import numpy as np

from s1ratio.local.earthengine.algorithms.formulas import double
from s1ratio.local.earthengine.algorithms.image_math import each_band
from s1ratio.local.earthengine.pixels.pointwise import Elementwise
from s1ratio.local.earthengine.registry import algorithm
from s1ratio.local.earthengine.values.image import Image


@algorithm("Image.polynomial")
def polynomial(image: Image, coefficients: list[float]) -> Image:
    """The polynomial of each pixel; the constant term's coefficient comes first.

    Unsettled: the type is that of a mean: float for float bands, else double.
    """
    terms = coefficients or [0.0]
    formula = double(lambda a: np.asarray(np.polynomial.polynomial.polyval(a, terms)))
    return each_band(image, lambda node: Elementwise(formula, node.kind.floating, [node]))
