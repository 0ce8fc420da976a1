"""An alert fires when what it is called has happened, and not before."""

import re
from typing import Any

import pytest

from s1ratio.alerts.log_events import WATCHES_TICK
from s1ratio.logevents import REGIONS_TICK
from s1ratio.task import TaskState
from tests.support import terraform

HOUR_S = 3_600
# Above which each fires, with env/prod.tfvars.
# The functions that a schedule calls, beside the poller, and the log lines of their ticks.
WAYS_IN = ("fetch_alerts", "refresh_regions", "watch_incidents")
TICKS = {"refresh_regions": REGIONS_TICK, "watch_incidents": WATCHES_TICK}
THRESHOLDS = {
    "silent_feed": 1,  # as long as it may be
    "dead_letters": 0,
    "backlog": HOUR_S,
    "stuck_tasks": 48 * HOUR_S,
    "failures": 0.2,
    "errors": 0,
    "regions": 0,
    "watches": 0,
    "eecu": 24 * HOUR_S,
    "unsent_events": HOUR_S / 4,
}


def condition(alert: str) -> dict[str, Any]:
    policy = terraform.full().one(f'google_monitoring_alert_policy.this["{alert}"]')
    found: dict[str, Any] = policy["conditions"][0]["condition_threshold"][0]
    return found


def watched(alert: str) -> set[str]:
    """Return the names of the subscriptions, of all there are, that an alert's filter selects."""
    (pattern,) = re.findall(r'regex\.full_match\("([^"]+)"\)', condition(alert)["filter"])
    subscriptions = terraform.full().resources("google_pubsub_subscription")
    names = {s.values["name"] for s in subscriptions} | {
        "s1r-prod-requests-push-2",
        "requests-dead",
    }
    return {name for name in names if re.fullmatch(pattern, name)}


def user_metric(filter_: str) -> str:
    (name,) = re.findall(r'metric\.type="logging\.googleapis\.com/user/s1r-prod/(\w+)"', filter_)
    return str(name)


def test_an_alert_for_each_trouble() -> None:
    policies = terraform.full().resources("google_monitoring_alert_policy")
    known = {f'google_monitoring_alert_policy.this["{name}"]' for name in THRESHOLDS}
    assert {p.address for p in policies} == known | {
        "google_monitoring_alert_policy.silence",
        "google_monitoring_alert_policy.uncalled",
        *(f'google_monitoring_alert_policy.no_tick["{name}"]' for name in TICKS),
        *(f'google_monitoring_alert_policy.not_called["{name}"]' for name in WAYS_IN),
    }
    assert all(p.values["enabled"] for p in policies)


@pytest.mark.parametrize("alert", THRESHOLDS)
def test_it_fires_above_its_threshold(alert: str) -> None:
    found = condition(alert)
    assert found["comparison"] == "COMPARISON_GT"
    assert found["threshold_value"] == pytest.approx(THRESHOLDS[alert])


def test_dead_letters_and_waiting_messages_are_those_of_our_subscriptions() -> None:
    topics = {f"s1r-prod-{topic}" for topic in ("requests", "alerts", "commands")}
    assert watched("dead_letters") == {f"{topic}-dead" for topic in topics}
    assert watched("backlog") == {f"{topic}-push" for topic in topics}


def test_failures_are_a_share_of_the_tasks_that_ended() -> None:
    found = condition("failures")
    assert user_metric(found["denominator_filter"]) == "tasks_ended"
    failed = f'metric.labels.state="{TaskState.FAILED.value}"'
    assert found["filter"] == f"{found['denominator_filter']} AND {failed}"
    assert found["aggregations"] == found["denominator_aggregations"]


def test_silence_is_that_no_tick_was_done() -> None:
    """One that did nothing, because another held the lease, is none."""
    policy = terraform.full().one("google_monitoring_alert_policy.silence")
    (absent,) = policy["conditions"][0]["condition_absent"]
    metric = user_metric(absent["filter"])
    counted = terraform.full().one(f'google_logging_metric.this["{metric}"]')["filter"]
    assert counted.endswith('AND jsonPayload.event=("tick")')


@pytest.mark.parametrize("function", TICKS)
def test_each_way_in_that_falls_silent_is_told_by_its_own_ticks(function: str) -> None:
    policy = terraform.full().one(f'google_monitoring_alert_policy.no_tick["{function}"]')
    (absent,) = policy["conditions"][0]["condition_absent"]
    metric = user_metric(absent["filter"])
    counted = terraform.full().one(f'google_logging_metric.this["{metric}"]')["filter"]
    assert counted.endswith(f'AND jsonPayload.event=("{TICKS[function].name}")')
    assert absent["duration"] == "1800s"


@pytest.mark.parametrize("function", WAYS_IN)
def test_each_way_in_that_nobody_calls_is_told_without_a_first_tick(function: str) -> None:
    policy = terraform.full().one(f'google_monitoring_alert_policy.not_called["{function}"]')
    (asked,) = policy["conditions"][0]["condition_prometheus_query_language"]
    service = terraform.full().one(
        f'module.function["{function}"].google_cloudfunctions2_function.this'
    )["name"]
    assert f'service_name="{service}"' in asked["query"]
    assert 'response_code_class="2xx"' in asked["query"]
    assert asked["disable_metric_validation"]
    jobs = terraform.full().resources("google_cloud_scheduler_job")
    assert f'google_cloud_scheduler_job.this["{function}"]' in {job.address for job in jobs}


def test_a_poller_that_was_never_called_is_told_of() -> None:
    """Absence is known after a first point only: this asks without one, of calls let in."""
    policy = terraform.full().one("google_monitoring_alert_policy.uncalled")
    (condition,) = policy["conditions"]  # PromQL allows no second one
    (asked,) = condition["condition_prometheus_query_language"]
    name, labels, window = re.fullmatch(  # type: ignore[union-attr]
        r"absent_over_time\(([\w:]+)\{([^}]+)\}\[(\d+)m\]\)", asked["query"]
    ).groups()
    assert name == "run_googleapis_com:request_count"
    poller = terraform.full().one(
        'module.function["poll_tasks"].google_cloudfunctions2_function.this'
    )
    assert dict(re.findall(r'(\w+)="([^"]*)"', labels)) == {
        "monitored_resource": "cloud_run_revision",
        "location": poller["location"],
        "service_name": poller["name"],
        "response_code_class": "2xx",
    }
    assert asked["disable_metric_validation"], "no service may have written the metric yet"
    held, every = int(asked["duration"][:-1]), int(asked["evaluation_interval"][:-1])
    assert held == int(window) * 60 == 1_800, "a new deployment has that long for its first tick"
    assert held % 60 == held % every == every % 30 == 0, "what Cloud Monitoring takes"
    assert policy["severity"] == "CRITICAL"


def test_alerts_wait_for_just_the_metrics_that_they_read() -> None:
    policies = terraform.full().resources("google_monitoring_alert_policy")
    text = str([policy.values["conditions"] for policy in policies])
    read = set(re.findall(r"user/s1r-prod/(\w+)", text))
    source = (terraform.ROOT / "infra" / "alerts.tf").read_text(encoding="utf-8")
    (listed,) = re.findall(r"for key in \[(.*?)\] : key => google_logging_metric", source)
    assert {*re.findall(r'"(\w+)"', listed), "errors"} == read


def test_stuck_and_failing_are_read_off_the_right_metrics() -> None:
    assert user_metric(condition("stuck_tasks")["filter"]) == "oldest_start_age"
    assert user_metric(condition("errors")["filter"]) == "errors"
    errors = terraform.full().one("google_logging_metric.errors")["filter"]
    assert errors.endswith("AND severity>=ERROR")


def test_what_is_kept_of_a_value_is_the_field_of_that_line() -> None:
    extractors = {
        r.values["name"].rpartition("/")[2]: r.values["value_extractor"]
        for r in terraform.full().resources("google_logging_metric")
        if r.values.get("value_extractor")
    }
    assert {
        name: re.findall(r"^EXTRACT\(jsonPayload\.(\w+)\)$", e) for name, e in extractors.items()
    } == {
        "active_tasks": ["active"],
        "eecu_seconds": ["eecu_seconds"],
        "feed_overdue": ["overdue"],
        "oldest_start_age": ["oldest_start_age_s"],
        "oldest_unsent_age": ["oldest_unsent_age_s"],
        "planned_tasks": ["planned"],
        "tick_seconds": ["duration_s"],
    }
