"""How a function is built and run, and how long its images are kept."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.support import terraform
from tests.support.cloud_build_scripts import config
from tests.support.terraform import Edit, Plan

DAY_S = 86_400
FUNCTION = "google_cloudfunctions2_function"
MODULE = "modules/function/main.tf"


def builders(plan: Plan) -> set[Any]:
    """Return who builds: else Google's default account, which may do much more."""
    return {f.values["build_config"][0].get("service_account") for f in plan.resources(FUNCTION)}


def runtimes(plan: Plan) -> set[Any]:
    return {f.values["build_config"][0]["runtime"] for f in plan.resources(FUNCTION)}


def idle(plan: Plan) -> set[Any]:
    """Return how many instances are paid for while nothing is asked."""
    return {f.values["service_config"][0]["min_instance_count"] for f in plan.resources(FUNCTION)}


def images(plan: Plan) -> set[Any]:
    """Return what becomes of images: the action, from which age in days, how many of the newest."""
    policies = plan.one("google_artifact_registry_repository.this")["cleanup_policies"]
    return {(policy["action"], _age(policy), _newest(policy)) for policy in policies}


def _age(policy: dict[str, Any]) -> float:
    return sum(int(c["older_than"][:-1]) / DAY_S for c in policy["condition"])


def _newest(policy: dict[str, Any]) -> int:
    return sum(newest["keep_count"] for newest in policy["most_recent_versions"])


def runtime_of_the_tests() -> str:
    """Return the runtime that the pipeline's tests run with."""
    (image,) = {s["name"] for s in config()["steps"] if s["name"].startswith("python:")}
    return "python" + "".join(re.findall(r"\d+", image)[:2])


# What is asked of a plan, what it must be, and a change of the files that makes it something else.
Case = tuple[Callable[[Plan], set[Any]], set[Any], Edit]
CASES: dict[str, Case] = {
    "build account": (
        builders,
        {
            "projects/demo-project/serviceAccounts/s1r-prod-build@demo-project.iam.gserviceaccount.com"
        },
        Edit(MODULE, "    service_account   = var.build_account\n"),
    ),
    "runtime": (runtimes, {runtime_of_the_tests()}, Edit(MODULE, '"python313"', '"python311"')),
    "idle instances": (
        idle,
        {0},
        Edit(MODULE, "min_instance_count               = 0", "min_instance_count = 1"),
    ),
    "images": (
        images,
        {("DELETE", 30.0, 0), ("KEEP", 0.0, 3)},
        Edit("registry.tf", "2592000s", "259200s"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_function_is_built_and_run_as_it_is_meant(case: str) -> None:
    ask, right, _ = CASES[case]
    assert ask(terraform.full()) == right


@pytest.mark.soak
def test_another_value_is_seen() -> None:
    """All of them in one plan, which takes its time."""
    mutant = terraform.edited(edit for _, _, edit in CASES.values())
    for case, (ask, right, _) in CASES.items():
        assert ask(mutant) != right, case
