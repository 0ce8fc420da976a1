"""Each API that a resource or the code needs is switched on, and no other."""

from tests.support import terraform

# What kinds of resources need, by the beginning of their names; the longest that fits counts.
APIS = {
    "google_artifact_registry": {"artifactregistry"},
    "google_billing": {"billingbudgets"},
    "google_cloud_quotas": {"cloudquotas"},
    "google_cloud_run": {"run"},
    "google_cloud_scheduler": {"cloudscheduler"},
    "google_cloudbuild": {"cloudbuild"},
    "google_cloudfunctions2": {"artifactregistry", "cloudbuild", "cloudfunctions", "run"},
    "google_firestore": {"firestore"},
    "google_kms": {"cloudkms"},
    "google_logging": {"logging"},
    "google_monitoring": {"monitoring"},
    "google_project": {"cloudresourcemanager"},
    "google_pubsub": {"pubsub"},
    "google_secret_manager": {"secretmanager"},
    "google_service_account": {"iam"},
    "google_storage": {"storage"},
    "terraform": set(),
    "time": set(),
}
# Needed by what runs, and by how its errors are grouped.
BESIDES = {"earthengine", "clouderrorreporting"}
OPTIONAL = {"billingbudgets", "cloudkms", "cloudquotas", "secretmanager"}


def enabled(plan: terraform.Plan) -> set[str]:
    services = plan.resources("google_project_service")
    return {service.values["service"].removesuffix(".googleapis.com") for service in services}


def needed(plan: terraform.Plan) -> set[str]:
    kinds = {resource.type for resource in plan.resources()}
    owners = {kind: max((p for p in APIS if kind.startswith(p)), key=len) for kind in kinds}
    return set().union(*(APIS[owner] for owner in owners.values())) | BESIDES


def test_all_that_is_needed_is_on_and_nothing_else() -> None:
    assert enabled(terraform.full()) == needed(terraform.full())
    assert enabled(terraform.dev()) == needed(terraform.dev())


def test_what_an_option_needs_comes_with_it() -> None:
    assert enabled(terraform.full()) - enabled(terraform.dev()) == OPTIONAL
