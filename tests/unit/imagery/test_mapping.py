"""A body that is kept makes the very graph that the client's own `map` makes of its function."""

from collections.abc import Callable
from typing import Any

import ee
import pytest

from s1ratio.imagery import mapping
from s1ratio.imagery.mapping import image_body, map_images
from tests.unit.imagery.graphs import encoded

Algorithm = Callable[[Any], Any]


def _nested(image):
    others = ee.ImageCollection.fromImages(ee.List(image.get("others")))
    return others.map(lambda each: each.add(image)).mosaic()


def _twice_nested(image):
    others = ee.ImageCollection.fromImages(ee.List(image.get("others")))
    return others.map(_nested).mosaic().addBands(others.map(lambda each: each.abs()).first())


ALGORITHMS: dict[str, Algorithm] = {
    "itself": lambda image: image,
    "one call": lambda image: image.select("VV"),
    "named twice": lambda image: image.updateMask(image.gt(0)),
    "a property": lambda image: image.set("a", ee.Number(image.get("b")).add(1)),
    "one within": _nested,
    "one within one within": _twice_nested,
}


@pytest.mark.parametrize("algorithm", ALGORITHMS.values(), ids=ALGORITHMS)
def test_a_kept_body_makes_the_graph_that_map_makes(algorithm: Algorithm) -> None:
    images = ee.ImageCollection("A/B").filterDate("2020-01-01", "2021-01-01")
    body = image_body(algorithm)
    expected = encoded(images.map(algorithm).first())
    assert encoded(map_images(images, body).first()) == expected
    assert encoded(map_images(images, body).first()) == expected, "and the next time"


def test_bodies_within_one_another_make_it_too() -> None:
    inner = image_body(lambda image: image.abs())

    def ours(image):
        return map_images(ee.ImageCollection.fromImages(ee.List(image.get("x"))), inner).mosaic()

    def theirs(image):
        others = ee.ImageCollection.fromImages(ee.List(image.get("x")))
        return others.map(lambda each: each.abs()).mosaic()

    images = ee.ImageCollection("A/B")
    assert encoded(map_images(images, image_body(ours))) == encoded(images.map(theirs))


def test_what_comes_of_it_is_a_collection_of_images() -> None:
    found = map_images(ee.ImageCollection("A/B"), image_body(lambda image: image))
    assert type(found) is type(ee.ImageCollection("A/B").map(lambda image: image))


def test_nothing_of_the_client_is_changed() -> None:
    """What is called is there by the names it is called by: a newer client says so at once."""
    assert mapping.Body is ee.CustomFunction
    assert callable(ee.CustomFunction.create)
    assert callable(ee.ApiFunction.call_)
