"""How expressions are evaluated: lazily, once, in scope, and refused where they make no sense."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ee
import pytest

from local_earthengine.engine import Engine
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.evaluator import Evaluator
from tests.unit.local_earthengine.world import World


def call(name: str, **arguments: Any) -> dict[str, Any]:
    return {"functionInvocationValue": {"functionName": name, "arguments": arguments}}


def constant(value: Any) -> dict[str, Any]:
    return {"constantValue": value}


def evaluate(values: dict[str, Any], calls: list[str]) -> Any:
    """The value of "0"; the algorithms that were called are noted."""

    def invoke(name: str, given: Any) -> Any:
        calls.append(name)
        if name == "map":
            return [given["function"](item) for item in given["list"]]
        return sum(given.values())

    return Evaluator({"result": "0", "values": values}, invoke).result()


def test_a_value_that_nothing_needs_is_never_evaluated() -> None:
    calls: list[str] = []
    values = {"0": call("sum", a=constant(1), b=constant(2)), "1": call("boom")}

    assert evaluate(values, calls) == 3
    assert calls == ["sum"]


def test_a_value_that_two_need_is_evaluated_once() -> None:
    calls: list[str] = []
    shared = {"valueReference": "1"}
    values = {
        "0": call("sum", a=shared, b=shared, c=call("sum", d=shared)),
        "1": call("dear", x=constant(5)),
    }

    assert evaluate(values, calls) == 15
    assert calls.count("dear") == 1


def test_what_does_not_depend_on_a_functions_argument_is_evaluated_once_for_all_calls() -> None:
    calls: list[str] = []
    body = call("sum", a={"argumentReference": "x"}, b=call("dear", y=constant(10)))
    values = {
        "0": call("map", list=constant([1, 2, 3]), function={"functionDefinitionValue": {
            "argumentNames": ["x"], "body": "1"}}),
        "1": body,
    }  # fmt: skip

    assert evaluate(values, calls) == [11, 12, 13]
    assert calls.count("dear") == 1
    assert calls.count("sum") == 3


def test_only_the_chosen_branch_of_a_condition_is_evaluated() -> None:
    bad = ee.Image(1).select("nothing").bandNames()
    bare = {"result": "0", "values": {"0": call("If")}}

    assert World().compute(ee.Algorithms.If(ee.Number(1).eq(1), "yes", bad)) == "yes"
    assert World().compute(ee.Algorithms.If("", bad, "no")) == "no"
    assert World().compute(ee.Algorithms.If(ee.List([0]), "a list", bad)) == "a list"
    assert Engine(World()).compute(bare) is None


def _scene() -> Any:
    return ee.Image([3, 5]).rename(["VV", "VH"])


def _all_pixels(image: Any) -> Any:
    square = ee.Geometry.Rectangle([0, 0, 1, 1], None, False)
    (found,) = World().pixels(image, region=square, scale=111320).values()
    return found[0].item()


# A band that a dual-polarised scene hasn't, and what depends on it.
MISSING: list[Callable[[], Any]] = [
    lambda: _scene().select("HH"),
    lambda: _scene().select("HV").multiply(2),
    lambda: ee.Image("TEST/SCENES/NONE"),
    lambda: _scene().expression("HH + 1", {"HH": _scene().select("HH")}),
    lambda: ee.ImageCollection("TEST/NOWHERE").mean(),
]


@pytest.mark.parametrize("missing", MISSING)
@pytest.mark.parametrize(
    ("formula", "expected"),
    [("VV / VH", 0.6), ("b('VV') + b(1)", 8), ("VV > 2 ? VV : VH", 3), ("7", 7), ("VH", 5),
     ("i.VV * VH", 15)],
)  # fmt: skip
def test_a_variable_that_a_formula_of_images_does_not_use_is_never_evaluated(
    missing: Callable[[], Any], formula: str, expected: float
) -> None:
    scene = _scene()
    known = {"VV": scene.select("VV"), "VH": scene.select("VH"), "HH": missing(), "i": scene}

    assert _all_pixels(scene.expression(formula, known)) == pytest.approx(expected)


def test_a_formula_that_uses_no_band_of_its_image_does_not_need_the_image() -> None:
    nothing = _scene().select("HH")

    assert _all_pixels(nothing.expression("a + 1", {"a": ee.Image(4)})) == 5
    with pytest.raises(EarthEngineError, match="HH"):
        _all_pixels(nothing.expression("a + b(0)", {"a": ee.Image(4)}))
    with pytest.raises(EarthEngineError, match="HH"):
        _all_pixels(_scene().expression("VV + HH", {"VV": ee.Image(4), "HH": nothing}))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [("a + 1", 5), ("2 ** 3", 8), ("d.x * a", 8), ("a > 3 ? a : 0", 4), ("max(a, d['x'])", 4)],
)
@pytest.mark.parametrize(
    "missing",
    [lambda: _scene().bandNames().get(9), lambda: ee.Number(_scene().select("HH").get("x")),
     lambda: ee.Dictionary({}).get("none"), lambda: ee.Number.expression("zero")],
)  # fmt: skip
def test_a_variable_that_a_formula_of_numbers_does_not_use_is_never_evaluated(
    missing: Callable[[], Any], formula: str, expected: float
) -> None:
    known = {"a": ee.Number(2).add(2), "d": ee.Dictionary({"x": 2}), "unused": missing()}

    assert World().compute(ee.Number.expression(formula, known)) == expected


def test_a_formula_of_numbers_with_a_computed_dictionary_needs_it_whole() -> None:
    computed = ee.Dictionary({"a": 1}).combine({"b": 2})

    assert World().compute(ee.Number.expression("a + b", computed)) == 3
    assert World().compute(ee.Number.expression(ee.String("a ").cat("* 4"), {"a": 2, "c": 1})) == 8
    with pytest.raises(EarthEngineError, match=r"Number\.expression.*unexpected"):
        World().compute(ee.Number.expression("a +", {"a": 1}))
    with pytest.raises(EarthEngineError, match=r"Number\.expression.*'c'"):
        World().compute(ee.Number.expression("a + c", {"a": 1}))


def test_an_argument_that_a_function_does_not_use_is_never_evaluated() -> None:
    values = {
        "0": {"functionInvocationValue": {"functionReference": "1", "arguments": {
            "x": constant(2), "y": call("Image.conjure")}}},
        "1": {"functionDefinitionValue": {"argumentNames": ["x", "y"], "body": "2"}},
        "2": call("Number.add", left={"argumentReference": "x"}, right=constant(1)),
    }  # fmt: skip

    assert Engine(World()).compute({"result": "0", "values": values}) == 3


def test_a_long_chain_of_formulas_does_not_exhaust_the_stack() -> None:
    number, image = ee.Number(0), ee.Image(0)
    for _ in range(150):
        number = ee.Number.expression("x + 1", {"x": number, "unused": ee.List([]).get(0)})
        image = image.expression("x + 1", {"x": image, "unused": ee.Image("TEST/SCENES/NONE")})

    assert World().compute(number) == 150
    assert _all_pixels(image) == 150


def test_functions_see_the_arguments_of_the_functions_around_them() -> None:
    nested = ee.List([1, 2]).map(
        lambda x: ee.List([10, 20]).map(lambda y: ee.Number(x).add(ee.Number(y)))
    )

    assert World().compute(nested) == [[11, 21], [12, 22]]


def test_a_long_chain_of_values_does_not_exhaust_the_stack() -> None:
    values = {
        str(i): call("Number.add", left={"valueReference": str(i + 1)}, right=constant(1))
        for i in range(20_000)
    }
    values["20000"] = constant(0)

    assert Engine(World()).compute({"result": "0", "values": values}) == 20_000


def test_a_long_iteration_over_images_does_not_exhaust_the_stack() -> None:
    image = ee.List.sequence(1, 3000).iterate(
        lambda _, before: ee.Image(before).add(ee.Image(1)), ee.Image(0)
    )

    pixels = World().pixels(
        ee.Image(image), region=ee.Geometry.Rectangle([0, 0, 2, 2], None, False), scale=111320
    )

    assert (pixels["constant"][0] == 3000).all()


@pytest.mark.parametrize(
    "values",
    [
        {"0": {"valueReference": "0"}},
        {"0": call("Number.add", left={"valueReference": "1"}, right=constant(1)),
         "1": {"valueReference": "0"}},
        {"0": {"valueReference": "9"}},
        {"0": {"argumentReference": "x"}},
        {"0": {"nonsense": 1}},
        {"0": {"arrayValue": {"values": {"a": 1}}}},
        {"0": {"functionInvocationValue": {"arguments": {}}}},
        {"0": {"functionInvocationValue": {"functionName": "Number.add", "arguments": []}}},
        {"0": {"functionInvocationValue": {"functionReference": "1"}}, "1": constant(3)},
        {"0": {"integerValue": "x"}},
        {"0": {"functionDefinitionValue": {"argumentNames": "x", "body": "0"}}},
        {},
        [],
    ],
)  # fmt: skip
def test_a_malformed_expression_is_refused(values: Any) -> None:
    expression = {"result": "0", "values": values}
    with pytest.raises(EarthEngineError) as refusal:
        Engine(World()).compute(expression)
    assert refusal.value.status == 400


@pytest.mark.parametrize("expression", [None, 3, {}, {"values": {}}, {"result": "0"}])
def test_what_is_no_expression_is_refused(expression: Any) -> None:
    with pytest.raises(EarthEngineError, match="Invalid expression"):
        Engine(World()).compute(expression)


def test_an_unknown_algorithm_is_named() -> None:
    with pytest.raises(EarthEngineError, match=r"'Image\.conjure'"):
        Engine(World()).compute({"result": "0", "values": {"0": call("Image.conjure")}})


def test_an_algorithm_that_is_not_here_is_named() -> None:
    with pytest.raises(EarthEngineError, match=r"'Image\.cumulativeCost' is not supported"):
        World().compute(ee.Image(1).cumulativeCost(ee.Image(1), 9).bandNames())


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (call("Image.add", image1=constant(1)), r"Image\.add: required argument \(image2\)"),
        (call("Image.add", image1=constant(1), image2=constant(None)), "'image2' is required"),
        (call("Image.add", image1=constant(1), other=constant(2)), r"argument \(other\)"),
        (call("Image.add", image1=constant(1), image2=constant("a")),
         r"(?s)Image\.add, argument 'image2': .*Expected type: Image.*Actual type: String"),
        (call("Number.add", left=constant(1), right=constant("x")),
         r"(?s)Number\.add, argument 'right': .*Expected type: Number"),
        (call("List.get", list=constant([1]), index=constant(4)), r"List\.get: .*out of range"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_named(values: Any, message: str) -> None:
    with pytest.raises(EarthEngineError, match=message):
        Engine(World()).compute({"result": "0", "values": {"0": values}})
