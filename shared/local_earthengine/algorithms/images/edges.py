"""Edges: where an image changes most."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import numpy as np

from local_earthengine.algorithms.images.arithmetic import each_band
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.pixeltype import DOUBLE
from local_earthengine.pixels.kernel import fixed
from local_earthengine.pixels.neighborhood import Neighborhood
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.numerics import edges
from local_earthengine.values.image import Image

_WIDEST: Final = 100.0  # pixels of sigma


@algorithm("CannyEdgeDetector")
def canny(image: Image, threshold: float, sigma: float) -> Image:
    """Return the gradient's magnitude where a band has an edge, else 0.

    An edge is a ridge of the magnitude, one pixel wide, above the threshold; a Gaussian of `sigma`
    pixels comes first, 0 is none.

    Unsettled: the magnitude is that of Sobel's weights, 8 for a rise of 1 a pixel: public code
    finds edges of 0 and 1 above a threshold of 1, where plain differences reach no more than 0.5.
    There is no second threshold. Pixels near a masked one are masked.
    """
    if not 0 <= sigma <= _WIDEST:
        raise EarthEngineError(f"'sigma' must lie between 0 and {_WIDEST:g}, not {sigma:g}.")
    return each_band(image, partial(_ridges, threshold, sigma))


def _ridges(threshold: float, sigma: float, node: Node) -> Node:
    reach = edges.reach(sigma)
    around = fixed(np.ones((2 * reach + 1, 2 * reach + 1)), reach, reach)

    def statistic(values: Any, valid: Any, _: Any) -> Any:
        """Return the ridges within the margins, and where they are known."""
        return edges.canny(np.where(valid, values, 0), valid, threshold, sigma)

    return Neighborhood(node, around, statistic, DOUBLE, skip_masked=True)
