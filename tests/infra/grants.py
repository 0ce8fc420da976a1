"""IAM grants: those of a plan, and those of the table in infra/README.md, in the same words."""

import re
from dataclasses import dataclass
from itertools import product
from typing import Any

from tests.support import terraform

README = terraform.ROOT / "infra" / "README.md"
# What each kind of grant is on: an argument of the resource, as a format of the deployment's names.
_ON = {
    "google_project_iam_member": "project",
    "google_storage_bucket_iam_member": "bucket {bucket}",
    "google_pubsub_topic_iam_member": "topic {topic}",
    "google_pubsub_subscription_iam_member": "subscription {subscription}",
    "google_cloud_run_v2_service_iam_member": "service {name}",
    "google_artifact_registry_repository_iam_member": "images",
    "google_service_account_iam_member": "account {service_account_id}",
    "google_kms_crypto_key_iam_member": "key",
    "google_secret_manager_secret_iam_member": "secret",
}
_AGENTS = {"gcp-sa-pubsub": "Pub/Sub's agent", "gs-project-accounts": "Cloud Storage's agent"}


@dataclass(frozen=True, order=True)
class Grant:
    """Who may act in which role on what, without the deployment's prefixes."""

    who: str
    role: str
    on: str


def planned(plan: terraform.Plan) -> list[Grant]:
    """Return every grant of a plan; a kind of IAM resource that is not known here is an error."""
    return sorted(_grant(r) for r in plan.resources() if re.search(r"_iam_", r.type))


def table() -> set[Grant]:
    """Return what the README's table allows: each role of a line, on each of its things."""
    text = README.read_text(encoding="utf-8")
    section = text.partition("## Identities")[2].partition("\n## ")[0]
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if "roles/" in line]
    cells = [[re.findall(r"`([^`]+)`", cell) for cell in line[:3]] for line in lines]
    return {Grant(*each) for line in cells for each in product(*line)}


def _grant(resource: terraform.Resource) -> Grant:
    values = resource.values
    on = _ON[resource.type].format(**{k: _short(v) for k, v in values.items()})
    for condition in values.get("condition") or []:
        on += f", {condition['title']}"
    return Grant(_who(values["member"]), values["role"], on)


def _who(member: str) -> str:
    kind, _, name = member.partition(":")
    ours = re.fullmatch(rf"s1r-[a-z0-9]+-([a-z]+)@{terraform.PROJECT}\..*", name)
    if kind == "serviceAccount" and ours:
        return ours[1]
    for domain, agent in _AGENTS.items():
        if f"@{domain}.iam" in name:
            return agent
    options = [k for k, v in terraform.EVERYTHING.items() if isinstance(v, list) and member in v]
    return options[0] if options else member


def _short(value: Any) -> str:
    """Return a resource's name without what every name of the deployment begins with."""
    name = str(value).rpartition("/")[2].partition("@")[0]
    return re.sub(rf"^({terraform.PROJECT}-)?(s1r-[a-z0-9]+-)?", "", name)
