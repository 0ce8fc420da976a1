"""`image.expression` and `Number.expression` against Python's own arithmetic, pixel by pixel."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import ee
import numpy as np
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import Layer, World, native, same, speckle

SHAPE = (5, 6)
GRID = native(6, 5)


def world() -> tuple[World, ee.Image, dict[str, Layer]]:
    made = World()
    layers = {"VV": speckle(SHAPE, 1, 0.2), "VH": speckle(SHAPE, 2, 0.2)}
    return made, ee.Image(made.add(layers)), layers


def loop(layers: dict[str, Layer], rule: Callable[[float, float], float]) -> Layer:
    values, valid = np.zeros(SHAPE), np.zeros(SHAPE, bool)
    for place in np.ndindex(SHAPE):
        if layers["VV"][1][place] and layers["VH"][1][place]:
            found = rule(float(layers["VV"][0][place]), float(layers["VH"][0][place]))
            values[place], valid[place] = found, math.isfinite(found)
    return values, valid


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("b('VV') / b('VH')", lambda a, b: a / b),
        ("a + b * 2 - 1", lambda a, b: a + b * 2 - 1),
        ("(a + b) * 2", lambda a, b: (a + b) * 2),
        ("a - b - 1", lambda a, b: a - b - 1),
        ("2 ** 3 ** 2 + a - b", lambda a, b: 512 + a - b),
        ("-a ** 2 + b", lambda a, b: -(a**2) + b),
        ("a / b / 2", lambda a, b: a / b / 2),
        ("!(a > b) + 0 * a", lambda a, b: float(not a > b)),
        ("a > b ? a : b", max),
        ("a > b ? a > 1 ? 3 : 2 : b < 1 ? 1 : 0", lambda a, b: (3.0 if a > 1 else 2.0)
         if a > b else (1.0 if b < 1 else 0.0)),
        ("a > 0.5 && b > 0.5 || a < 0.2", lambda a, b: float((a > 0.5 and b > 0.5) or a < 0.2)),
        ("a >= b != b <= a", lambda _a, _b: 0.0),
        ("10 * log10(a) - sqrt(b)", lambda a, b: 10 * math.log10(a) - math.sqrt(b)),
        ("max(a, b) % 1", lambda a, b: max(a, b) % 1),
        ("clamp(a, 0.25, -1 + 2) + 0 * b", lambda a, _b: min(max(a, 0.25), 1)),
        ("Math.PI * a + Math.E * b", lambda a, b: math.pi * a + math.e * b),
        ("int(a * 10) << 1 | 1 & 3 ^ int(b) * 0", lambda a, _b: (int(np.float32(a) * 10) << 1) | 1),
        ("both.VV + both['VH'] + both[0] - b(0)", lambda a, b: a + b),
        ("1.5e0 * a + .5 * b + 2. * a", lambda a, b: 1.5 * a + 0.5 * b + 2 * a),
        ("a > .5 == b > .5", lambda a, b: float((a > 0.5) == (b > 0.5))),
    ],
)  # fmt: skip
def test_a_formula_is_its_arithmetic(text: str, rule: Callable[[float, float], float]) -> None:
    made, image, layers = world()
    variables = {"a": image.select("VV"), "b": image.select("VH"), "both": image}

    (found,) = made.pixels(image.expression(text, variables), GRID).values()

    same(found, loop(layers, rule), 1e-5)


def test_several_bands_go_through_a_formula_together() -> None:
    made, image, layers = world()
    found = made.pixels(image.expression("b() * 2"), GRID)
    assert list(found) == ["VV", "VH"]
    same(found["VH"], (layers["VH"][0] * 2, layers["VH"][1]))
    assert list(made.pixels(image.expression("b('VH', 0)"), GRID)) == ["VH", "VV"]


def test_the_other_case_of_a_choice_may_be_masked() -> None:
    made, image, layers = world()
    (values, valid), (other, there) = layers["VV"], layers["VH"]
    (found,) = made.pixels(image.expression("b('VV') > 1 ? 5 : b('VH')"), GRID).values()
    big = values > 1
    same(found, (np.where(big, 5, other), valid & (big | there)))


def test_results_are_named_as_the_operators_name_theirs() -> None:
    made, image, _ = world()
    names = {
        "b('VV') * 2": ["VV"],
        "2 * b('VV')": ["constant"],
        "nrpb = (b('VH') - b('VV')) / 2": ["nrpb"],
    }
    for text, expected in names.items():
        assert made.compute(image.expression(text).bandNames()) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("b('VV') +", "unexpected the end"),
        ("a b", "unexpected 'b'"),
        ("nowhere * 2", "unknown variable: 'nowhere'"),
        ("b('XX')", "'XX' did not match any bands"),
        ("frobnicate(b(0))", "Unknown function 'frobnicate'"),
        ("b(0) @ 2", "unexpected '@'"),
        ("sqrt(b(0), 1)", "Too many arguments"),
        ("x = b()", "Only a single band can be named 'x'"),
        ("(" * 3000 + "1" + ")" * 3000, "nested too deeply"),
    ],
)
def test_what_is_wrong_with_a_formula_is_named(text: str, message: str) -> None:
    made, image, _ = world()
    variables = {"a": image, "b": image} if text == "a b" else None
    with pytest.raises(EarthEngineError, match=re.escape(message)) as caught:
        made.pixels(image.expression(text, variables), GRID)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7), ("x.a * x['b'] + x.c[1]", 26), ("max(x.a, 7) ** 2", 49),
        ("x.a > 1 ? 'no' == 'no' ? 1 : 2 : 3", None), ("Math.PI * 2", 2 * math.pi), ("-2 ** 2", -4),
    ],
)  # fmt: skip
def test_a_formula_of_numbers_gives_a_number(text: str, expected: float | None) -> None:
    variables = {"x": {"a": 2, "b": 3, "c": [10, 20]}}
    if expected is None:
        with pytest.raises(EarthEngineError):
            World().compute(ee.Number.expression(text, variables))
    else:
        assert World().compute(ee.Number.expression(text, variables)) == pytest.approx(expected)
