"""Each function's requirements.txt lists what its imports need: no less, no more, as pinned."""

import ast
import re
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest

from tests.conventions.source import FUNCTIONS, ROOT, imported, modules

# What an import name is called where packages are had; the longest match counts.
DISTRIBUTIONS = {
    "cloudevents": "cloudevents",
    "ee": "earthengine-api",
    "flask": "flask",
    "functions_framework": "functions-framework",
    "google.api_core": "google-api-core",
    "google.auth": "google-auth",
    "google.cloud.firestore": "google-cloud-firestore",
    "google.cloud.firestore_v1": "google-cloud-firestore",
    "google.cloud.pubsub_v1": "google-cloud-pubsub",
    "google.cloud.storage": "google-cloud-storage",
    "httplib2": "httplib2",
    "numpy": "numpy",
    "pydantic": "pydantic",
    "pydantic_core": "pydantic-core",
    "pyproj": "pyproj",
    "rasterio": "rasterio",
    "requests": "requests",
    "shapely": "shapely",
    "typing_extensions": "typing-extensions",
    "urllib3": "urllib3",
}


def closure(path: Path) -> set[str]:
    """Return the distributions that a function's code imports itself, late imports included."""
    found: set[str] = set()
    seen: set[tuple[str, tuple[str, ...]]] = set()
    todo = list(imported(ast.parse(path.read_text(encoding="utf-8")).body))
    while todo:
        name, names = todo.pop()
        if (name, names) in seen:
            continue
        seen.add((name, names))
        if name.partition(".")[0] == "s1ratio":
            todo += [(parent, ("",)) for parent in _parents(name)]
            todo += _needed(modules()[name].tree, names)
        elif name.partition(".")[0] not in sys.stdlib_module_names:
            found.add(_distribution(name))
    return found


def _parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:i]) for i in range(1, len(parts))]


def _needed(tree: ast.Module, names: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Return what a module imports at its top, and in the functions that `names` lead to.

    Without names, all of its functions count.
    """
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    rest: list[ast.stmt] = [node for node in tree.body if not isinstance(node, ast.FunctionDef)]
    reached = set(functions) if not names else {n for n in names if n in functions}
    reached |= {n for top in rest for n in _words(top) if n in functions}
    while more := {w for n in reached for w in _words(functions[n]) if w in functions} - reached:
        reached |= more
    return list(imported([*rest, *(functions[name] for name in reached)]))


def _words(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _distribution(name: str) -> str:
    match = max((n for n in DISTRIBUTIONS if f"{name}.".startswith(f"{n}.")), key=len, default="")
    assert match, f"{name}: add its distribution to DISTRIBUTIONS"
    return DISTRIBUTIONS[match]


def pins(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    matches = [re.fullmatch(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.]+)", line) for line in lines]
    assert all(matches), f"{path.parent.name}: every line is NAME==VERSION"
    return {_normal(m[1]): m[2] for m in matches if m}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def brought_along(name: str) -> set[str]:
    """Return a distribution and all that it installs with it, extras left out."""
    found: set[str] = set()
    todo = [name]
    while todo:
        one = _normal(todo.pop())
        if one not in found:
            found.add(one)
            lines = [line for line in requires(one) or () if "extra ==" not in line]
            lines = [line for line in lines if "python_version <" not in line]
            lines = [line for line in lines if not re.search(r"platform.*(win32|Windows)", line)]
            todo += [match[0] for line in lines if (match := re.match(r"[A-Za-z0-9._-]+", line))]
    return found


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda p: p.parent.name)
def test_what_is_imported_is_installed(path: Path) -> None:
    listed = pins(path.with_name("requirements.txt"))
    installed = set().union(*(brought_along(name) for name in listed))
    assert closure(path) <= installed


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda p: p.parent.name)
def test_what_is_listed_is_imported(path: Path) -> None:
    assert set(pins(path.with_name("requirements.txt"))) <= closure(path)


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda p: p.parent.name)
def test_pins_are_those_that_the_tests_ran_with(path: Path) -> None:
    assert (
        pins(path.with_name("requirements.txt")).items() <= pins(ROOT / "constraints.txt").items()
    )


def test_launching_does_not_pay_for_reading_rasters() -> None:
    of = {path.parent.name: closure(path) for path in FUNCTIONS}
    assert not {"rasterio", "google-cloud-storage"} & of["launch_exports"]
    assert {"rasterio", "google-cloud-storage"} <= of["poll_tasks"]
