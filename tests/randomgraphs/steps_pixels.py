"""Steps that look at one pixel: arithmetic, masks, and the bands themselves."""

from __future__ import annotations

from typing import Final

import ee
from hypothesis import strategies as st

from tests.randomgraphs.building import NUMBERS, Built, Draw, fitting, image, step

_ARITHMETIC: Final = ("add", "subtract", "multiply", "divide", "mod", "max", "min", "first",
                      "firstNonZero", "pow", "atan2", "hypot")  # fmt: skip
_LOGIC: Final = ("lt", "lte", "gt", "gte", "eq", "neq", "And", "Or", "bitwiseAnd", "bitwiseOr",
                 "bitwiseXor")  # fmt: skip
_FUNCTIONS: Final = ("abs", "signum", "Not", "floor", "ceil", "round", "sqrt", "cbrt", "exp",
                     "log", "log10", "sin", "cos", "atan", "tanh")  # fmt: skip
_CASTS: Final = ("toFloat", "toDouble", "toByte", "toInt8", "toUint8", "toInt16", "toUint16",
                 "toShort", "toInt32", "toUint32", "toInt", "toInt64", "toLong", "byte", "float",
                 "double", "int")  # fmt: skip


@step(weight=3)
def binary(draw: Draw, depth: int) -> Built:
    one = image(draw, depth)
    other = fitting(draw, one, depth - 1)
    name = draw(st.sampled_from(_ARITHMETIC + _LOGIC))
    if draw(st.booleans()):
        one, other = other, one
    longer = other if len(other.bands) > len(one.bands) else one
    return Built(getattr(one.image, name)(other.image), longer.bands)


@step()
def self_paired(draw: Draw, depth: int) -> Built:
    """The same bands in another order: operands pair by name."""
    one = image(draw, depth)
    turned = one.image.select(list(one.bands[::-1]))
    return Built(one.image.subtract(turned), one.bands)


@step(weight=2)
def unary(draw: Draw, depth: int) -> Built:
    one = image(draw, depth)
    return Built(getattr(one.image, draw(st.sampled_from(_FUNCTIONS)))(), one.bands)


@step()
def cast(draw: Draw, depth: int) -> Built:
    one = image(draw, depth)
    if draw(st.booleans()):
        return Built(getattr(one.image, draw(st.sampled_from(_CASTS)))(), one.bands)
    kind = draw(st.sampled_from(["uint8", "int16", "float", "double", "long", "short"]))
    return Built(one.image.cast({one.bands[0]: kind}), one.bands)


@step()
def shaped(draw: Draw, depth: int) -> Built:
    one = image(draw, depth)
    low, high = draw(st.sampled_from([(-2, 3), (0, 7), (1, 2)]))
    name = draw(st.sampled_from(["clamp", "unitScale"]))
    return Built(getattr(one.image, name)(low, high), one.bands)


@step()
def difference(draw: Draw, depth: int) -> Built:
    one = image(draw, depth)
    names = [one.bands[0], one.bands[-1]]
    return Built(one.image.normalizedDifference(names), ("nd",))


@step()
def where(draw: Draw, depth: int) -> Built:
    one = image(draw, depth)
    test, value = fitting(draw, one, depth - 1), fitting(draw, one, depth - 1)
    return Built(one.image.where(test.image, value.image), one.bands)


@step(weight=2)
def masked(draw: Draw, depth: int) -> Built:
    one = image(draw, depth)
    name = draw(st.sampled_from(["updateMask", "selfMask", "mask", "set", "unmask", "fill"]))
    if name in {"selfMask", "mask", "unmask"}:
        return Built(getattr(one.image, name)(), one.bands)
    other = fitting(draw, one, depth - 1)
    if name == "fill":
        return Built(one.image.unmask(other.image, draw(st.booleans())), one.bands)
    return Built(
        (one.image.mask if name == "set" else one.image.updateMask)(other.image), one.bands
    )


@step()
def bands(draw: Draw, depth: int) -> Built:
    one, other = image(draw, depth), image(draw, depth - 1)
    if draw(st.booleans()):
        whole = ee.Image.cat([one.image, other.image])
    else:
        whole = one.image.addBands(other.image)
    names = list(one.bands)
    for name in other.bands:
        number, label = 0, name
        while label in names:
            number += 1
            label = f"{name}_{number}"
        names.append(label)
    # More bands than these take long and tell nothing.
    return Built(whole.select(names[:4]), tuple(names[:4]))


@step()
def overwritten(draw: Draw, depth: int) -> Built:
    one, other = image(draw, depth), image(draw, depth - 1)
    names = tuple(dict.fromkeys([*one.bands, other.bands[0]]))
    return Built(one.image.addBands(other.image, [other.bands[0]], True), names)


@step()
def renamed(draw: Draw, depth: int) -> Built:
    one = image(draw, depth)
    places = draw(st.permutations(range(len(one.bands))))
    names = tuple(f"r{place}" for place in places)
    if draw(st.booleans()):
        return Built(one.image.select(list(places), list(names)), names)
    return Built(one.image.rename(list(names)), names)


@step()
def chosen(draw: Draw, depth: int) -> Built:
    """The branch that is not taken would be refused."""
    one = image(draw, depth)
    bad = ee.Image(1).select("nothing")
    truth = draw(st.sampled_from([0, 1, "", "text", [], [0]]))
    branches = (one.image, bad) if truth else (bad, one.image)
    return Built(ee.Image(ee.Algorithms.If(truth, *branches)), one.bands)


@step()
def marked(draw: Draw, depth: int) -> Built:
    """A property travels through functions of one image and is used as a number."""
    one = image(draw, depth)
    marked = ee.Image(one.image.set("mark", draw(NUMBERS)))
    return Built(marked.abs().add(ee.Number(marked.abs().get("mark"))), one.bands)
