"""What changed is deployed again, and nothing else; a teardown leaves nothing.

Applied on the offline stand-ins: it shows what terraform would do, not what a cloud does.
"""

import shutil
from pathlib import Path

import pytest

from tests.support import terraform

pytestmark = pytest.mark.soak

_STEPS = """#!/bin/sh
set -e
exec 2>&1
terraform init -input=false -no-color > /dev/null
apply() { terraform apply -auto-approve -input=false -no-color "$@"; }
plan() { terraform plan -input=false -no-color "$@" | grep -E '^  # |^Plan|^No changes' > "$out"; }
apply "$@" > applied.txt
out=unchanged.txt plan "$@"
anew='module.function["poll_tasks"].google_cloudfunctions2_function.this'
out=replaced.txt plan -replace="$anew" "$@"
printf '\\n# changed\\n' >> source/functions/poll_tasks/main.py
out=function.txt plan "$@"
apply "$@" > /dev/null
printf '\\n# changed\\n' >> source/shared/s1ratio/settings.py
out=package.txt plan "$@"
terraform destroy -auto-approve -input=false -no-color "$@" > destroyed.txt
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("redeploy") / "infra"
    infra = terraform.ROOT / "infra"
    shutil.copytree(infra, folder, ignore=terraform.LEFT_BEHIND)
    shutil.copytree(infra / "tests" / "source", folder / "source")
    terraform.steps(folder, "env/dev.tfvars", {"source_root": "source"}, _STEPS)
    return folder


def test_an_unchanged_tree_changes_nothing(folder: Path) -> None:
    assert (folder / "unchanged.txt").read_text().startswith("No changes.")


def test_a_changed_function_alone_is_deployed_again(folder: Path) -> None:
    changes = (folder / "function.txt").read_text()
    assert 'module.function["poll_tasks"].google_cloudfunctions2_function.this will be' in changes
    assert changes.splitlines()[-1] == "Plan: 1 to add, 1 to change, 1 to destroy."


def test_who_may_call_a_function_may_call_the_one_made_in_its_place(folder: Path) -> None:
    """Its grants went with it, under the same name: only the plan of both brings them back."""
    changes = (folder / "replaced.txt").read_text().splitlines()
    grants = {line for line in changes if "_iam_member.invoker[" in line}
    assert len(grants) == 1
    assert 'invoker["poll_tasks scheduler"] will be replaced' in grants.pop()


def test_a_new_zip_leaves_grants_and_waits_alone(folder: Path) -> None:
    for name in ("function.txt", "package.txt"):
        changes = (folder / name).read_text()
        assert "_iam_member" not in changes
        assert "time_sleep" not in changes


def test_a_changed_package_deploys_every_function(folder: Path) -> None:
    last = (folder / "package.txt").read_text().splitlines()[-1]
    assert last == "Plan: 5 to add, 5 to change, 5 to destroy."


def test_a_teardown_takes_away_all_that_was_made(folder: Path) -> None:
    made = (folder / "applied.txt").read_text().partition("Apply complete! Resources: ")[2]
    count = made.partition(" ")[0]
    assert (
        f"Destroy complete! Resources: {count} destroyed." in (folder / "destroyed.txt").read_text()
    )
