"""The bands of one image reduced at each pixel."""

from __future__ import annotations

from dataclasses import replace

from local_earthengine.algorithms.reducers.nodes import stacked_node
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.values.image import Image
from local_earthengine.values.reducer import Reducer


@algorithm("Image.reduce")
def reduce_bands(image: Image, reducer: Reducer) -> Image:
    """Reduce all bands of an image to one for each output; properties stay."""
    if not image.bands:
        raise EarthEngineError("The image has no bands.")
    if reducer.inputs != 1:
        raise EarthEngineError(f"The reducer must have a single input, not {reducer.inputs}.")
    first, bands = image.bands[0], list(image.bands)
    return image.with_bands(
        [
            replace(first, name=output.name, node=stacked_node(bands, output))
            for output in reducer.outputs
        ]
    )
