"""Which software this is: the same for the same files, another with any that is deployed."""

import tomllib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from s1ratio.software import VERSION, describe_software, digest_sources
from tests.conventions.source import PACKAGE, ROOT


def package(folder: Path) -> Path:
    """Make a small package; return its folder."""
    made = folder / "s1ratio"
    for name in (
        "__init__.py",
        "plan.py",
        "imagery/composite.py",
        "cli/main.py",
        "embedded/run.py",
    ):
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n")
    return made


def test_the_version_is_the_distributions() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert told["project"]["version"] == VERSION == version("s1ratio")


def test_it_is_described_by_version_and_sources() -> None:
    digest = digest_sources(PACKAGE)
    assert digest is not None
    assert describe_software() == f"{VERSION}+{digest[:12]}"
    assert describe_software() is describe_software(), "its files are read once"


def _write(name: str, text: str) -> Callable[[Path], None]:
    def change(made: Path) -> None:
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(text.encode())

    return change


@pytest.mark.parametrize(
    ("change", "is_another"),
    [
        (_write("plan.py", "# plan.py, mended\n"), True),
        (_write("imagery/composite.py", ""), True),
        (_write("imagery/new.py", ""), True),
        (lambda made: (made / "plan.py").unlink(), True),
        (lambda made: (made / "plan.py").rename(made / "plans.py"), True),
        (_write("cli/main.py", "# another command\n"), False),
        (_write("embedded/functions/x/main.py", ""), False),
        (_write("README.md", "a page"), False),
        (_write("__pycache__/plan.cpython-311.pyc", "bytes"), False),
        (_write("plan.py", "# plan.py\r\n"), False),
    ],
)
def test_what_is_deployed_makes_it_another(
    tmp_path: Path, change: Callable[[Path], None], is_another: bool
) -> None:
    made = package(tmp_path)
    before = digest_sources(made)
    change(made)
    assert (digest_sources(made) != before) is is_another


def test_where_it_lies_does_not_matter(tmp_path: Path) -> None:
    assert digest_sources(package(tmp_path / "a")) == digest_sources(package(tmp_path / "b" / "c"))


def test_without_sources_it_is_the_version_alone(tmp_path: Path) -> None:
    assert digest_sources(tmp_path) is None
