"""cloudbuild.yaml run here: its scripts for real, the programs that they call recorded.

A program is a stand-in that writes down how it was called. `gcloud storage cp` copies within a
folder, `terraform` leaves the files that it would leave.
"""

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.support import terraform

ROOT = Path(__file__).parents[2]
PATH = ROOT / "cloudbuild.yaml"
_PROGRAMS = ("make", "apt-get", "gcloud", "terraform", "python3", "pip", "s1ratio")
_DEADLINE_S = 300.0

_STAND_IN = '''#!{python}
"""Writes down how it was called, and leaves what the real program would leave."""
import json, os, pathlib, shutil, sys

name, args = pathlib.Path(sys.argv[0]).name, sys.argv[1:]
call = " ".join([name, *args])
plan = pathlib.Path("plan.tfplan")
with open(os.environ["CALLS"], "a") as calls:
    read = plan.read_text() if name == "terraform" and args[0] == "apply" else ""
    extra = {{k: v for k, v in os.environ.items() if k.startswith("S1RATIO_")}}
    calls.write(json.dumps({{"call": call, "plan": read, "settings": extra}}) + "\\n")
if os.environ["FAILING"] and call.startswith(os.environ["FAILING"]):
    sys.exit(1)
if call.startswith("gcloud info"):
    sdk = pathlib.Path(os.environ["CALLS"]).parent / "sdk-root"
    (sdk / "platform").mkdir(parents=True, exist_ok=True)
    print(sdk)
if call.startswith("gcloud storage cp"):
    ends = [e.replace("gs://", os.environ["CLOUD_STORAGE"] + "/") for e in args[-2:]]
    if "--if-generation-match=0" in args and pathlib.Path(ends[1]).exists():
        sys.exit(1)
    try:
        pathlib.Path(ends[1]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(*ends)
    except FileNotFoundError:
        sys.exit(1)
if call.startswith("terraform init"):
    pathlib.Path(".terraform.lock.hcl").write_text("the providers\\n")
if call.startswith("terraform plan"):
    plan.write_text("the plan of " + os.environ["COMMIT_SHA"])
    pathlib.Path(".build").mkdir(exist_ok=True)
    pathlib.Path(".build/launch_exports.zip").write_text("the zip")
if call.startswith("terraform output"):
    print("the-" + args[-1])
if call.startswith("python3 -m venv"):
    (pathlib.Path(args[-1]) / "bin").mkdir(parents=True)
    for program in ("pip", "s1ratio"):
        (pathlib.Path(args[-1]) / "bin" / program).symlink_to(sys.argv[0])
'''


@dataclass(frozen=True)
class Call:
    """One call of a program: its words, our settings in its environment, the plan if it applies."""

    call: str
    plan: str
    settings: dict[str, str]


@dataclass(frozen=True)
class Built:
    """A build that ended: the calls of its programs in order, and the step that failed, if any."""

    calls: tuple[Call, ...]
    failed: str | None
    output: str

    def of(self, words: str) -> list[Call]:
        """Return the calls that begin with these words."""
        return [call for call in self.calls if call.call.startswith(words)]


def config() -> dict[str, Any]:
    """Return cloudbuild.yaml as data."""
    return dict(YAML(typ="safe").load(PATH.read_text(encoding="utf-8")))


def build(
    folder: Path, substitutions: Mapping[str, str], failing: str = "", real: bool = False
) -> Built:
    """Run a build in a fresh workspace in `folder`; what is stored stays there for the next one.

    A program whose call begins with the words `failing` fails. With `real` the workspace is a
    checkout and terraform the real one, with offline providers and its state in `folder`.
    """
    number = len(list(folder.glob("workspace-*")))
    workspace, programs = folder / f"workspace-{number}", folder / f"programs-{number}"
    (workspace / "infra").mkdir(parents=True)
    _stand_ins(programs)
    if real:
        _check_out(workspace)
        _real_terraform(programs, folder / "state.json")
    calls = programs / "calls.jsonl"
    given = {**config()["substitutions"], **substitutions}
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "CALLS": str(calls),
        "CLOUD_STORAGE": str(folder / "storage"),
        "FAILING": failing,
        "HOME": str(folder),
        **given,
    }
    failed, output = _steps(config()["steps"], workspace, environment)
    lines = calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []
    return Built(tuple(Call(**json.loads(line)) for line in lines), failed, output)


def _steps(
    steps: Iterable[Mapping[str, Any]], workspace: Path, environment: Mapping[str, str]
) -> tuple[str | None, str]:
    output = ""
    for step in steps:
        done = _run(step, workspace, environment)
        output += done.stdout + done.stderr
        if done.returncode:
            return str(step["id"]), output
    return None, output


def _run(
    step: Mapping[str, Any], workspace: Path, environment: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    """Run a step's script in its folder; what is mounted in the cloud lies in the workspace."""
    text = (
        step["script"].replace("/workspace/", f"{workspace}/").replace("/sdk/", f"{workspace}/sdk/")
    )
    (workspace / "sdk").mkdir(exist_ok=True)
    script = workspace / "script"
    script.write_text(text, encoding="utf-8")
    script.chmod(0o755)
    own = dict(pair.split("=", 1) for pair in step.get("env", ()))
    return subprocess.run(
        [script],
        cwd=workspace / step.get("dir", "."),
        env={**environment, **own},
        capture_output=True,
        text=True,
        timeout=_DEADLINE_S,
        check=False,
    )


def _check_out(workspace: Path) -> None:
    for name in ("infra", "functions", "shared"):
        ignored = shutil.ignore_patterns(".terraform*", ".build", "__pycache__")
        shutil.copytree(ROOT / name, workspace / name, ignore=ignored, dirs_exist_ok=True)


def _real_terraform(programs: Path, state: Path) -> None:
    """Put the real terraform in its stand-in's place; only where the state lies is another."""
    rc = terraform.command().parent / "terraform.rc"
    text = _TERRAFORM.format(rc=rc, state=state, terraform=shutil.which("terraform"))
    path = programs / "terraform"
    path.unlink()
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


_TERRAFORM = """#!/bin/sh
for word in "$@"; do
  shift
  case "$word" in -backend-config=*) ;; *) set -- "$@" "$word" ;; esac
done
if [ -f backend_override.tf ]; then
  printf 'terraform {{\\n  backend "local" {{ path = "{state}" }}\\n}}\\n' > backend_override.tf
fi
TF_CLI_CONFIG_FILE={rc} exec {terraform} "$@"
"""


def _stand_ins(folder: Path) -> None:
    folder.mkdir()
    source = folder / "stand-in"
    source.write_text(_STAND_IN.format(python=sys.executable), encoding="utf-8")
    source.chmod(source.stat().st_mode | stat.S_IXUSR)
    for name in _PROGRAMS:
        (folder / name).symlink_to(source)
