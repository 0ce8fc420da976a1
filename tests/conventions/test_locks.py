"""What is tested is what is deployed: locks are whole, hashed, current, and of one resolution."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.conventions.source import FUNCTIONS, ROOT
from tests.support.distributions import needed, normal
from tests.support.lock_file import pins

DEV = ROOT / "requirements-dev.txt"
LOCKS = (DEV, *(path.with_name("requirements.txt") for path in FUNCTIONS))
_MEND = "run `make locks`"


def ours() -> list[str]:
    """Return what pyproject.toml asks for, extras too, as a wheel's metadata has it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].items()
    marked = [f'{text} ; extra == "{extra}"' for extra, texts in extras for text in texts]
    return [*project["dependencies"], *marked]


def installed_here(lock: Path) -> set[str]:
    return {name for name, pin in pins(lock).items() if pin.here}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.parent.name)
def test_every_pin_has_hashes(lock: Path) -> None:
    assert [name for name, pin in pins(lock).items() if not pin.hashes] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.parent.name)
def test_a_lock_does_not_say_where_its_files_come_from(lock: Path) -> None:
    assert re.findall(r"\w+://|--(?:extra-)?index-url|--find-links", lock.read_text()) == []


def test_the_environment_s_lock_holds_all_that_is_asked_for_and_nothing_else() -> None:
    asked = needed("s1ratio[dev]", ours={"s1ratio": ours()}) - {"s1ratio"}
    assert installed_here(DEV) == asked, _MEND


def test_the_environment_s_lock_is_within_the_bounds_that_pyproject_toml_sets() -> None:
    locked = pins(DEV)
    asked = [one for one in map(Requirement, ours()) if normal(one.name) != "s1ratio"]
    wrong = [str(one) for one in asked if locked[normal(one.name)].version not in one.specifier]
    assert wrong == [], _MEND


def test_the_tests_run_with_what_is_locked() -> None:
    found = {name: version(name) for name in installed_here(DEV)}
    assert found == {name: pin.version for name, pin in pins(DEV).items() if pin.here}, "make env"


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda p: p.parent.name)
def test_a_function_s_lock_holds_what_it_asks_for_and_nothing_else(path: Path) -> None:
    asked = path.with_name("requirements.in").read_text(encoding="utf-8").split()
    assert installed_here(path.with_name("requirements.txt")) == needed(*asked), _MEND


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda p: p.parent.name)
def test_a_function_is_deployed_with_the_files_that_the_tests_ran_with(path: Path) -> None:
    tested = pins(DEV)
    deployed = pins(path.with_name("requirements.txt"))
    other = [
        name
        for name, pin in deployed.items()
        if (pin.version, pin.hashes) != (tested[name].version, tested[name].hashes)
    ]
    assert other == [], _MEND
