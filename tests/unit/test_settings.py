"""The deployment's environment: defaults, every variable, every fault in one error."""

from datetime import date
from typing import Any

import pytest

from s1ratio.errors import InvalidSettings
from s1ratio.plan import PlanLimits
from s1ratio.request import Limits
from s1ratio.settings import Settings, read_settings

LEAST = {"S1RATIO_PROJECT": "my-project", "S1RATIO_BUCKET": "my-bucket"}


def settings(**variables: str) -> Settings:
    return read_settings({**LEAST, **{f"S1RATIO_{k}": v for k, v in variables.items()}})


def refused(environment: dict[str, str]) -> dict[str, str]:
    with pytest.raises(InvalidSettings) as caught:
        read_settings(environment)
    return {fault.path: fault.message for fault in caught.value.faults}


def test_the_defaults() -> None:
    plain = settings()
    assert (plain.project, plain.bucket) == ("my-project", "my-bucket")
    assert (plain.store, plain.database, plain.ee_url) == ("firestore", "(default)", None)
    assert (plain.max_area_km2, plain.max_period_days, plain.max_tasks) == (250_000, 3_660, 200)
    assert (plain.max_task_pixels, plain.max_priority) == (10**10, 100)
    assert (plain.start_lease_s, plain.list_grace_s) == (180, 300)
    assert (plain.post_deadline_s, plain.tick_budget_s) == (60, 240)
    assert plain.allow_drive is False
    today = date(2026, 1, 10)
    assert plain.limits(today) == Limits(today=today)
    assert plain.plan_limits == PlanLimits(), "the plan's own defaults are the settings'"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("PROJECT", "example.com:my-project", "example.com:my-project"),
        ("DEPLOYMENT", "prod2", "prod2"),
        ("DATABASE", "composites", "composites"),
        ("EE_URL", "http://127.0.0.1:8800", "http://127.0.0.1:8800"),
        ("BUCKET", "a.b-c_d", "a.b-c_d"),
        ("STORE", "sqlite:some/where.sqlite", "sqlite:some/where.sqlite"),
        ("MAX_AREA_KM2", "12.5", 12.5),
        ("MAX_PERIOD_DAYS", "10", 10),
        ("MAX_TASKS", "5", 5),
        ("MAX_TASK_PIXELS", "1e9", 10**9),
        ("MAX_REQUEST_VALUES", "1e9", 10**9),
        ("MAX_REQUEST_BYTES", "1e12", 10**12),
        ("MAX_PRIORITY", "200", 200),
        ("LAUNCH_BUDGET_S", "30", 30),
        ("START_LEASE_S", "200", 200),
        ("LIST_GRACE_S", "0", 0),
        ("POST_DEADLINE_S", "1.5", 1.5),
        ("TICK_BUDGET_S", "60", 60),
        ("ALLOW_DRIVE", "1", True),
        ("ALLOW_DRIVE", " 0 ", False),
        ("MAX_TASKS", "", 200),
    ],
)
def test_a_variable_is_read(name: str, text: str, value: Any) -> None:
    assert getattr(settings(**{name: text}), name.lower()) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PROJECT", "My Project"),
        ("DEPLOYMENT", "prod-eu"),
        ("DEPLOYMENT", "thirteenchars"),
        ("DATABASE", "Default"),
        ("EE_URL", "http://127.0.0.1:8800/"),
        ("EE_URL", "127.0.0.1:8800"),
        ("EE_URL", "file:///x"),
        ("BUCKET", "gs://bucket"),
        ("STORE", "redis"),
        ("STORE", "sqlite:"),
        ("MAX_AREA_KM2", "0"),
        ("MAX_AREA_KM2", "nan"),
        ("MAX_AREA_KM2", "inf"),
        ("MAX_TASKS", "1.5"),
        ("MAX_TASKS", "many"),
        ("MAX_TASKS", "0"),
        ("MAX_REQUEST_VALUES", "0"),
        ("MAX_REQUEST_BYTES", "1.5"),
        ("MAX_PRIORITY", "10000"),
        ("START_LEASE_S", "-1"),
        ("START_LEASE_S", "60"),
        ("ALLOW_DRIVE", "yes"),
    ],
)
def test_a_wrong_variable_is_named_and_shown(name: str, text: str) -> None:
    faults = refused({**LEAST, f"S1RATIO_{name}": text})
    assert list(faults) == [f"S1RATIO_{name}"]
    assert "must be" in faults[f"S1RATIO_{name}"]


def test_the_lease_outlives_the_post() -> None:
    words = refused({**LEAST, "S1RATIO_POST_DEADLINE_S": "180"})["S1RATIO_START_LEASE_S"]
    assert "longer than S1RATIO_POST_DEADLINE_S (180 s)" in words


def test_all_faults_come_in_one_error() -> None:
    assert set(refused({"S1RATIO_STORE": "x", "S1RATIO_MAX_TASKS": "-1"})) == {
        "S1RATIO_PROJECT",
        "S1RATIO_BUCKET",
        "S1RATIO_STORE",
        "S1RATIO_MAX_TASKS",
    }


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("S1RATIO_MAX_AREA", "is no setting: did you mean S1RATIO_MAX_AREA_KM2?"),
        ("S1RATIO_MAX_TASK", "is no setting: did you mean S1RATIO_MAX_TASKS?"),
        ("S1RATIO_COLOUR", "is no setting"),
        ("S1RATIO_project", "is no setting"),
        ("S1RATIO_", "is no setting"),
    ],
)
def test_a_variable_that_is_none_of_ours_is_named(name: str, words: str) -> None:
    assert refused({**LEAST, name: "1"}) == {name: words}


def test_variables_of_the_tests_and_of_others_are_passed_over() -> None:
    theirs = {"S1RATIO_TEST_SCENES": "x", "S1RATIO_REQUIRE_ALL": "1", "PATH": "/bin"}
    assert read_settings({**LEAST, **theirs}) == settings()
