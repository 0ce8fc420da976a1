"""Polynomials of pixels."""

from __future__ import annotations

import numpy as np

from local_earthengine.algorithms.images.arithmetic import each_band
from local_earthengine.algorithms.values.formulas import double
from local_earthengine.expression.registry import algorithm
from local_earthengine.pixels.pointwise import Elementwise
from local_earthengine.values.image import Image


@algorithm("Image.polynomial")
def polynomial(image: Image, coefficients: list[float]) -> Image:
    """Return the polynomial of each pixel; the constant term's coefficient comes first.

    Unsettled: the type is that of a mean: float for float bands, else double.
    """
    terms = coefficients or [0.0]
    formula = double(lambda a: np.asarray(np.polynomial.polynomial.polyval(a, terms)))
    return each_band(image, lambda node: Elementwise(formula, node.kind.floating, [node]))
