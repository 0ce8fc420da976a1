"""Numbers written as text and read from it, as Java does both."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm

Number = int | float

_PATTERN: Final = re.compile(
    r"(?P<before>[^%]*)%(?P<flags>[#\-+ 0,(]*)(?P<width>\d*)(?:\.(?P<precision>\d+))?"
    r"(?P<kind>[sdoxXeEfgGaA])(?P<after>[^%]*)",
    re.DOTALL,
)
# What a width and a precision may be: more would fill the memory.
_MOST: Final = 999
_BITS: Final = 2**64
_PLAIN: Final = range(-3, 7)  # the powers of ten that Java writes without an exponent


@algorithm("Number.format")
def form(number: Number, pattern: str) -> str:
    """Write by a pattern of Java's Formatter: one `%`, such as %03d, %.2f or %,.1e.

    Halves are rounded up, as Java rounds what it would print in full.

    Unsettled: `%d`, `%o` and `%x` of a number that is not whole drop the fraction.
    """
    found = _PATTERN.fullmatch(pattern)
    if found is None or any(int(found[name] or 0) > _MOST for name in ("width", "precision")):
        raise EarthEngineError(
            f"Invalid pattern '{pattern}': expected one '%', modifiers of [#-+ 0,(.0-9] and one "
            "conversion of [sdoxXeEfgGaA]."
        )
    flags, kind = set(found["flags"]), found["kind"]
    precision = None if found["precision"] is None else int(found["precision"])
    if not math.isfinite(number) or kind == "s":
        flags.discard("0")
    digits = _digits(number, kind, precision, flags)
    text = _filled(digits, _sign(number, kind, flags), int(found["width"] or 0), flags)
    return found["before"] + (text.upper() if kind.isupper() else text) + found["after"]


def _digits(number: Number, kind: str, precision: int | None, flags: set[str]) -> str:
    """Return a number without its sign; of %s with it."""
    if kind == "s":
        text = plain_text(number)
        return text if precision is None else text[:precision]
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else "Infinity"
    if kind in "doxX":
        return _whole(int(number), kind, flags)
    if kind in "aA":
        return _hexadecimal(abs(float(number)))
    text = _decimal(abs(number), kind.lower(), 6 if precision is None else precision)
    return _grouped(text) if "," in flags else text


def _whole(number: int, kind: str, flags: set[str]) -> str:
    if kind == "d":
        return f"{abs(number):,}" if "," in flags else str(abs(number))
    prefix = {"o": "0", "x": "0x"}[kind.lower()] if "#" in flags else ""
    return prefix + format(number % _BITS, kind.lower())


def _decimal(number: Number, kind: str, precision: int) -> str:
    """Return so many digits, rounded half up: after the point, or for g altogether."""
    exact = Decimal(repr(number))
    if kind == "f":
        return format(_rounded(exact, precision), "f")
    if kind == "e":
        return _scientific(exact, precision)
    digits = max(precision, 1)
    shown = Context(prec=digits, rounding=ROUND_HALF_UP).plus(exact)
    if shown and not Decimal("1e-4") <= shown < Decimal(10) ** digits:
        return _scientific(exact, digits - 1)
    return format(_rounded(shown, digits - 1 - (shown.adjusted() if shown else 0)), "f")


def _rounded(number: Decimal, places: int) -> Decimal:
    context = Context(prec=_MOST * 2, rounding=ROUND_HALF_UP)
    return number.quantize(Decimal(1).scaleb(-places), context=context)


def _scientific(number: Decimal, places: int) -> str:
    shown = Context(prec=places + 1, rounding=ROUND_HALF_UP).plus(number)
    power = shown.adjusted() if shown else 0
    mantissa = _rounded(shown.scaleb(-power) if shown else shown, places)
    return f"{mantissa:f}e{power:+03d}"


def _hexadecimal(number: float) -> str:
    """Return it in base 16, as Java: 0x1.8p1."""
    mantissa, _, power = number.hex().partition("p")
    whole, _, fraction = mantissa.partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}p{int(power)}"


def _grouped(text: str) -> str:
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}{point}{rest}"


def _sign(number: Number, kind: str, flags: set[str]) -> tuple[str, str]:
    """Return what stands before the digits and behind them."""
    if kind in "soxX" or math.isnan(number):
        return "", ""
    if math.copysign(1, number) < 0:
        return ("(", ")") if "(" in flags else ("-", "")
    return ("+" if "+" in flags else " " if " " in flags else ""), ""


def _filled(digits: str, signs: tuple[str, str], width: int, flags: set[str]) -> str:
    """Return the text at least so wide: zeros behind the sign, else blanks at one side."""
    before, after = signs
    if "0" in flags:
        digits = digits.rjust(width - len(before) - len(after), "0")
    text = before + digits + after
    return text.ljust(width) if "-" in flags else text.rjust(width)


def plain_text(number: Number) -> str:
    """Return a number as Java prints it, but whole ones without a point: 1500, 0.25, 2.5E-4."""
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
    if number == int(number):
        return str(int(number))
    exact = Decimal(repr(number)).normalize()
    power = exact.adjusted()
    if power in _PLAIN:
        return format(exact, "f")
    mantissa = format(exact.scaleb(-power), "f")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}E{power}"


_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_DECIMAL: Final = re.compile(
    r"\s*[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)\s*", re.ASCII
)


@algorithm("Number.parse")
def parse(text: str, radix: int) -> Number:
    """Return a number of text, whole ones in any base from 2 to 36."""
    if not 2 <= radix <= 36:
        raise EarthEngineError(f"The radix must lie between 2 and 36, not {radix}.")
    digits = text[1:] if text[:1] in {"+", "-"} else text
    if digits and all(one in _DIGITS[:radix] for one in digits.lower()):
        return int(text, radix)
    if radix != 10 or not _DECIMAL.fullmatch(text):
        raise EarthEngineError(f"Cannot parse '{text}' as a number.")
    return float(text.strip().rstrip("fFdD"))
