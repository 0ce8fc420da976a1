"""Terraform and settings.py name the same variables, with the same defaults and limits."""

import pytest

from s1ratio.errors import InvalidSettings
from s1ratio.request.asyncapi import asyncapi_document
from s1ratio.settings import PREFIX, Settings, read_settings
from tests.support import terraform

# The cloud talks to the real Earth Engine, whose scenes are not invented, and publishes to Pub/Sub;
# keys are a secret of one function alone.
NEVER_SET = {"S1RATIO_EE_URL", "S1RATIO_PUSH_URL", "S1RATIO_SYNTHETIC", "S1RATIO_FEED_KEYS"}
FRAMEWORKS = {"THREADS"}  # functions-framework's own
PLANS = {"dev": terraform.dev, "prod": terraform.full}


def environments(deployment: str) -> dict[str, dict[str, str]]:
    functions = PLANS[deployment]().resources("google_cloudfunctions2_function")
    return {
        f.values["build_config"][0]["entry_point"]: f.values["service_config"][0][
            "environment_variables"
        ]
        for f in functions
    }


@pytest.mark.parametrize("deployment", PLANS)
def test_every_setting_is_set_and_nothing_else(deployment: str) -> None:
    known = {PREFIX + name.upper() for name in Settings.__dataclass_fields__}
    found = environments(deployment)
    assert {"launch_exports", "poll_tasks"} <= set(found)
    for name, variables in found.items():
        assert set(variables) - FRAMEWORKS == known - NEVER_SET, name


def test_defaults_are_the_products() -> None:
    """The file of prod sets no limit."""
    settings = read_settings(environments("prod")["launch_exports"])
    names = {"PROJECT": "demo-project", "BUCKET": "demo-project-s1r-prod-exports"}
    names |= {"DEPLOYMENT": "prod", "DATABASE": "s1ratio-prod"}
    names["COMMANDS_TOPIC"] = "projects/demo-project/topics/s1r-prod-commands"
    names["EVENTS_TOPIC"] = "projects/demo-project/topics/s1r-prod-events"
    assert settings == read_settings({PREFIX + name: value for name, value in names.items()})


def test_what_the_file_of_an_environment_sets_arrives() -> None:
    for variables in environments("dev").values():
        settings = read_settings(variables)
        assert (settings.max_area_km2, settings.max_tasks, settings.max_active) == (25_000, 50, 300)


def test_a_variable_that_is_no_setting_would_be_refused() -> None:
    """So the drift can be seen: settings.py takes no variable that it does not know."""
    with pytest.raises(InvalidSettings):
        read_settings({**environments("dev")["launch_exports"], "S1RATIO_NEW": "1"})


def test_the_commands_find_what_terraform_named() -> None:
    """`s1ratio redrive` and `smoke` know topic and dead letters by the deployment's name."""
    settings = read_settings(environments("dev")["launch_exports"])
    project = f"projects/{settings.project}"
    topic = terraform.dev().one('google_pubsub_topic.this["requests"]')["name"]
    dead = terraform.dev().one('google_pubsub_subscription.dead["requests"]')["name"]
    assert settings.requests_topic == f"{project}/topics/{topic}"
    assert settings.dead_letters == f"{project}/subscriptions/{dead}"


@pytest.mark.parametrize("deployment", PLANS)
def test_events_go_to_the_topic_that_subscribers_are_told(deployment: str) -> None:
    plan = PLANS[deployment]()
    topic = plan.one('google_pubsub_topic.this["events"]')["name"]
    address = asyncapi_document()["channels"]["events"]["address"]
    for variables in environments(deployment).values():
        settings = read_settings(variables)
        assert settings.events_topic == f"projects/{settings.project}/topics/{topic}"
        names = {"project": settings.project, "deployment": settings.deployment}
        assert settings.events_topic == address.format(**names)
