"""Random graphs, composed through the client: valid ones, as it knows the bands it has made."""

from __future__ import annotations

from hypothesis import strategies as st

# Imported for the steps that they add.
from tests.randomgraphs import steps_pixels, steps_space, steps_stacks
from tests.randomgraphs.building import Built, Draw, image

__all__ = ["Built", "graphs", "steps_pixels", "steps_space", "steps_stacks"]


@st.composite
def graphs(draw: Draw) -> Built:
    """An image of at most six steps, and no more than four bands."""
    built = image(draw, draw(st.integers(2, 6)))
    return Built(built.image.select(list(built.bands[:4])), built.bands[:4])
