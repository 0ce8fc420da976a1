"""The pipeline: what its two builds do, in which order, and what neither of them ever does."""

import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.support.cloud_build_scripts import PATH, ROOT, Built, build, config

COMMIT = {
    "COMMIT_SHA": "c0ffee",
    "PROJECT_ID": "demo-project",
    "BUILD_ID": "b1",
    "LOCATION": "us-central1",
}
NAMES = {"_SOURCE_BUCKET": "source", "_STATE_BUCKET": "state", "_VAR_FILE": "env/prod.tfvars"}
PLAN = {**COMMIT, **NAMES, "_DEPLOYMENT": "prod", "_APPLY": "false"}
UNSAID = {**PLAN, "_APPLY": "true"}  # which plan

CHECKS = ("make lint", "make test", "terraform fmt", "terraform validate", "terraform test")


def steps() -> dict[str, dict[str, Any]]:
    return {step["id"]: step for step in config()["steps"]}


def stored(folder: Path) -> list[Path]:
    """Return the plans that are stored, oldest first."""
    found = (folder / "storage" / "source" / "plans").rglob("*.tgz")
    return sorted(found, key=lambda path: path.stat().st_mtime_ns)


def applying(folder: Path, **more: str) -> dict[str, str]:
    """Return the substitutions of a build that applies the plan that was stored last."""
    return {**UNSAID, "_PLAN_SHA256": stored(folder)[-1].stem, **more}


def first(built: Built, words: str) -> int:
    return next(n for n, call in enumerate(built.calls) if call.call.startswith(words))


def test_it_keeps_to_cloud_build_s_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.cloudbuild"]
    done = subprocess.run([*command, str(PATH)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_first_build_checks_then_plans_then_stores_the_plan(tmp_path: Path) -> None:
    built = build(tmp_path, PLAN)
    assert built.failed is None, built.output
    order = [first(built, words) for words in (*CHECKS, "terraform plan", "gcloud storage cp")]
    assert order == sorted(order)
    (plan,) = built.of("terraform plan")
    assert "-var=project_id=demo-project" in plan.call
    assert "-var-file=env/prod.tfvars" in plan.call
    assert "-lock=false" in plan.call, "who plans may write nothing, not even a lock"
    (plan_file,) = stored(tmp_path)
    assert plan_file.parent.name == "c0ffee"
    assert plan_file.stem == sha256(plan_file.read_bytes()).hexdigest()


def test_its_log_ends_with_the_command_that_has_the_plan_applied(tmp_path: Path) -> None:
    built = build(tmp_path, PLAN)
    last = built.output.strip().splitlines()[-1]
    assert last == (
        "gcloud builds triggers run s1r-prod-apply --project=demo-project --region=us-central1 "
        f"--sha=c0ffee --substitutions=_PLAN_SHA256={stored(tmp_path)[0].stem}"
    )


def test_what_is_stored_is_never_written_over(tmp_path: Path) -> None:
    build(tmp_path, PLAN)
    (plan_file,) = stored(tmp_path)
    (upload,) = build(tmp_path, PLAN).of("gcloud storage cp")
    assert "--if-generation-match=0" in upload.call.split()
    assert plan_file in stored(tmp_path)
    assert plan_file.stem == sha256(plan_file.read_bytes()).hexdigest()


def test_the_first_build_changes_nothing(tmp_path: Path) -> None:
    built = build(tmp_path, PLAN)
    assert built.of("terraform apply") == []
    assert built.of("s1ratio") == []


@pytest.mark.parametrize("check", [*CHECKS, "terraform plan"])
def test_a_check_that_fails_leaves_no_plan_to_apply(tmp_path: Path, check: str) -> None:
    built = build(tmp_path, PLAN, failing=check)
    assert built.failed is not None
    assert not (tmp_path / "storage").exists()
    applied = build(tmp_path, {**UNSAID, "_PLAN_SHA256": "0" * 64})
    assert applied.failed == "fetch-plan"
    assert applied.of("terraform") == []
    assert "no stored plan of c0ffee" in applied.output


@pytest.mark.parametrize(
    "digest", ["", "0" * 63, "A" * 64, "../" + "0" * 61, "0" * 64 + "\n" + "0" * 64, "latest"]
)
def test_nothing_is_applied_that_was_not_named(tmp_path: Path, digest: str) -> None:
    build(tmp_path, PLAN)
    built = build(tmp_path, {**UNSAID, "_PLAN_SHA256": digest})
    assert built.failed == "fetch-plan"
    assert built.of("gcloud") == built.of("terraform") == []
    assert "_PLAN_SHA256 is not the digest" in built.output


def replace_all(path: Path) -> None:
    with tarfile.open(path, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("plan.tfplan"))


def append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def put_another(path: Path) -> None:
    """Put the plan of another commit in its place."""
    build(path.parents[4], {**PLAN, "COMMIT_SHA": "decaf"})
    (other,) = (path.parents[1] / "decaf").iterdir()
    path.write_bytes(other.read_bytes())


@pytest.mark.parametrize("change", [replace_all, append, empty, flip, put_another])
def test_a_plan_that_was_changed_is_not_applied(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    """Whoever may write where plans are stored can't change what was approved."""
    build(tmp_path, PLAN)
    approved = applying(tmp_path)
    change(stored(tmp_path)[0])
    built = build(tmp_path, approved)
    assert built.failed == "fetch-plan"
    assert built.of("terraform") == []
    assert "not the bytes that were planned and approved" in built.output


def test_a_plan_brings_nothing_else_along(tmp_path: Path) -> None:
    """Its archive is not a way to change the files that the build checked out."""
    build(tmp_path, PLAN)
    (plan_file,) = stored(tmp_path)
    unpacked = tmp_path / "unpacked"
    shutil.unpack_archive(plan_file, unpacked, "gztar", filter="data")
    (unpacked / "evil.tf").write_text("")
    shutil.make_archive(str(tmp_path / "evil"), "gztar", unpacked)
    evil = (tmp_path / "evil.tar.gz").read_bytes()
    digest = sha256(evil).hexdigest()
    (plan_file.parent / f"{digest}.tgz").write_bytes(evil)
    build(tmp_path, {**UNSAID, "_PLAN_SHA256": digest})
    assert not (tmp_path / "workspace-1" / "infra" / "evil.tf").exists()


def test_the_second_build_applies_the_stored_plan_and_makes_none(tmp_path: Path) -> None:
    build(tmp_path, PLAN)
    built = build(tmp_path, applying(tmp_path))
    assert built.failed is None, built.output
    assert built.of("terraform plan") == built.of("make") == []
    (applied,) = built.of("terraform apply")
    assert applied.call == "terraform apply -input=false plan.tfplan"
    assert applied.plan == "the plan of c0ffee"
    (init,) = built.of("terraform init")
    assert "-lockfile=readonly" in init.call, "the providers that planned are those that apply"
    assert (tmp_path / "workspace-1" / "infra" / ".build" / "launch_exports.zip").is_file()


def test_it_never_applies_another_commit_s_plan(tmp_path: Path) -> None:
    build(tmp_path, PLAN)
    built = build(tmp_path, applying(tmp_path, COMMIT_SHA="decaf"))
    assert built.failed == "fetch-plan"
    assert built.of("terraform") == []


def test_both_builds_keep_the_state_in_one_place(tmp_path: Path) -> None:
    inits = build(tmp_path, PLAN).of("terraform init")
    inits += build(tmp_path, applying(tmp_path)).of("terraform init")
    places = {tuple(re.findall(r"-backend-config=(\S+)", init.call)) for init in inits} - {()}
    assert places == {("bucket=state", "prefix=s1ratio/prod")}


def test_what_was_applied_is_tried_out(tmp_path: Path) -> None:
    build(tmp_path, PLAN)
    built = build(tmp_path, applying(tmp_path))
    (smoke,) = built.of("s1ratio smoke")
    assert built.calls[-1] == smoke
    assert "--topic=the-requests_topic" in smoke.call
    assert smoke.settings == {
        "S1RATIO_PROJECT": "demo-project",
        "S1RATIO_DEPLOYMENT": "the-deployment",
        "S1RATIO_BUCKET": "the-exports_bucket",
        "S1RATIO_DATABASE": "the-firestore_database",
    }


@pytest.mark.parametrize("trouble", ["terraform apply", "s1ratio smoke"])
def test_an_apply_or_a_smoke_that_fails_fails_the_build(tmp_path: Path, trouble: str) -> None:
    build(tmp_path, PLAN)
    assert (
        build(tmp_path, applying(tmp_path), failing=trouble).failed
        == trouble.rsplit(maxsplit=1)[-1]
    )


@pytest.mark.soak
def test_the_real_terraform_applies_the_stored_plan_in_another_workspace(tmp_path: Path) -> None:
    """Every script of both builds, with nothing of the first one's workspace at the second's."""
    dev = {"_VAR_FILE": "env/dev.tfvars", "_DEPLOYMENT": "dev"}
    planned = build(tmp_path, {**PLAN, **dev}, real=True)
    assert planned.failed is None, planned.output
    assert not (tmp_path / "state.json").exists(), "a plan changes nothing"
    zips = sorted((tmp_path / "workspace-0" / "infra" / ".build").glob("*.zip"))
    made = {path.name: path.read_bytes() for path in zips}
    shutil.rmtree(tmp_path / "workspace-0" / "infra")

    applied = build(tmp_path, applying(tmp_path, **dev), real=True)
    assert applied.failed is None, applied.output
    assert "Apply complete!" in applied.output
    found = (tmp_path / "workspace-1" / "infra" / ".build").glob("*.zip")
    assert {path.name: path.read_bytes() for path in found} == made
    (smoke,) = applied.of("s1ratio smoke")
    assert smoke.settings["S1RATIO_BUCKET"] == "demo-project-s1r-dev-exports"
    again = build(tmp_path, applying(tmp_path, **dev), real=True)
    assert again.failed == "apply", "a plan is applied once: the state has moved on"


def test_the_outputs_that_it_reads_are_there() -> None:
    text = PATH.read_text(encoding="utf-8")
    read = set(re.findall(r"terraform output -raw (\w+)", text))
    outputs = (ROOT / "infra" / "outputs.tf").read_text(encoding="utf-8")
    assert read
    assert read <= set(re.findall(r'output "(\w+)"', outputs))


def test_the_triggers_set_each_substitution_that_has_no_default_of_use() -> None:
    triggers = (ROOT / "infra" / "pipeline.tf").read_text(encoding="utf-8")
    assert set(config()["substitutions"]) == set(re.findall(r"^ +(_[A-Z0-9_]+) +=", triggers, re.M))


def test_no_step_runs_without_an_end_an_exact_image_and_an_eye_on_the_first_failure() -> None:
    for name, step in steps().items():
        assert re.fullmatch(
            r"[\w./-]+:\d+\.\d+\.\d+(-\w+)?(@sha256:[0-9a-f]{64})?", step["name"]
        ), name
        assert re.fullmatch(r"\d+s", step["timeout"]), name
        assert step["script"].startswith("#!/bin/sh\nset -eu\n"), name
        assert "allowFailure" not in step, name
        assert "waitFor" not in step, f"{name}: a step waits for all that stand before it"
    assert int(config()["timeout"][:-1]) >= max(int(s["timeout"][:-1]) for s in steps().values())


def test_each_step_belongs_to_one_of_the_two_builds() -> None:
    lines = {name: step["script"].splitlines()[2] for name, step in steps().items()}
    assert set(lines.values()) == {
        '[ "$_APPLY" = false ] || exit 0',
        '[ "$_APPLY" = true ] || exit 0',
    }
    assert [name for name, line in lines.items() if "true" in line] == [
        "fetch-plan",
        "apply",
        "smoke",
    ]


def test_it_holds_no_secret() -> None:
    found = config()
    assert not {"secrets", "availableSecrets"} & set(found)
    assert not any("secretEnv" in step for step in found["steps"])
    words = r"(?i)password|token|private.key|credentials|secret|BEGIN [A-Z ]*KEY"
    assert re.findall(words, PATH.read_text(encoding="utf-8")) == []


def test_a_plan_is_applied_by_the_terraform_that_made_it() -> None:
    versions = {s["name"] for s in steps().values() if "hashicorp/terraform" in s["name"]}
    assert len(versions) == 1
