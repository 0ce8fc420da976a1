"""Formulas as text, of images and of numbers: each operator is the algorithm of its name."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from local_earthengine.algorithms.images.bands import select
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.coercion import coerce
from local_earthengine.expression.context import Context
from local_earthengine.expression.evaluator import Function
from local_earthengine.expression.needs import truthy
from local_earthengine.expression.registry import algorithm, invoke
from local_earthengine.expression.signatures import signatures
from local_earthengine.formula.parser import parse
from local_earthengine.formula.tree import (
    CHOICE,
    Call,
    Items,
    Literal,
    Member,
    Name,
    Named,
    Tree,
    calls,
    names,
)
from local_earthengine.pixels.conditional import Choice
from local_earthengine.values.image import Image

_BINARY: Final[Mapping[str, str]] = {
    "+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "mod", "**": "pow",
    "<": "lt", "<=": "lte", ">": "gt", ">=": "gte", "==": "eq", "!=": "neq", "&&": "and",
    "||": "or", "&": "bitwiseAnd", "|": "bitwiseOr", "^": "bitwiseXor", "<<": "leftShift",
    ">>": "rightShift",
}  # fmt: skip
_UNARY: Final[Mapping[str, str]] = {"!": "not", "~": "bitwiseNot"}
_CONSTANTS: Final[Mapping[str, float]] = {"PI": math.pi, "E": math.e}
_NUMBERS = (int, float)
# The function that takes bands of the image itself.
_BANDS: Final = "b"
Values = Mapping[str, Any]


@dataclass(frozen=True)
class _Language:
    """What differs between formulas of images and of numbers."""

    family: str
    context: Context
    read: Callable[[str, Values], Any]
    child: Callable[[Any, tuple[Any, ...]], Any]
    choose: Callable[[Any, Any, Any], Any]
    default: str | None = None

    def value(self, tree: Tree, values: Values) -> Any:
        """Return the value of a formula for these variables."""
        match tree:
            case Literal():
                return tree.value
            case Name():
                return self.read(tree.name, values)
            case Named():
                return _renamed(self.value(tree.value, values), tree.name)
            case Call():
                return self._call(tree, values)
        return self._part(tree, values)

    def _part(self, tree: Member | Items, values: Values) -> Any:
        """Return a member, one of Math's constants, or some of something's items."""
        if isinstance(tree, Items):
            items = tuple(self.value(item, values) for item in tree.items)
            return self.child(self.value(tree.target, values), items)
        if tree.target == Name("Math") and tree.name in _CONSTANTS:
            return _CONSTANTS[tree.name]
        return self.child(self.value(tree.target, values), (tree.name,))

    def _call(self, call: Call, values: Values) -> Any:
        operands = [self.value(operand, values) for operand in call.operands]
        if call.function == CHOICE:
            return self.choose(operands[0], operands[1], operands[2])
        if call.function == _BANDS and self.default is not None:
            return self.child(self.read(self.default, values), tuple(operands))
        if call.function in {"+", "-"} and len(operands) == 1:
            return operands[0] if call.function == "+" else self._apply("multiply", operands, [-1])
        table = _BINARY if len(operands) == 2 else _UNARY
        return self._apply(table.get(call.function, call.function), operands)

    def _apply(self, function: str, operands: list[Any], more: Sequence[Any] = ()) -> Any:
        operands = [*operands, *more]
        plain = all(isinstance(operand, _NUMBERS) for operand in operands)
        name = f"{'Number' if plain else self.family}.{function}"
        if name not in signatures():
            raise EarthEngineError(f"Unknown function '{function}' in the expression.")
        arguments = [argument.name for argument in signatures()[name].arguments]
        if len(operands) > len(arguments):
            raise EarthEngineError(f"Too many arguments for the function '{function}'.")
        return invoke(name, dict(zip(arguments, operands, strict=False)), self.context)


def _renamed(value: Any, name: str) -> Any:
    image: Image = coerce(value, "Image")
    if len(image.bands) != 1:
        raise EarthEngineError(f"Only a single band can be named '{name}'.")
    return image.with_bands([replace(image.bands[0], name=name)])


@algorithm("Image.parseExpression")
def parse_expression(
    context: Context, expression: str, default: str, variables: list[str], free_are_bands: bool
) -> Function:
    """Return a function of these variables; what is wrong with the formula's text is found at once.

    A result is named as the operators name theirs: `2 * b('VV')` is called `constant`.

    Variables that the formula does not use are never evaluated: what they need may be missing.

    Unsettled: `a ? b : c` is masked where the condition is, and where the chosen case is; the other
    case's mask does not matter. `-x ** 2` is `-(x ** 2)`.
    """
    tree = parse(expression)
    unknown = [name for name in names(tree) if name not in {*variables, "Math"}]
    if unknown and not free_are_bands:
        raise EarthEngineError(f"The expression uses an unknown variable: '{unknown[0]}'.")

    def read(name: str, values: Values) -> Any:
        """Return a variable, or else the default image's band of that name."""
        if name in values:
            return values[name]
        return select(coerce(values.get(default), "Image"), [name], None)

    language = _Language("Image", context, read, _bands, _choice, default)
    uses = {*names(tree), *([default] if unknown or calls(tree, _BANDS) else [])}

    def body(values: Sequence[Any]) -> Image:
        """Return the formula of these values; those that it does not use may be anything."""
        pairs = zip(variables, values, strict=False)
        given = {name: coerce(value, "Image") for name, value in pairs if name in uses}
        result: Image = coerce(language.value(tree, given), "Image")
        return result

    return Function(variables, body, uses)


def _bands(image: Any, selectors: tuple[Any, ...]) -> Image:
    """Return these bands, by name or number; all of them where none is named."""
    whole: Image = coerce(image, "Image")
    return select(whole, list(selectors), None) if selectors else whole


def _choice(condition: Any, yes: Any, no: Any) -> Any:
    """Choose pixel by pixel.

    Bands pair as operators pair them, named after the longer of the cases.
    """
    if isinstance(condition, _NUMBERS):
        return yes if truthy(condition) else no
    images: list[Image] = [coerce(part, "Image") for part in (condition, yes, no)]
    count = max(len(image.bands) for image in images)
    if any(len(image.bands) not in {1, count} for image in images):
        raise EarthEngineError("The cases of a choice must have as many bands as its condition.")
    columns = [image.bands * (count if len(image.bands) == 1 else 1) for image in images]
    longest = images[2] if len(images[2].bands) > len(images[1].bands) else images[1]
    labels = longest.band_names if len(longest.bands) == count else images[0].band_names
    bands = tuple(
        replace(
            next((band for band in trio if band.grid is not None), trio[0]),
            name=label,
            node=Choice(trio[0].node, trio[1].node, trio[2].node),
        )
        for label, *trio in zip(labels, *columns, strict=True)
    )
    places = (image.footprint for image in images)
    return Image(bands=bands, footprint=next((p for p in places if p is not None), None))


@algorithm("Number.expression")
def number_expression(context: Context, expression: str, variables: dict[str, Any] | None) -> float:
    """Return a number; `a.b` and `a['b']` are members of dictionaries, `a[0]` of lists.

    Variables that the formula does not use are never evaluated.
    """
    known = variables or {}

    def read(name: str, values: Values) -> Any:
        """Return a variable; raise EarthEngineError for an unknown one."""
        if name not in values:
            raise EarthEngineError(f"The expression uses an unknown variable: '{name}'.")
        return values[name]

    def choose(condition: Any, yes: Any, no: Any) -> Any:
        """Return one of two values, both of which are known."""
        return yes if truthy(condition) else no

    tree = parse(expression)
    if isinstance(tree, Named):
        raise EarthEngineError(f"A number can't be named '{tree.name}'.")
    language = _Language("Number", context, read, _member, choose)
    number: float = coerce(language.value(tree, known), "Number")
    return number


def _member(target: Any, keys: tuple[Any, ...]) -> Any:
    for key in keys:
        try:
            target = target[key]
        except (KeyError, IndexError, TypeError):
            raise EarthEngineError(f"The expression finds no member '{key}'.") from None
    return target
