"""A function as the cloud gets it: its zip unpacked, its requirements installed, nothing else."""

import os
import shutil
import subprocess
import sysconfig
import venv
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.function_process import FunctionProcess
from tests.support.linked_distributions import link
from tests.support.lock_file import pins
from tests.support.required_tools import require
from tests.support.terraform import Plan

_INSTALL_S = 600.0
# What a process needs of this machine: no PYTHONPATH, no settings, no virtual environment.
_KEPT = ("HOME", "LANG", "PATH", "TMPDIR")


@dataclass(frozen=True)
class Deployed:
    """One function of a plan: its zip, and what Terraform asks Cloud Functions for."""

    zip: Path
    entry_point: str
    python: str
    environment: dict[str, str]
    memory_bytes: int


def deployed(plan: Plan, name: str) -> Deployed:
    """Return a function as a plan deploys it."""
    address = f'module.function["{name}"].google_cloudfunctions2_function.this'
    values = plan.one(address)
    build, service = values["build_config"][0], values["service_config"][0]
    return Deployed(
        zip=plan.zip(name),
        entry_point=build["entry_point"],
        python=_version(build["runtime"]),
        environment=service["environment_variables"],
        memory_bytes=_bytes(service["available_memory"]),
    )


def _version(runtime: str) -> str:
    digits = runtime.removeprefix("python")
    return f"{digits[0]}.{digits[1:]}"


def _bytes(text: str) -> int:
    return int(text[:-2]) * {"Mi": 2**20, "Gi": 2**30}[text[-2:]]


def interpreter(version: str) -> Path:
    """Return a Python of this version, such as 3.13; skip (or fail) the test without one."""
    roots = [Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser() / "versions"]
    known = [path for root in roots for path in sorted(root.glob(f"{version}.*/bin/python"))]
    on_path = shutil.which(f"python{version}")
    for path in [*([Path(on_path)] if on_path else []), *known]:
        if _runs(path):
            return path
    require(False, f"Python {version}, which the functions are deployed with, is missing")
    raise AssertionError


def _runs(python: Path) -> bool:
    done = subprocess.run([python, "-c", "import venv"], capture_output=True, check=False)
    return done.returncode == 0


class Linked:
    """An environment of the tests' Python that holds just what requirements.txt names.

    It is linked from that of the tests, which has the same versions: quick, and asks no index.
    """

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=False, symlinks=True)
        self.python = folder / "bin" / "python"
        self._site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))

    def install(self, requirements: Path) -> None:
        """Link what this machine installs of requirements."""
        link((name for name, pin in pins(requirements).items() if pin.here), self._site)

    def knows(self, module: str) -> bool:
        """Tell whether a module can be imported in an empty folder."""
        return _knows(self.python, module)


class Environment:
    """A virtual environment that holds just what was installed from requirements.txt."""

    def __init__(self, folder: Path, version: str) -> None:
        self.python = folder / "bin" / "python"
        subprocess.run([interpreter(version), "-m", "venv", folder], check=True)

    def install(self, requirements: Path) -> None:
        """Install requirements; skip (or fail) the test where no package index has them."""
        command = [str(self.python), "-m", "pip", "install", "--disable-pip-version-check"]
        done = subprocess.run(
            [*command, "--quiet", "-r", str(requirements)],
            env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
            capture_output=True,
            text=True,
            timeout=_INSTALL_S,
            check=False,
        )
        require(done.returncode == 0, f"requirements can't be installed: {done.stderr[-500:]}")

    def knows(self, module: str) -> bool:
        """Tell whether a module can be imported in an empty folder."""
        return _knows(self.python, module)


def _knows(python: Path, module: str) -> bool:
    command = [str(python), "-I", "-c", f"import {module}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack a zip into an empty folder; return it."""
    folder.mkdir()
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    return folder


class UnpackedFunction(FunctionProcess):
    """An unpacked function, run as in the cloud: beside its `main.py`, by its own environment."""

    def __init__(
        self, source: Path, target: str, python: Path, environment: Mapping[str, Any]
    ) -> None:
        super().__init__(source / "main.py", target, {}, source.parent)
        self._command[0] = str(python)
        self._cwd = source
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._environment = {**kept, **environment}
