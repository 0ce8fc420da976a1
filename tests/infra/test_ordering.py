"""What must be there before what, by terraform's graph: a new project shows any wrong order."""

from functools import cache

import pytest

from tests.support import terraform
from tests.support.terraform import Edit

FUNCTION = "module.function.google_cloudfunctions2_function.this"
INVOKER = "google_cloud_run_v2_service_iam_member.invoker"
PUSH = "google_pubsub_subscription.push"
APIS = "time_sleep.apis"
# What asks nothing of an API that this switches on.
BEFORE_APIS = {"google_project_service.this", APIS}
# The later one would fail, or lose something, without the earlier one.
PAIRS = [
    (APIS, "google_project_service.this"),
    (FUNCTION, "time_sleep.build_grants"),
    ("time_sleep.build_grants", "google_project_iam_member.this"),
    ("time_sleep.build_grants", "google_artifact_registry_repository_iam_member.this"),
    (FUNCTION, "google_storage_bucket_iam_member.this"),
    (INVOKER, FUNCTION),
    (PUSH, INVOKER),
    (PUSH, "google_pubsub_subscription.dead"),
    (PUSH, "google_pubsub_topic_iam_member.dead"),
    (PUSH, "google_service_account_iam_member.push"),
    ("google_cloud_scheduler_job.this", INVOKER),
    ("google_pubsub_topic_iam_member.dead", "google_project_service_identity.pubsub"),
    ("google_service_account_iam_member.push", "google_project_service_identity.pubsub"),
    ("google_storage_bucket.exports", "google_kms_crypto_key_iam_member.storage"),
    ("time_sleep.metrics", "google_logging_metric.this"),
    ("time_sleep.metrics", "google_logging_metric.errors"),
    ("google_monitoring_alert_policy.this", "time_sleep.metrics"),
    ("google_monitoring_alert_policy.silence", "time_sleep.metrics"),
    ("google_monitoring_dashboard.this", "google_logging_metric.this"),
]
# Each takes one order away; by what is said of it.
MUTANTS = {
    "database": Edit("firestore.tf", "  depends_on = [time_sleep.apis]\n"),
    "topics": Edit(
        "pubsub.tf",
        'name = "${local.name}-${each.key}"\n\n  depends_on = [time_sleep.apis]',
        'name = "${local.name}-${each.key}"',
    ),
    "dead topics": Edit(
        "pubsub.tf",
        'name = "${local.name}-${each.key}-dead"\n\n  depends_on = [time_sleep.apis]',
        'name = "${local.name}-${each.key}-dead"',
    ),
    "build grants": Edit("functions.tf", "    time_sleep.build_grants,\n"),
    "images": Edit(
        "identities.tf", "{ images = google_artifact_registry_repository_iam_member.this.id }", "{}"
    ),
    "bucket grants": Edit("functions.tf", "    google_storage_bucket_iam_member.this,\n"),
    "push": Edit("pubsub.tf", "    google_cloud_run_v2_service_iam_member.invoker,\n"),
    "schedule": Edit(
        "scheduler.tf", "  depends_on = [google_cloud_run_v2_service_iam_member.invoker]"
    ),
    "wait for APIs": Edit(
        "apis.tf", "{ for name, api in google_project_service.this : name => api.id }", "{}"
    ),
    "wait for metrics": Edit("metrics.tf", "= local.alerted", "= {}"),
}


@cache
def graph() -> dict[str, set[str]]:
    return terraform.graph()


def wrong(graph: dict[str, set[str]]) -> set[tuple[str, str]]:
    """Return the pairs that a graph leaves to chance; every resource comes after the APIs."""
    pairs = [*PAIRS, *((name, APIS) for name in graph if name not in BEFORE_APIS | reads(graph))]
    return {(later, earlier) for later, earlier in pairs if earlier not in before(graph, later)}


def reads(graph: dict[str, set[str]]) -> set[str]:
    """Return the data sources: what must be on for them is switched on by hand (README.md)."""
    return {name for name in graph if "data." in name.replace("terraform_data.", "")}


def before(graph: dict[str, set[str]], name: str) -> set[str]:
    found: set[str] = set()
    left = [name]
    while left:
        news = graph[left.pop()] - found
        found |= news
        left += news
    return found


def test_nothing_is_left_to_chance() -> None:
    assert wrong(graph()) == set()


def test_nothing_comes_before_itself() -> None:
    assert not [name for name in graph() if name in before(graph(), name)]


@pytest.mark.soak
@pytest.mark.parametrize("mutant", MUTANTS)
def test_an_order_taken_away_is_seen(mutant: str) -> None:
    assert wrong(terraform.graph([MUTANTS[mutant]])) != set()
