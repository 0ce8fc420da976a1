"""Plans of infra, made by the real terraform with the offline stand-in for Google's providers."""

import atexit
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.required_tools import require

ROOT = Path(__file__).parents[2]
PROJECT = "demo-project"
_DEADLINE_S = 300.0
# A third of the time of a plan with all sources is Go's collection of garbage.
_COLLECTS_LESS = {"GOGC": "400"}
LEFT_BEHIND = shutil.ignore_patterns(".terraform*", ".build", "*.tfstate*", "__pycache__")


@dataclass(frozen=True)
class Resource:
    """A resource of a plan: what is known of it before it is applied."""

    address: str
    type: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Edit:
    """A change of one of infra's files, by which a test is tried: `old`, there once, goes."""

    file: str
    old: str
    new: str = ""

    def make(self, folder: Path) -> None:
        """Change the file in a copy of infra."""
        text = (folder / self.file).read_text(encoding="utf-8")
        assert text.count(self.old) == 1, f"{self.file}: {text.count(self.old)} times {self.old}"
        (folder / self.file).write_text(text.replace(self.old, self.new), encoding="utf-8")


@dataclass(frozen=True)
class Plan:
    """A plan as JSON, and the folder (a copy of infra) that it was made in, with its `.build`."""

    json: dict[str, Any]
    folder: Path

    def resources(self, kind: str | None = None) -> list[Resource]:
        """Return the resources of a type, or all, that would be there after an apply."""
        found = [
            Resource(change["address"], change["type"], change["change"]["after"])
            for change in self.json["resource_changes"]
            if change["mode"] == "managed" and change["change"]["after"] is not None
        ]
        return [resource for resource in found if kind in {None, resource.type}]

    def one(self, address: str) -> dict[str, Any]:
        """Return the values of the resource at an address."""
        (found,) = [r.values for r in self.resources() if r.address == address]
        return found

    def zip(self, function: str) -> Path:
        """Return the archive of a function that the plan wrote."""
        return self.folder / ".build" / f"{function}.zip"


def command() -> Path:
    """Return the offline terraform; skip (or fail) the test where it was not installed."""
    path = (
        Path(os.environ.get("S1RATIO_TEST_OFFLINE_TF") or ROOT / ".offline-tf")
        / "terraform-offline"
    )
    require(shutil.which("terraform"), "Terraform is missing: no `terraform` on the PATH")
    require(path.is_file(), f"no offline Terraform providers in {path.parent}: make .offline-tf")
    return path


# Every option there is.
EVERYTHING: dict[str, Any] = {
    "alert_emails": ["ops@example.com"],
    "alert_publishers": ["serviceAccount:monitoring@example.iam.gserviceaccount.com"],
    "billing_account": "012345-6789AB-CDEF01",
    "command_publishers": ["group:commanders@example.com"],
    "eecu_quota": {"id": "AnId", "seconds_per_day": 86400},
    "event_subscribers": ["group:listeners@example.com"],
    "export_readers": ["group:readers@example.com"],
    "exports_retention_days": 400,
    "feed_keys_secret": "feed-keys",
    "kms_key_name": "projects/demo-project/locations/us/keyRings/ring/cryptoKeys/key",
    "pipeline": {
        "repository": "projects/demo-project/locations/us-central1/connections/c/repositories/r",
        "state_bucket": "demo-project-state",
        "var_file": "env/prod.tfvars",
    },
    "publishers": ["serviceAccount:publisher@example.iam.gserviceaccount.com"],
    "status_readers": ["group:operators@example.com"],
}


@cache
def dev() -> Plan:
    """Return the plan of env/dev.tfvars and nothing else; made once a process."""
    return _plan("env/dev.tfvars", {})


@cache
def full() -> Plan:
    """Return the plan of env/prod.tfvars with all options and all functions; once a process.

    The functions' files are all but empty: it is for looking at resources.
    """
    return _plan("env/prod.tfvars", {**EVERYTHING, "source_root": "tests/source"})


def graph(edits: Iterable[Edit] = ()) -> dict[str, set[str]]:
    """Return what each resource comes after, directly, in a copy of infra with these edits."""
    folder = _copy(edits)
    done = steps(folder, "env/dev.tfvars", {}, _GRAPH)
    assert done.returncode == 0, f"terraform: {done.stderr[-4000:]}"
    dot = (folder / "graph.dot").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {name: set() for name in re.findall(r'"([\w.]+)" \[label', dot)}
    for later, earlier in re.findall(r'"([\w.]+)" -> "([\w.]+)"', dot):
        found[later].add(earlier)
    return found


def edited(edits: Iterable[Edit]) -> Plan:
    """Return the plan that `full` is of, in a copy of infra with these edits."""
    return _plan("env/prod.tfvars", {**EVERYTHING, "source_root": "tests/source"}, edits)


def refusal(values: dict[str, Any], var_file: str = "env/dev.tfvars") -> str:
    """Return what terraform says of values that it refuses to plan with."""
    values = {"source_root": "tests/source", **values}
    done = steps(_for_refusals(), var_file, values, _STEPS)
    assert done.returncode != 0, f"planned: {values}"
    return done.stderr


def refusal_alone() -> str:
    """Return what terraform says of infra without the folders beside it."""
    folder = _copy()
    for name in ("functions", "shared"):
        (folder.parent / name).unlink()
    done = steps(folder, "env/dev.tfvars", {}, _STEPS)
    assert done.returncode != 0, "planned"
    return done.stderr


@cache
def _for_refusals() -> Path:
    """Return one copy of infra for all that is refused: such a plan leaves nothing in it."""
    return _copy()


def _plan(var_file: str, more: dict[str, Any], edits: Iterable[Edit] = ()) -> Plan:
    folder = _copy(edits)
    done = steps(folder, var_file, more, _STEPS)
    assert done.returncode == 0, f"terraform: {done.stdout[-2000:]}{done.stderr[-4000:]}"
    return Plan(json.loads((folder / "plan.json").read_text(encoding="utf-8")), folder)


def steps(
    folder: Path, var_file: str, more: dict[str, Any], script: str
) -> subprocess.CompletedProcess[str]:
    """Run a shell script of terraform commands in a folder; the variables are its arguments.

    All of it while the providers run: each start of theirs takes a second.
    """
    terraform = command()
    values = {"project_id": PROJECT, **more}
    (folder / "more.tfvars.json").write_text(json.dumps(values), encoding="utf-8")
    (folder / "steps").write_text(script, encoding="utf-8")
    (folder / "steps").chmod(0o755)
    environment = {k: v for k, v in os.environ.items() if k != "TF_CLI_CONFIG_FILE"}
    return subprocess.run(
        [terraform, f"-chdir={folder}", f"-var-file={var_file}", "-var-file=more.tfvars.json"],
        env={**_COLLECTS_LESS, **environment, "TERRAFORM": str(folder / "steps")},
        capture_output=True,
        text=True,
        timeout=_DEADLINE_S,
        check=False,
    )


_STEPS = """#!/bin/sh
set -e
[ -d .terraform/providers ] || terraform init -input=false -no-color
terraform plan -input=false -no-color -out=plan.tfplan "$@"
terraform show -json plan.tfplan > plan.json
"""


_GRAPH = """#!/bin/sh
set -e
terraform init -input=false -no-color > /dev/null
terraform graph > graph.dot
"""


def _copy(edits: Iterable[Edit] = ()) -> Path:
    """Copy infra, and link what it reads, as a repository of its own; return the copy of infra."""
    top = Path(tempfile.mkdtemp(prefix="s1ratio-plan-"))
    atexit.register(shutil.rmtree, top, ignore_errors=True)
    shutil.copytree(ROOT / "infra", top / "infra", ignore=LEFT_BEHIND)
    for name in ("functions", "shared"):
        (top / name).symlink_to(ROOT / name)
    for edit in edits:
        edit.make(top / "infra")
    return top / "infra"
