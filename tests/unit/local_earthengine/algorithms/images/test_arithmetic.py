"""Arithmetic of images: pairs of bands, names, types, masks and what is not a number."""

from __future__ import annotations

import ee
import numpy as np
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import World, native, same, speckle

GRID = native(6, 5)


def world() -> tuple[World, ee.Image]:
    """A world with one scene of bands a and b, with gaps."""
    made = World()
    asset = made.add({"a": speckle((5, 6), 1, 0.2), "b": speckle((5, 6), 2, 0.2)})
    return made, ee.Image(asset)


def test_operands_pair_their_bands_by_name_when_they_bear_the_same_names() -> None:
    made, image = world()
    swapped = image.select(["b", "a"])

    found = made.pixels(image.subtract(swapped), GRID)

    assert list(found) == ["a", "b"]
    assert (found["a"][0] == 0).all()
    assert (found["b"][0] == 0).all()


def test_operands_pair_by_position_when_names_differ() -> None:
    made, image = world()
    a, b = speckle((5, 6), 1, 0.2), speckle((5, 6), 2, 0.2)

    found = made.pixels(image.subtract(image.select(["b", "a"], ["x", "y"])), GRID)

    assert list(found) == ["a", "b"]
    same(found["a"], (a[0] - b[0], a[1] & b[1]))


def test_a_single_band_is_used_against_all_and_names_come_from_the_longer() -> None:
    made, image = world()
    a, b = speckle((5, 6), 1, 0.2), speckle((5, 6), 2, 0.2)

    found = made.pixels(ee.Image(10).multiply(image), GRID)

    assert list(found) == ["a", "b"]
    same(found["a"], (a[0] * 10, a[1]))
    same(found["b"], (b[0] * 10, b[1]))


def test_band_counts_that_do_not_match_are_refused() -> None:
    made, image = world()
    with pytest.raises(EarthEngineError, match=r"Image\.add: .*2 and 3"):
        made.compute(image.add(ee.Image([1, 2, 3])))


def test_division_by_zero_gives_zero_and_logarithms_of_zero_are_masked() -> None:
    zero = ee.Image(0)
    bands = ee.Image.cat(
        ee.Image(5).divide(zero).rename("quotient"),
        zero.log10().rename("log"),
        ee.Image(-1).sqrt().rename("root"),
        ee.Image(7).mod(zero).rename("rest"),
    )

    found = World().pixels(bands, GRID)

    assert (found["quotient"][0] == 0).all()
    assert found["quotient"][1].all()
    assert not found["log"][1].any()
    assert not found["root"][1].any()
    assert found["rest"][1].all()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("add", 9.0), ("subtract", 5.0), ("multiply", 14.0), ("divide", 3.5), ("mod", 1.0),
        ("max", 7.0), ("min", 2.0), ("pow", 49.0), ("hypot", float(np.hypot(7, 2))),
        ("atan2", float(np.arctan2(2, 7))), ("first", 7.0), ("lt", 0), ("lte", 0), ("gt", 1),
        ("gte", 1), ("eq", 0), ("neq", 1), ("And", 1), ("Or", 1), ("bitwiseAnd", 2),
        ("bitwiseOr", 7), ("bitwiseXor", 5), ("leftShift", 28), ("rightShift", 1),
    ],
)  # fmt: skip
def test_a_binary_operator_is_numpys_pixel_by_pixel(name: str, expected: float) -> None:
    found = World().pixels(getattr(ee.Image(7), name)(ee.Image(2)), GRID)["constant"]

    np.testing.assert_allclose(found[0], expected, rtol=1e-6)
    assert found[1].all()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("abs", -2.5, 2.5), ("floor", -2.5, -3), ("ceil", -2.5, -2), ("round", 2.5, 3),
        ("sqrt", 2.25, 1.5), ("exp", 1.0, np.e), ("log", np.e, 1.0), ("log10", 1000.0, 3.0),
        ("sin", 0.5, np.sin(0.5)), ("atan", 0.5, np.arctan(0.5)), ("Not", 0.0, 1),
        ("signum", -3.0, -1), ("toInt8", 300.0, 127), ("toByte", -4.0, 0), ("toInt", 2.9, 2),
        ("toFloat", 0.5, 0.5),
    ],
)  # fmt: skip
def test_a_unary_operator_is_numpys_pixel_by_pixel(
    name: str, value: float, expected: float
) -> None:
    found = World().pixels(getattr(ee.Image(value), name)(), GRID)["constant"]

    np.testing.assert_allclose(found[0], expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("image", "precision"),
    [
        (lambda a: a, "float"), (lambda a: a.toDouble(), "double"), (lambda a: a.gt(1), "int"),
        (lambda a: a.add(1), "float"), (lambda a: a.add(0.5), "double"),
        (lambda a: a.divide(a), "float"), (lambda a: a.gt(1).divide(2), "float"),
        (lambda a: a.log10(), "float"), (lambda a: a.gt(1).add(2), "int"),
    ],
)  # fmt: skip
def test_results_have_the_type_that_earth_engine_gives_them(image: object, precision: str) -> None:
    made, scene = world()
    info = made.compute(image(scene.select("a")))  # type: ignore[operator]
    assert info["bands"][0]["data_type"]["precision"] == precision


def test_sums_of_small_integers_do_not_overflow() -> None:
    bytes_ = ee.Image(200).toByte()

    found = World().pixels(ee.Image.cat(bytes_.add(bytes_), bytes_.multiply(bytes_)), GRID)

    assert [band[0][0, 0] for band in found.values()] == [400, 40_000]


def test_masks_narrow_and_values_beneath_do_not_leak() -> None:
    made, image = world()
    a, b = speckle((5, 6), 1, 0.2), speckle((5, 6), 2, 0.2)
    both = a[1] & b[1]

    found = made.pixels(image.select("a").updateMask(image.select("b").gt(1)), GRID)["a"]
    same(found, (a[0], both & (b[0] > 1)))

    filled = made.pixels(image.select("a").unmask(-5, False), GRID)["a"]
    same(filled, (np.where(a[1], a[0], -5), np.ones((5, 6), bool)))

    mask = made.pixels(image.select("a").mask(), GRID)["a"]
    same(mask, (a[1].astype(float), np.ones((5, 6), bool)))


def test_a_set_mask_uncovers_zeros() -> None:
    made, image = world()
    a = speckle((5, 6), 1, 0.2)

    found = made.pixels(image.select("a").mask(1), GRID)["a"]

    same(found, (np.where(a[1], a[0], 0), np.ones((5, 6), bool)))


def test_where_replaces_only_where_both_test_and_value_are_valid() -> None:
    made, image = world()
    a, b = speckle((5, 6), 1, 0.2), speckle((5, 6), 2, 0.2)
    one, other = image.select("a"), image.select("b")

    found = made.pixels(one.where(one.gt(1), other), GRID)["a"]

    chosen = a[1] & b[1] & (a[0] > 1)
    same(found, (np.where(chosen, b[0], a[0]), a[1]))


def test_properties_survive_one_operand_and_not_two() -> None:
    made, image = world()
    marked = ee.Image(image.set("note", 3))

    assert made.compute(marked.log10().get("note")) == 3
    assert made.compute(marked.select("a").updateMask(1).get("note")) == 3
    assert made.compute(marked.add(1).get("note")) is None
