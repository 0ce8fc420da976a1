"""What a text may cost is bounded before it is parsed; bombs are refused in words."""

import json
import time

import pytest

from s1ratio.alerts.texts import read_csv, read_json, read_text, read_xml
from s1ratio.alerts.unwrapping import unwrap
from tests.unit.alerts import samples

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha">'
    + "".join(f'<!ENTITY x{i} "{"&x;" * 10}">' for i in range(9))
    + "]><a>&x8;</a>"
)
BOMBS = {
    "entities": LAUGHS,
    "another file": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "a document type": '<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>',
    "many elements": "<a>" + "<b/>" * 70_000 + "</a>",
    "many attributes": "<a " + " ".join(f'b{i}=""' for i in range(70_000)) + "/>",
    "deep XML": "<a>" * 1_000 + "</a>" * 1_000,
    "deep XML, short": "<a>" * 41 + "</a>" * 41,
    "cut XML": "<a><b>",
    "deep JSON": "[" * 100_000,
    "much JSON": "[" + "0," * 130_000 + "0]",
    "empty lists": "[" + "[]," * 100_000 + "[]]",
    "a long number": "[" + "9" * 10_000 + "]",
    "not a number": '{"a": NaN}',
    "cut JSON": '{"a": [1, 2',
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_words_at_once(name: str) -> None:
    began = time.monotonic()
    with pytest.raises(ValueError, match=r"."):
        read_text(BOMBS[name])
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "payload",
    [b"\xff\xfe", b"<a>\xff</a>", b"x" * 8_000_001],
)
def test_what_is_no_text_is_refused(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"UTF-8|bytes"):
        unwrap(payload, {})


def test_cap_s_lists_are_lists_however_often_they_stand() -> None:
    found = read_xml(samples.cap().decode())["alert"]
    assert len(found["info"]) == 2
    assert found["info"][0]["area"][0]["polygon"] == [samples.RING]
    assert found["identifier"] == "KH-2026-03-04-1"


def test_other_xml_is_read_as_it_stands() -> None:
    text = '<r xmlns:g="urn:g"><g:v unit="m">7</g:v><i/><i>x</i></r>'
    assert read_xml(text) == {"r": {"v": {"@unit": "m", "#text": "7"}, "i": [None, "x"]}}


@pytest.mark.parametrize(
    "text",
    [
        "Invalid MAP_KEY.",
        "Exceeded transaction limit, please try again later",
        "",
        "latitude\n1\n",
        'latitude,longitude\n"1,2\n',
        "a,a\n1,2\n",
        "a,b\n" + "1,2\n" * 10_002,
    ],
)
def test_what_is_no_csv_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"CSV|rows"):
        read_csv(text)


def test_a_row_that_ends_early_has_nulls_where_it_ends() -> None:
    assert read_csv("a,b,c\n1,2,3\n4\n") == [
        {"a": "1", "b": "2", "c": "3"},
        {"a": "4", "b": None, "c": None},
    ]


def test_json_is_read() -> None:
    assert read_json(json.dumps({"a": [1, None, "é"]})) == {"a": [1, None, "é"]}
