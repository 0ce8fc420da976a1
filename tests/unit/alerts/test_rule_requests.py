"""What a rule asks for is judged when the rule is written, not when a flood is under way."""

import json
from typing import Any

import pytest

from s1ratio.alerts.rule import read_rule
from s1ratio.alerts.rule_requests import request_faults
from s1ratio.alerts.shipped import FOLDER
from s1ratio.request.checks import Limits

RULES = [json.loads(path.read_text()) for path in sorted(FOLDER.glob("rules/*.json"))]


def faults(request: dict[str, Any], limits: Limits = Limits()) -> list[str]:  # noqa: B008
    return [one.path for one in request_faults(read_rule({**RULES[0], "request": request}), limits)]


@pytest.mark.parametrize("document", RULES, ids=lambda rule: rule["name"])
def test_those_that_come_along_are_taken_in(document: dict[str, Any]) -> None:
    assert request_faults(read_rule(document), Limits()) == []


@pytest.mark.parametrize(
    ("request_fields", "path"),
    [
        ({"products": ["none_such"]}, "request.products"),
        ({"labels": 5}, "request.labels"),
        ({"labels": {"a": 1}}, "request.labels"),
        ({"labels": {str(n): "" for n in range(29)}}, "request.labels"),
        ({"aoi": {"bbox": [1, 2, 3, 4]}}, "request.aoi"),
        ({"priority": 5}, "request.priority"),
        ({"orbits": [5]}, "request.orbits"),
        ({"speckle": 5}, "request.speckle"),
        ({"platforms": 3}, "request.platforms"),
        ({"no_such_field": 3}, "request.no_such_field"),
        ({"preset": "none_such"}, "request.preset"),
        ({"grid": {"crs": "utm", "scale": 1}}, "request.grid"),
        ({"destination": {"kind": "gcs", "prefix": "catalog/x"}}, "request.destination"),
        ({"destination": {"kind": "drive", "folder": "x"}}, "request.destination"),
    ],
)
def test_what_would_be_refused_each_time_is_a_fault_by_name(
    request_fields: dict[str, Any], path: str
) -> None:
    found = faults(request_fields)
    assert found
    assert all(one.startswith(path) for one in found), found


@pytest.mark.parametrize(
    "request_fields",
    [
        {},
        {"labels": {str(n): "" for n in range(28)}},
        {"speckle": {"filter": "boxcar", "size_px": 5}},
        {"platforms": ["A", "C"]},
        {"preset": "notebook"},
    ],
)
def test_what_may_be_asked_for_may(request_fields: dict[str, Any]) -> None:
    assert faults(request_fields) == []


def test_a_deployments_own_limits_count() -> None:
    drive = {"destination": {"kind": "drive", "folder": "x"}}
    assert faults(drive, Limits(allow_drive=True)) == []
