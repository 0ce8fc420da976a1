"""Functions of text, against Python's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import ee
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import World

DATA = {"a": [1, 2.5, "x"], "b": {"c": None}}


def value(of: Any) -> Any:
    return World().compute(of)


TEXT: dict[str, tuple[Callable[[], Any], Any]] = {
    "less": (lambda: ee.String("S1A").compareTo("S1B"), -1),
    "more": (lambda: ee.String("b").compareTo("abc"), 1),
    "the same": (lambda: ee.String("VV").compareTo("VV"), 0),
    "no text is less": (lambda: ee.String("").compareTo("a"), -1),
    "capitals come first": (lambda: ee.String("a").compareTo("B"), 1),
    "length": (lambda: ee.String("S1A_IW").length(), 6),
    "no length": (lambda: ee.String("").length(), 0),
    "first place": (lambda: ee.String("a_b_c").index("_"), 1),
    "last place": (lambda: ee.String("a_b_c").rindex("_"), 3),
    "no first place": (lambda: ee.String("abc").index("x"), -1),
    "no last place": (lambda: ee.String("abc").rindex("x"), -1),
    "small": (lambda: ee.String("VV_Mean1").toLowerCase(), "vv_mean1"),
    "capital": (lambda: ee.String("vv_Mean1").toUpperCase(), "VV_MEAN1"),
    "trimmed": (lambda: ee.String(" \t a b \n").trim(), "a b"),
    "a match": (lambda: ee.String("S1A_2020_S1B").match("S1[AB]"), ["S1A"]),
    "all matches": (lambda: ee.String("S1A_2020_S1B").match("S1[AB]", "g"), ["S1A", "S1B"]),
    "no match": (lambda: ee.String("S1A").match("s1a"), []),
    "a match in any case": (lambda: ee.String("S1A").match("s1a", "i"), ["S1A"]),
    "groups": (lambda: ee.String("20200304").match("(\\d{4})(\\d\\d)"), ["202003", "2020", "03"]),
    "from JSON": (lambda: ee.String(json.dumps(DATA)).decodeJSON(), DATA),
    "a number from JSON": (lambda: ee.String("-1.5e3").decodeJSON(), -1500),
    "there and back": (lambda: ee.String(ee.String.encodeJSON(DATA)).decodeJSON(), DATA),
}


@pytest.mark.parametrize("case", TEXT)
def test_a_function_of_text_is_pythons(case: str) -> None:
    make, expected = TEXT[case]
    assert value(make()) == expected


def test_encoded_json_is_read_back_by_python() -> None:
    assert json.loads(value(ee.String.encodeJSON(ee.Dictionary(DATA)))) == DATA
    assert json.loads(value(ee.String.encodeJSON(ee.List([1, "a"])))) == [1, "a"]
    with pytest.raises(EarthEngineError, match="JSON"):
        value(ee.String("{").decodeJSON())
