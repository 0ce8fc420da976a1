"""What each formula of numbers gives, in plain Python: name, function and points to try it at."""

from __future__ import annotations

import math
import statistics
import struct
from collections.abc import Callable
from typing import Any, Final

import ee

Unary = tuple[Callable[[Any], Any], list[Any]]
Binary = tuple[Callable[[Any, Any], Any], list[tuple[Any, Any]]]
ANY: Final = [-3, -0.75, 0, 0.5, 1, 2.25]
UNIT: Final = [-1, -0.3, 0, 0.5, 1]
POSITIVE: Final = [0.25, 1, 2, 10, 1e12]
PAIRS: Final = [(0, 0), (0, 3), (3, 0), (-7, 3), (7, -3), (2.5, 2.5), (-0.5, 4), (1e9, 1e-3)]
WHOLE: Final = [(0, 0), (12, 10), (-1, 255), (-6, 3), (2**40, 2**40 + 5), (255, 256)]
SHIFTS: Final = [(1, 0), (1, 3), (5, 40), (-3, 2), (-9, 1), (1023, 4)]
DEPRECATED: Final = {
    "first_nonzero": "firstNonZero",
    "bitwise_and": "bitwiseAnd",
    "bitwise_or": "bitwiseOr",
    "bitwise_xor": "bitwiseXor",
    "bitwise_not": "bitwiseNot",
    "left_shift": "leftShift",
    "right_shift": "rightShift",
}
INTEGERS: Final = {  # the names of a cast after "to", in small letters, and its range
    **dict.fromkeys(("byte", "uint8"), (0, 2**8 - 1)),
    **dict.fromkeys(("short", "int16"), (-(2**15), 2**15 - 1)),
    **dict.fromkeys(("int", "int32"), (-(2**31), 2**31 - 1)),
    **dict.fromkeys(("long", "int64"), (-(2**63), 2**63 - 1)),
    "int8": (-(2**7), 2**7 - 1),
    "uint16": (0, 2**16 - 1),
    "uint32": (0, 2**32 - 1),
}


def inverse_erf(x: float) -> float:
    """By the quantiles of the normal distribution."""
    return statistics.NormalDist().inv_cdf((x + 1) / 2) / math.sqrt(2)


def digamma(x: float) -> float:
    """By the recurrence up to 20, and the asymptotic series from there."""
    if x < 20:
        return digamma(x + 1) - 1 / x
    return math.log(x) - 1 / (2 * x) - 1 / (12 * x**2) + 1 / (120 * x**4) - 1 / (252 * x**6)


def trigamma(x: float) -> float:
    """By the recurrence up to 20, and the asymptotic series from there."""
    if x < 20:
        return trigamma(x + 1) + 1 / x**2
    return 1 / x + 1 / (2 * x**2) + 1 / (6 * x**3) - 1 / (30 * x**5) + 1 / (42 * x**7)


def lower_gamma(x: float, a: float) -> float:
    """By the power series of the incomplete integral, divided by the whole one."""
    if x < 0 or a <= 0:
        return math.nan
    if x == 0:
        return 0.0
    term = total = 1 / a
    for n in range(1, 2000):
        term *= x / (a + n)
        total += term
    return total * math.exp(a * math.log(x) - x - math.lgamma(a))


def cube_root(x: float) -> float:
    """With the sign of the number."""
    return math.copysign(abs(x) ** (1 / 3), x)


def single(x: float) -> float:
    """The nearest number in 32 bits."""
    return float(struct.unpack("f", struct.pack("f", x))[0])


def sign(x: float) -> int:
    """-1, 0 or 1."""
    return (x > 0) - (x < 0)


UNARY: Final[dict[str, Unary]] = {
    "sin": (math.sin, ANY),
    "cos": (math.cos, ANY),
    "tan": (math.tan, ANY),
    "asin": (math.asin, UNIT),
    "acos": (math.acos, UNIT),
    "atan": (math.atan, [*ANY, 1e9]),
    "sinh": (lambda x: (math.exp(x) - math.exp(-x)) / 2, ANY),
    "cosh": (lambda x: (math.exp(x) + math.exp(-x)) / 2, ANY),
    "tanh": (math.tanh, [*ANY, 1e3, -1e3]),
    "sqrt": (lambda x: x**0.5, [0, *POSITIVE]),
    "cbrt": (cube_root, [*ANY, -27, 1e12]),
    "exp": (math.exp, [*ANY, -1000]),
    "log": (math.log, POSITIVE),
    "log10": (math.log10, POSITIVE),
    "gamma": (math.gamma, [-2.5, -0.5, 0.5, 1, 5, 20]),
    "digamma": (digamma, [-2.5, -0.25, 0.5, 1, 4, 1e6]),
    "trigamma": (trigamma, [-2.5, -0.25, 0.001, 0.5, 1, 4.4, 1e6]),
    "erf": (math.erf, [*ANY, 30]),
    "erfc": (math.erfc, [*ANY, 5]),
    "erfInv": (inverse_erf, [-0.9, -0.3, 0, 0.5, 0.99]),
    "erfcInv": (lambda x: inverse_erf(1 - x), [0.02, 0.5, 1, 1.75]),
    "abs": (abs, [*ANY, -(2**40)]),
    "signum": (sign, ANY),
    "floor": (math.floor, [*ANY, -2.5]),
    "ceil": (math.ceil, [*ANY, -2.5]),
    "round": (lambda x: math.floor(x + 0.5), [*ANY, -2.5, 3.5]),
    "not": (lambda x: int(x == 0), ANY),
    "bitwiseNot": (lambda x: -x - 1, [0, 7, -1, -8, 2**40]),
    "bitCount": (lambda x: f"{x % 2**64:b}".count("1"), [0, 1, 255, -1, -2, 2**40 + 1]),
    "float": (single, [0, 0.1, -1.5, 16777217, 1e30]),
    "double": (float, [0, 0.1, -1.5, 16777217, 1e30]),
}
BINARY: Final[dict[str, Binary]] = {
    "add": (lambda a, b: a + b, PAIRS),
    "subtract": (lambda a, b: a - b, PAIRS),
    "multiply": (lambda a, b: a * b, PAIRS),
    "divide": (lambda a, b: a / b if b else 0, PAIRS),
    "mod": (lambda a, b: math.fmod(a, b) if b else 0, PAIRS),
    "max": (lambda a, b: a if a > b else b, PAIRS),
    "min": (lambda a, b: a if a < b else b, PAIRS),
    "first": (lambda a, _: a, PAIRS),
    "firstNonZero": (lambda a, b: a or b, PAIRS),
    "hypot": (lambda a, b: (a * a + b * b) ** 0.5, PAIRS),
    "gammainc": (lower_gamma, [(0, 1), (1, 1), (10, 1), (0.2, 4.4), (60, 50), (3, 1e-3)]),
    "atan2": (lambda x, y: math.atan2(y, x), PAIRS),
    "pow": (lambda a, b: float(a) ** b, [(2, 10), (2, -1), (0, 0), (9, 0.5), (-2, 3), (1.5, 2)]),
    "and": (lambda a, b: int(a != 0 and b != 0), PAIRS),
    "or": (lambda a, b: int(a != 0 or b != 0), PAIRS),
    "lt": (lambda a, b: int(a < b), PAIRS),
    "lte": (lambda a, b: int(a <= b), PAIRS),
    "gt": (lambda a, b: int(a > b), PAIRS),
    "gte": (lambda a, b: int(a >= b), PAIRS),
    "eq": (lambda a, b: int(a == b), PAIRS),
    "neq": (lambda a, b: int(a != b), PAIRS),
    "bitwiseAnd": (lambda a, b: a & b, WHOLE),
    "bitwiseOr": (lambda a, b: a | b, WHOLE),
    "bitwiseXor": (lambda a, b: a ^ b, WHOLE),
    "leftShift": (lambda a, b: a * 2**b, SHIFTS),
    "rightShift": (lambda a, b: a // 2**b, SHIFTS),
}
# What has no finite value, or overflows: name, numbers and what `getInfo` shows.
EDGES: Final[list[tuple[str, list[float], Any]]] = [
    ("sqrt", [-1], "NaN"),
    ("log", [-1], "NaN"),
    ("log", [0], "-Infinity"),
    ("log10", [0], "-Infinity"),
    ("log10", [-5], "NaN"),
    ("asin", [1.5], "NaN"),
    ("acos", [-1.5], "NaN"),
    ("erfInv", [1], "Infinity"),
    ("erfInv", [-1], "-Infinity"),
    ("erfInv", [1.5], "NaN"),
    ("erfcInv", [0], "Infinity"),
    ("erfcInv", [2], "-Infinity"),
    ("erfcInv", [-0.5], "NaN"),
    ("exp", [1000], "Infinity"),
    ("sinh", [-1000], "-Infinity"),
    ("cosh", [-1000], "Infinity"),
    ("gamma", [200], "Infinity"),
    ("pow", [0, -1], "Infinity"),
    ("pow", [-8, 0.5], "NaN"),
    ("float", [1e300], "Infinity"),
]


def call(family: str, name: str, *values: Any) -> Any:
    """The algorithm as the client calls it, under any name of the list."""
    return ee.ApiFunction.call_(f"{family}.{name}", *values)


def spelt(name: str) -> tuple[str, str]:
    """Both names of a cast, such as "uint8" and "toUint8"."""
    return name, f"to{name[0].upper()}{name[1:]}"


def clamped(x: float, limits: tuple[int, int]) -> int:
    """Without its fraction, and within the range."""
    return max(limits[0], min(limits[1], math.trunc(x)))
