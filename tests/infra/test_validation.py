"""Every wrong value is refused when planning, in the words of its variable."""

import re
from dataclasses import fields
from functools import partial
from typing import Any

import pytest

from s1ratio.errors import InvalidSettings
from s1ratio.settings import Settings, read_settings
from tests.support import terraform

long = partial(pytest.param, marks=pytest.mark.soak)  # each is a plan of its own

# Beyond tests/*.tftest.hcl, which see that a variable fails but not of which of its rules.
LIMITS: dict[str, Any] = {
    "feed_hosts": "https://example.org/a",
    "list_grace_s": -1,
    "lost_grace_s": -1,
    "max_active": 3_001,
    "max_area_km2": 0,
    "max_period_days": 0,
    "max_priority": 10_000,
    "max_request_bytes": 0,
    "max_request_eecu_s": 0,
    "max_request_values": 0,
    "max_task_pixels": 1_000,
    "max_tasks": 0,
    "max_tasks_day": 0,
    "launch_budget_s": 301,
    "post_deadline_s": 601,
    "queue_pause_s": 0,
    "quota_reset_hour": 24,
    "retention_days": 20.5,
    "start_lease_s": 0.5,
    "store_deadline_s": 0,
    "tick_budget_s": 1_790,
}
WRONG: dict[str, Any] = {
    "alert_emails": ["ops"],
    "alert_publishers": ["allUsers"],
    "backup_retention_days": 0,
    "billing_account": "mine",
    "bucket_location": "Europe",
    "budget_amount": 0,
    "command_publishers": ["allUsers"],
    "delivery_attempts": 3,
    "deployment": "prod-eu",
    "eecu_alert_hours": 0,
    "eecu_quota": {"id": "", "seconds_per_day": 1},
    "event_subscribers": ["allAuthenticatedUsers"],
    "export_readers": ["allUsers"],
    "exports_retention_days": 1,
    "failure_ratio": 20,
    "feed_keys_secret": "projects/p/secrets/s",
    "fetch_schedule": "often",
    "watch_schedule": "often",
    "firestore_location": "us",
    "kms_key_name": "my-key",
    "pipeline": {"repository": "github.com/o/r", "state_bucket": "b", "var_file": "../x"}
    | {"branch": "^(main|prod)$", "host": "GITLAB"},
    "poll_schedule": "every 5 minutes",
    "project_id": "My Project",
    "publishers": ["somebody@example.com"],
    "refresh_schedule": "0 25 * * *",
    "region": "europe-west99",
    "settings": LIMITS,
    "silence_minutes": 1,
    "soft_delete_days": 3,
    "source_root": "no/such/folder",
    "status_readers": ["allUsers"],
    "stuck_hours": 1_000,
}
LEAST = {"S1RATIO_PROJECT": "demo-project", "S1RATIO_BUCKET": "a-bucket"}
APART = {
    "dead_letter_retention_days": 0,
    "message_retention_days": 40,
    "require_guards": True,  # nobody is told, and there is no limit
}  # a rule of `settings` asks them


def rules() -> set[str]:
    """Return the beginning of every message in variables.tf: up to what differs by value."""
    text = (terraform.ROOT / "infra" / "variables.tf").read_text(encoding="utf-8")
    return {
        _plain(words).partition("${")[0] for words in re.findall(r'error_message = "(.*)"', text)
    }


def _plain(words: str) -> str:
    return re.sub(r"[\s│╷╵]+", " ", words).strip()


def test_every_rule_is_broken_here() -> None:
    values = {**WRONG, **APART}
    text = (terraform.ROOT / "infra" / "variables.tf").read_text(encoding="utf-8")
    checked = re.findall(r'^variable "(\w+)"(?:(?!^variable).)*?validation', text, re.M | re.S)
    assert set(values) == set(checked)


def test_every_wrong_value_is_refused_in_its_own_words() -> None:
    said = _plain(terraform.refusal(WRONG)) + _plain(terraform.refusal(APART))
    assert {rule for rule in rules() if rule not in said} == set()


def test_nothing_but_what_is_wrong_is_found_fault_with() -> None:
    some = {"region": "europe-west99", "settings": {"max_tasks": 0}}
    said = _plain(terraform.refusal(some))
    found = {rule for rule in rules() if rule in said}
    assert found == {
        rule for rule in rules() if rule.startswith(("region ", "settings.max_tasks "))
    }


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, {"alert_emails", "eecu_quota"}),
        long({"alert_emails": ["ops@example.com"]}, {"eecu_quota"}),
        long({"eecu_quota": {"id": "AnId", "seconds_per_day": 86_400}}, {"alert_emails"}),
    ],
    ids=["neither", "no limit", "nobody told"],
)
def test_prod_is_not_planned_without_guards(given: dict[str, Any], missing: set[str]) -> None:
    """Nobody told of alerts, no limit on a day's computing: either is refused, and so are both."""
    said = _plain(terraform.refusal(given, "env/prod.tfvars"))
    assert set(re.findall(r"require_guards: (\w+) is", said)) == missing


def test_infra_without_the_functions_beside_it_destroys_none() -> None:
    """Each function is deployed when its folder is there: a checkout of infra alone has none."""
    said = _plain(terraform.refusal_alone())
    for path in ("functions/launch_exports/main.py", "functions/poll_tasks/main.py"):
        assert f"no {path}" in said
    assert "no shared/s1ratio/settings.py" in said
    assert "this plan would destroy functions that run" in said
    assert "name one with source_root" in said


def test_half_a_checkout_is_not_deployed() -> None:
    said = _plain(terraform.refusal({"source_root": "tests/half"}))
    assert "There is no functions/poll_tasks/main.py, no shared/s1ratio/settings.py in" in said


@pytest.mark.parametrize(
    "values", [{int: 1.5, float: 0.05}, long({int: 1e15, float: 1e15})], ids=["low", "high"]
)
def test_what_settings_refuses_is_refused_here(values: dict[Any, float]) -> None:
    """Else a function would be deployed that can't take a single message."""
    limits = {i.name: values[i.type] for i in fields(Settings) if i.type in values}
    wrong = {name: value for name, value in limits.items() if not allowed(name, value)}
    assert len(wrong) > 10
    said = _plain(terraform.refusal({"settings": wrong}))
    assert {name for name in wrong if f"settings.{name} must" not in said} == set()


def allowed(name: str, value: float) -> bool:
    """Whether settings.py takes a value, whatever the other settings are."""
    variables = {**LEAST, "S1RATIO_START_LEASE_S": "86400", "S1RATIO_POST_DEADLINE_S": "0.1"}
    try:
        read_settings({**variables, f"S1RATIO_{name.upper()}": repr(value)})
    except InvalidSettings:
        return False
    return True


@pytest.mark.parametrize(
    "name",
    sorted(set(LIMITS) - {"launch_budget_s", "tick_budget_s", "max_active", "retention_days"}),
)
def test_what_is_refused_here_settings_refuses_as_well(name: str) -> None:
    """The rest is refused for the sake of Pub/Sub, Scheduler and Earth Engine's queue."""
    with pytest.raises(InvalidSettings):
        read_settings({**LEAST, f"S1RATIO_{name.upper()}": str(LIMITS[name])})
