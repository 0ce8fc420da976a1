"""Refusals in Earth Engine's words: status 400, and a message that names the thing."""

from __future__ import annotations

import re
from typing import Any

import ee
import pytest

from local_earthengine.engine import Engine
from local_earthengine.errors import EarthEngineError
from tests.support import offline_client as ee_offline
from tests.unit.local_earthengine.world import NAME, World, native, speckle

SHAPE = (5, 6)


def world() -> World:
    made = World()
    for seed in (1, 3):
        made.add({"VV": speckle(SHAPE, seed), "VH": speckle(SHAPE, seed + 1)})
    return made


def image() -> Any:
    return ee.Image(f"{NAME}/S0")


def scenes() -> Any:
    return ee.ImageCollection(NAME)


def none() -> Any:
    """The collection when no image passes."""
    return scenes().filter(ee.Filter.eq("orbit", 99))


def call(name: str, /, **arguments: Any) -> dict[str, Any]:
    given = {key: {"constantValue": value} for key, value in arguments.items()}
    node = {"functionInvocationValue": {"functionName": name, "arguments": given}}
    return {"result": "0", "values": {"0": node}}


def invalid(expected: str, actual: str) -> str:
    return f"Invalid type.\nExpected type: {expected}.\nActual type: {actual}."


REFUSALS: dict[str, tuple[Any, str]] = {
    "a band that is not there": (
        lambda: image().select("X"),
        "Image.select: Band pattern 'X' did not match any bands. Available bands: [VV, VH]"),
    "a band's number": (
        lambda: image().select(7),
        "Image.select: Band number 7 is out of range: there are 2 bands."),
    "a band of nothing": (
        lambda: none().mosaic().select("VV"),
        ("Image.select: Band pattern 'VV' was applied to an Image with no bands. "
        "See Image.bandNames()")),
    "the first of an empty collection": (
        lambda: none().first().select("VV"),
        "Image.select: Parameter 'input' is required and may not be null."),
    "a property of the first of an empty collection": (
        lambda: none().first().get("orbit"),
        "Element.get: Parameter 'object' is required and may not be null."),
    "arithmetic with the first of an empty collection": (
        lambda: ee.Image(none().first()).add(1),
        "Image.add: Parameter 'image1' is required and may not be null."),
    "arithmetic with the composite of an empty collection": (
        lambda: none().median().subtract(1),
        ("Image.subtract: If one image has no bands, the other must also have no bands. "
        "Got 0 and 1.")),
    "a property that is not there": (
        lambda: ee.Number(image().get("nope")).add(1),
        "Number.add: Parameter 'left' is required and may not be null."),
    "a collection as an image": (
        lambda: ee.Image(scenes()).add(1),
        "Image.add, argument 'image1': " + invalid("Image<unknown bands>", "ImageCollection")),
    "text as an image": (
        lambda: call("Image.add", image1="x", image2=1),
        "Image.add, argument 'image1': " + invalid("Image<unknown bands>", "String")
        + "\nActual value: x"),
    "text as a number": (
        lambda: call("Number.add", left="1", right=1),
        "Number.add, argument 'left': " + invalid("Number", "String") + "\nActual value: 1"),
    "numbers as a collection": (
        lambda: call("ImageCollection.mosaic", collection=[1, 2]),
        "ImageCollection.mosaic, argument 'collection': " + invalid("ImageCollection", "List")),
    "a filter as an image": (
        lambda: ee.Image(ee.Filter.eq("a", 1)).abs(),
        "Image.abs, argument 'value': " + invalid("Image<unknown bands>", "Filter")),
    "an argument too few": (
        lambda: call("Image.add", image1=1), "Image.add: required argument (image2) missing."),
    "an argument too many": (
        lambda: call("Image.add", image1=1, image2=1, third=1),
        "Image.add: Unrecognized argument (third)."),
    "an algorithm that does not exist": (
        lambda: call("Image.conjure"), "Unrecognized algorithm name: 'Image.conjure'"),
    "an asset that does not exist": (
        lambda: ee.ImageCollection("NO/SUCH").size(), "ImageCollection.load: 'NO/SUCH' not found."),
    "a band to add that is not there": (
        lambda: image().addBands(ee.Image(1), ["x"]),
        "Image.addBands: Cannot add band 'x' because it doesn't appear in srcImg."),
    "too few names": (
        lambda: image().rename(["a"]),
        "Image.rename: The number of names (1) must match the number of bands (2)."),
    "one name twice": (
        lambda: image().rename(["a", "a"]), "Image.rename: Duplicate band names: ['a', 'a']."),
    "bands that don't match": (
        lambda: image().updateMask(ee.Image([1, 2, 3])),
        ("Image.updateMask: The mask must have a single band, or as many as the image (2); "
        "it has 3.")),
    "an error within a map": (
        lambda: scenes().map(lambda i: i.select("HH")).median(),
        ("reduce.median: Error in map(ID=S0):\nImage.select: Band pattern 'HH' did not match any "
        "bands. Available bands: [VV, VH]")),
    "a map to nothing": (
        lambda: scenes().map(lambda i: ee.Algorithms.If(False, i)).size(),
        "Collection.map: A mapped algorithm must return a Feature or Image."),
    "an element beyond a list": (
        lambda: scenes().toList(5).get(4),
        "List.get: List index out of range: 4, the list has 2 elements."),
    "a key that is not there": (
        lambda: ee.Dictionary({"a": 1}).get("b"),
        "Dictionary.get: Dictionary does not contain key: 'b'."),
    "a date that is none": (
        lambda: scenes().filterDate("20x", "2021").size(), "Date: Bad date/time '20x'."),
    "a coordinate system that is none": (
        lambda: image().reproject("EPSG:1", None, 10),
        "Projection: The CRS of a map projection could not be parsed: 'EPSG:1'."),
    "a negative scale": (
        lambda: image().reproject("EPSG:4326", None, -10),
        "Image.reproject: The scale must be above 0, not -10."),
    "a kernel that is none": (
        lambda: image().focal_mean(1, "hexagon"),
        "Image.focal_mean: Unknown kernel type: 'hexagon'."),
    "a reducer with too few names": (
        lambda: scenes().reduce(ee.Reducer.minMax().setOutputs(["a"])),
        "Reducer.setOutputs: 2 names are needed, 1 were given."),
    "the bounds of nothing": (
        lambda: none().geometry().bounds(),
        "Geometry.bounds: The geometry is empty, or cannot be projected to 'EPSG:4326'."),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_refusals_name_the_thing(case: str) -> None:
    make, message = REFUSALS[case]
    value = make()
    expression = value if isinstance(value, dict) else ee_offline.expression(value)
    with pytest.raises(EarthEngineError) as refusal:
        Engine(world()).compute(expression)
    assert (refusal.value.status, refusal.value.message) == (400, message)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (lambda: image().select("X"), "Band pattern 'X' did not match any bands"),
        (lambda: none().first(), "does not evaluate to an image"),
        (scenes, "does not evaluate to an image"),
        (lambda: image().focal_mean(5e4, "circle", "meters"), "Kernel is too large: 5000 pixels"),
        (lambda: image().toArray(), "array images is not supported"),
    ],
)
def test_pixels_that_there_are_none_of_are_refused(value: Any, message: str) -> None:
    with pytest.raises(EarthEngineError, match=re.escape(message)) as refusal:
        world().pixels(ee.Image(value()), native(6, 5))
    assert refusal.value.status == 400


def test_the_first_of_an_empty_collection_is_null() -> None:
    assert world().compute(none().first()) is None
    assert world().compute(none().aggregate_first("orbit")) is None
    assert world().compute(none().aggregate_mean("orbit")) is None
    assert world().compute(none().size()) == 0


def test_a_band_that_is_selected_twice_gets_a_number() -> None:
    assert world().compute(image().select(["VV", "V.", "VV"]).bandNames()) == [
        "VV", "VV_1", "VH", "VV_2",
    ]  # fmt: skip
