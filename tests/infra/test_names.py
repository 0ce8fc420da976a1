"""The names that the commands know by heart are those that Terraform gives."""

from s1ratio.settings import read_settings
from tests.support import terraform
from tests.support.deployed_zip import deployed


def test_the_commands_find_the_topic_and_its_dead_letters() -> None:
    settings = read_settings(deployed(terraform.dev(), "poll_tasks").environment)
    topic = terraform.dev().one('google_pubsub_topic.this["requests"]')["name"]
    letters = terraform.dev().one('google_pubsub_subscription.dead["requests"]')["name"]
    assert settings.requests_topic == f"projects/{settings.project}/topics/{topic}"
    assert settings.dead_letters == f"projects/{settings.project}/subscriptions/{letters}"
