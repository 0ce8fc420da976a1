"""Who is called by whom, how often and for how long; where a message ends that nobody takes."""

from typing import Any

import pytest

from s1ratio.settings import read_settings
from tests.support import terraform

DAY_S = 86_400
EARTH_ENGINE_AT_ONCE = 40  # calls of a project
PUSHED = {"launch_exports": "requests", "record_alerts": "alerts", "apply_commands": "commands"}
SCHEDULED = ("poll_tasks", "refresh_regions", "fetch_alerts", "watch_incidents")
# By nobody's use ends no subscription.
NEVER = [{"ttl": ""}]


def services() -> dict[str, dict[str, Any]]:
    """Return how each function is run, by its name."""
    functions = terraform.full().resources("google_cloudfunctions2_function")
    return {
        f.values["build_config"][0]["entry_point"]: f.values["service_config"][0] for f in functions
    }


def push(function: str) -> dict[str, Any]:
    return terraform.full().one(f'google_pubsub_subscription.push["{function}"]')


def seconds(text: str) -> float:
    return float(text.removesuffix("s"))


def test_only_the_status_page_is_reached_from_the_internet() -> None:
    found = {name: service["ingress_settings"] for name, service in services().items()}
    assert found.pop("status_page") == "ALLOW_ALL"
    assert set(found.values()) == {"ALLOW_INTERNAL_ONLY"}


def test_one_tick_at_a_time() -> None:
    poller = services()["poll_tasks"]
    assert poller["max_instance_count"] == poller["max_instance_request_concurrency"] == 1


def test_earth_engine_takes_all_that_may_call_it_at_once() -> None:
    calls = [
        service["max_instance_count"] * service["max_instance_request_concurrency"]
        for service in services().values()
        if service["service_account_email"].startswith("s1r-prod-runner@")
    ]
    assert len(calls) == 2
    assert sum(calls) < EARTH_ENGINE_AT_ONCE


def test_each_call_has_a_thread() -> None:
    """functions-framework would have four for a processor, and a call in line uses up its time."""
    for name, service in services().items():
        threads = int(service["environment_variables"]["THREADS"])
        assert threads >= max(2, service["max_instance_request_concurrency"]), name


def test_what_is_deployed_last_is_what_runs() -> None:
    assert all(service["all_traffic_on_latest_revision"] for service in services().values())


def test_whoever_calls_waits_as_long_as_the_function_works() -> None:
    found = services()
    for name in PUSHED:
        deadline = push(name)["ack_deadline_seconds"]
        assert deadline == found[name]["timeout_seconds"]
        assert 10 <= deadline <= 600, "what Pub/Sub allows"
    for name in SCHEDULED:
        job = terraform.full().one(f'google_cloud_scheduler_job.this["{name}"]')
        assert seconds(job["attempt_deadline"]) == found[name]["timeout_seconds"]
        assert 15 <= found[name]["timeout_seconds"] <= 1800, "what Scheduler allows"
        assert job["retry_config"][0]["retry_count"] == 0, "the next tick does all of it"


def test_a_function_has_the_time_that_its_settings_give_it() -> None:
    launch, poll = services()["launch_exports"], services()["poll_tasks"]
    settings = read_settings(launch["environment_variables"])
    begun_last = settings.launch_budget_s + settings.post_deadline_s + settings.store_deadline_s
    assert launch["timeout_seconds"] >= max(2 * settings.launch_budget_s, begun_last)
    assert poll["timeout_seconds"] >= settings.tick_budget_s + settings.post_deadline_s


@pytest.mark.parametrize(("function", "topic"), list(PUSHED.items()))
def test_what_nobody_takes_is_kept_where_somebody_looks(function: str, topic: str) -> None:
    letters = f"projects/{terraform.PROJECT}/topics/s1r-prod-{topic}-dead"
    (policy,) = push(function)["dead_letter_policy"]
    assert policy["dead_letter_topic"] == letters
    kept = terraform.full().one(f'google_pubsub_subscription.dead["{topic}"]')
    assert kept["topic"] == letters
    assert kept["expiration_policy"] == push(function)["expiration_policy"] == NEVER


@pytest.mark.parametrize("function", PUSHED)
def test_a_message_comes_as_the_account_that_may_call(function: str) -> None:
    (token,) = push(function)["push_config"][0]["oidc_token"]
    assert token["service_account_email"].startswith("s1r-prod-push@")


@pytest.mark.parametrize("function", PUSHED)
def test_a_request_is_known_for_longer_than_its_message_can_come_back(function: str) -> None:
    kept = seconds(push(function)["message_retention_duration"])
    letters = terraform.full().resources("google_pubsub_subscription")
    dead = [
        seconds(s.values["message_retention_duration"]) for s in letters if ".dead[" in s.address
    ]
    settings = read_settings(services()["launch_exports"]["environment_variables"])
    assert kept == 7 * DAY_S
    assert settings.retention_days * DAY_S > kept + max(dead)


def test_the_schedules_are_the_ones_that_the_readme_tells() -> None:
    jobs = terraform.full().resources("google_cloud_scheduler_job")
    found = {job.values["name"]: (job.values["schedule"], job.values["time_zone"]) for job in jobs}
    assert found == {
        "s1r-prod-fetch-alerts": ("*/5 * * * *", "Etc/UTC"),
        "s1r-prod-poll-tasks": ("*/5 * * * *", "Etc/UTC"),
        "s1r-prod-refresh-regions": ("*/5 * * * *", "Etc/UTC"),
        "s1r-prod-watch-incidents": ("* * * * *", "Etc/UTC"),
    }
