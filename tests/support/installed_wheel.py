"""The wheel as a user has it: built from the sources, installed by pip beside its extra's needs.

No index is asked. What an extra brings along is computed from the wheel's own metadata; just those
distributions are linked from the environment of the tests into an empty one.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Mapping
from email import message_from_bytes
from pathlib import Path

from tests.support.distributions import needed
from tests.support.linked_distributions import link

ROOT = Path(__file__).parents[2]
_SOURCES = ("pyproject.toml", "README.md", "LICENSE", "shared", "functions")
_PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
_WITHIN_S = 300.0
# What a process needs of this machine: no PYTHONPATH, no settings, no virtual environment.
_KEPT = ("HOME", "LANG", "PATH", "TMPDIR")


def build_wheel(folder: Path) -> Path:
    """Build the wheel of this checkout in a folder, from a copy of the sources; return its path."""
    source = folder / "source"
    source.mkdir()
    left = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in _SOURCES:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, source / name, symlinks=True, ignore=left)
        else:
            shutil.copy(path, source)
    built = ("wheel", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", folder)
    subprocess.run([*_PIP, *built, source], check=True, timeout=_WITHIN_S)
    (wheel,) = folder.glob("*.whl")
    return wheel


def requirements(wheel: Path) -> list[str]:
    """Return what a wheel says that it and its extras need."""
    with zipfile.ZipFile(wheel) as opened:
        (name,) = (each for each in opened.namelist() if each.endswith(".dist-info/METADATA"))
        metadata = message_from_bytes(opened.read(name))
    return [str(line) for line in metadata.get_all("Requires-Dist", ())]


class Installed:
    """An environment of the wheel, one of its extras, and whatever else is named, and no more."""

    def __init__(self, folder: Path, wheel: Path, extra: str, *others: str) -> None:
        venv.create(folder, with_pip=False, symlinks=True)
        self._bin = folder / "bin"
        self.site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
        wanted = f"s1ratio[{extra}]" if extra else "s1ratio"
        names = needed(wanted, *others, ours={"s1ratio": requirements(wheel)}) - {"s1ratio"}
        link(names, self.site)
        install = ("--python", self._bin / "python", "install", "--no-index", "--no-deps")
        subprocess.run([*_PIP, *install, "--no-compile", wheel], check=True, timeout=_WITHIN_S)

    def run(
        self, folder: Path, program: str, *arguments: object, **settings: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a program of the environment in a folder, with `settings` in its own environment."""
        return subprocess.run(
            [self._bin / program, *map(str, arguments)],
            cwd=folder,
            env={**_kept(), **settings},
            capture_output=True,
            text=True,
            timeout=_WITHIN_S,
            check=False,
        )


def _kept() -> Mapping[str, str]:
    return {name: os.environ[name] for name in _KEPT if name in os.environ}
