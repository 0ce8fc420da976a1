"""Expressions of feeds and rules are bounded: in length, depth, items and time."""

import time
from contextlib import suppress
from typing import Any

import pytest

from s1ratio.alerts.expressions import check_expression, evaluate, evaluate_items, is_true


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("a" * 1_001, "1001 characters"),
        ("", "empty"),
        ("   ", "empty"),
        ("(" * 400 + "a" + ")" * 400, "nested"),
        ("[" * 200 + "a" + "]" * 200, "nested"),
        ("!" * 300 + "a", "nested"),
        ("a[", "no JMESPath"),
        ("no_such(a", "no JMESPath"),
        ("'unclosed", "no JMESPath"),
    ],
)
def test_what_is_no_expression_is_refused_in_words(expression: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_expression(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "join('/', [a, b])",
        "not_null(a, b)",
        "rows[?to_number(frp) >= `10`].x | [0]",
        '"ce-id"',
        "a && (b || !c)",
    ],
)
def test_ordinary_ones_are_taken(expression: str) -> None:
    assert check_expression(expression) == expression


@pytest.mark.parametrize(
    ("expression", "document"),
    [
        ("a > `1`", {"a": "text"}),  # a bare TypeError of the library
        ("join('/', [a])", {"a": 1}),
        ("length(a)", {"a": None}),
        ("contains(a, 'x')", {}),
        ("no_such(a)", {"a": 1}),
        ("sum(a)", {"a": ["x"]}),
    ],
)
def test_what_fails_is_told_in_words(expression: str, document: Any) -> None:
    found = None
    with suppress(ValueError):
        found = evaluate(expression, document)
    assert found is None or found is False


def test_a_deadline_ends_what_goes_through_all_rows_for_each_row() -> None:
    rows = {"rows": [{"x": i} for i in range(3_000)]}
    began = time.monotonic()
    with pytest.raises(ValueError, match="too long"):
        evaluate("rows[*].{a: x, b: x == `1`}[].[a, b, a, b, a, b]", rows, deadline_s=0.01)
    assert time.monotonic() - began < 5


def test_a_message_has_at_most_10000_items() -> None:
    assert len(evaluate_items("rows", {"rows": [1] * 10_000})) == 10_000
    with pytest.raises(ValueError, match="10001 items"):
        evaluate_items("rows", {"rows": [1] * 10_001})


@pytest.mark.parametrize(
    ("found", "items"), [(None, 0), ({"a": 1}, 1), ([1, 2], 2), ([], 0), ("x", 1)]
)
def test_one_object_is_one_item_and_nothing_is_none(found: Any, items: int) -> None:
    assert len(evaluate_items("@", found)) == items


@pytest.mark.parametrize("value", [None, False, "", [], {}])
def test_what_is_empty_is_not_true(value: Any) -> None:
    assert not is_true(value)


@pytest.mark.parametrize("value", [True, 0, 1, "x", [0], {"a": None}])
def test_all_else_is_true_as_in_jmespath(value: Any) -> None:
    assert is_true(value)
