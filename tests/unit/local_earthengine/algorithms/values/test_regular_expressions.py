"""Regular expressions as Java reads them; expected values by Java's documentation and samples."""

from __future__ import annotations

from typing import Any

import ee
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import World


def value(of: Any) -> Any:
    return World().compute(of)


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "parts"),
    [
        ("aBAbcD", "Ab", "", ["aB", "cD"]),
        ("aBAbcD", "ab", "i", ["", "", "cD"]),
        ("aBAbcD", "[bc]", "i", ["a", "A", "", "D"]),
        ("aBAbcD", "(BA|c)", "", ["a", "b", "D"]),
        ("aBAbcD", "(?:BA)|(c)", "", ["a", "b", "D"]),
        ("a,b,cdee f,g", "", "", list("a,b,cdee f,g")),
        ("a,b,cdee f,g", "[[:space:]]", "", ["a,b,cdee", "f,g"]),
        ("a,b,cdee f,g", "[a-z]", "", ["", ",", ",", "", "", "", " ", ","]),
        ("a,b,cdee f,g", "[^a-z]", "", ["a", "b", "cdee", "f", "g"]),
        ("a.b*c?d", "\\.", "", ["a", "b*c?d"]),
        ("a.b*c?d", "[*]", "", ["a.b", "c?d"]),
        ("S1A_IW__GRDH__", "_+", "", ["S1A", "IW", "GRDH"]),
        ("S1A_IW_GRDH", "-", "", ["S1A_IW_GRDH"]),
        ("VV,", ",", "", ["VV"]),
        (",VV", ",", "", ["", "VV"]),
        (",,,", ",", "", []),
        ("", ",", "", [""]),
        ("abc", "x*", "", ["a", "b", "c"]),
        ("2020-01_02", "(?<sep>[-_])", "", ["2020", "01", "02"]),
        ("a[b]c", "[\\[\\]]", "", ["a", "b", "c"]),
        ("a[b]c", "[[\\]]", "", ["a", "b", "c"]),
        ("a]b", "[]]", "", ["a", "b"]),
        ("a&&b", "[&&]", "", ["a", "", "b"]),
        ("a.b.c", "\\Q.\\E", "", ["a", "b", "c"]),
        ("orbit12track3", "\\p{Digit}+", "", ["orbit", "track"]),
        ("orbit12track3", "[\\p{Alpha}]+", "", ["", "12", "3"]),
        ("\u0661x1", "\\d", "", ["\u0661x"]),
    ],
)
def test_a_text_is_split_as_java_splits_it(
    text: str, pattern: str, flags: str, parts: list[str]
) -> None:
    assert value(ee.String(text).split(pattern, flags)) == parts


@pytest.mark.parametrize(
    ("text", "pattern", "replacement", "flags", "expected"),
    [
        ("abc-abc", "abc", "X", "", "X-abc"),
        ("abc-abc", "abc", "", "g", "-"),
        ("aBc-Abc", "abc", "Z", "ig", "Z-Z"),
        ("VV_mean", "(V.)_(.*)", "$2_$1", "", "mean_VV"),
        ("20200304", "(\\d{4})(\\d\\d)(\\d\\d)", "$1-$2-$3", "", "2020-03-04"),
        ("a", "(a)", "$12", "", "a2"),
        ("ab", "(?<first>a)(x)?b", "<${first}$2>", "", "<a>"),
        ("price 5", "(5)", "\\$$1", "", "price $5"),
        ("a/b", "/", "\\\\", "", "a\\b"),
        ("a.b.c", "[.]", "\\n", "g", "anbnc"),
        ("x1y22", "[[:digit:]]+", "#", "g", "x#y#"),
    ],
)
def test_a_match_is_replaced_as_java_replaces_it(
    text: str, pattern: str, replacement: str, flags: str, expected: str
) -> None:
    assert value(ee.String(text).replace(pattern, replacement, flags)) == expected


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "expected"),
    [
        ("ABCabc123", "", "", [""]),
        ("ABCabc123", "ab", "g", ["ab"]),
        ("ABCabc123", "AB", "ig", ["AB", "ab"]),
        ("ABCabc123", "[a-z]+[0-9]+", "", ["abc123"]),
        ("ABCabc123", "abc[^0-9]", "i", ["ABCa"]),
        ("S1A_IW", "[[:upper:][:digit:]]+\\z", "", ["IW"]),
        ("a\n", "a\\Z", "", ["a"]),
    ],
)
def test_matches_are_javas(text: str, pattern: str, flags: str, expected: list[str]) -> None:
    assert value(ee.String(text).match(pattern, flags)) == expected


def test_only_javas_blanks_are_trimmed() -> None:
    assert value(ee.String(" \t\x00a\u00a0\n").trim()) == "a\u00a0"


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (lambda: ee.String("a").split("("), "String.split: Invalid regular expression"),
        (lambda: ee.String("a").match("[[:nonsense:]]"), "String.match: The class .*'nonsense'"),
        (lambda: ee.String("a").replace("a", "$1"), "String.replace: Invalid replacement: no gro"),
        (lambda: ee.String("a").replace("a", "$x"), "String.replace: Invalid replacement"),
        (
            lambda: ee.String("a").replace("a", "${x}"),
            "String.replace: Invalid replacement: no gro",
        ),
    ],
)
def test_what_java_does_not_take_is_refused(broken: Any, words: str) -> None:
    with pytest.raises(EarthEngineError, match=words):
        value(broken())


@pytest.mark.parametrize(
    ("selector", "chosen"),
    [
        ("V.", ["VV", "VH"]),
        ("[[:upper:]]+", ["VV", "VH"]),
        ("(?<pol>VV|VH)_mean", ["VV_mean"]),
        ("\\p{Upper}*_\\p{Lower}+", ["VV_mean"]),
        ("angle", ["angle"]),
    ],
)
def test_bands_and_properties_are_selected_by_the_same_expressions(
    selector: str, chosen: list[str]
) -> None:
    names = ["VV", "VH", "VV_mean", "angle"]
    image = ee.Image([1, 2, 3, 4]).rename(names)
    feature = ee.Feature(None, dict.fromkeys(names, 1))
    assert value(image.select(selector).bandNames()) == chosen
    assert sorted(value(feature.select([selector]).toDictionary())) == sorted(chosen)
    copied = ee.Feature(None).copyProperties(feature, [selector, "[", "a(b"])
    assert sorted(value(copied)["properties"]) == sorted(chosen)


def test_bands_are_renamed_by_the_same_expressions() -> None:
    image = ee.Image([1, 2]).rename(["VV_mean", "VH_mean"])
    found = value(image.regexpRename("(?<pol>V.)_(mean)", "$2\\$${pol}").bandNames())
    assert found == ["mean$VV", "mean$VH"]
    with pytest.raises(EarthEngineError, match=r"Image.regexpRename: Invalid replacement"):
        value(image.regexpRename("V", "$3").bandNames())
