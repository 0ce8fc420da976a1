"""A function's requirements.in names what it imports, or what brings that along; so do extras."""

import ast
import re
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.conventions.source import FUNCTIONS, ROOT, imported, modules
from tests.support.distributions import needed, normal

# What an import name is called where packages are had; the longest match counts.
DISTRIBUTIONS = {
    "affine": "affine",
    "cloudevents": "cloudevents",
    "cronsim": "cronsim",
    "defusedxml": "defusedxml",
    "ee": "earthengine-api",
    "flask": "flask",
    "functions_framework": "functions-framework",
    "google.api_core": "google-api-core",
    "google.auth": "google-auth",
    "google.oauth2": "google-auth",
    "google.cloud.firestore": "google-cloud-firestore",
    "google.cloud.firestore_v1": "google-cloud-firestore",
    "google.cloud.pubsub_v1": "google-cloud-pubsub",
    "google.pubsub_v1": "google-cloud-pubsub",
    "google.cloud.storage": "google-cloud-storage",
    "google.protobuf": "protobuf",
    "google_crc32c": "google-crc32c",
    "grpc": "grpcio",
    "httplib2": "httplib2",
    "jmespath": "jmespath",
    "matplotlib": "matplotlib",
    "numpy": "numpy",
    "proto": "proto-plus",
    "pydantic": "pydantic",
    "pydantic_core": "pydantic-core",
    "pyogrio": "pyogrio",
    "pyproj": "pyproj",
    "pystac": "pystac-core",
    "rasterio": "rasterio",
    "requests": "requests",
    "scipy": "scipy",
    "shapely": "shapely",
    "tzdata": "tzdata",
    "typing_extensions": "typing-extensions",
    "urllib3": "urllib3",
    "waitress": "waitress",
    "werkzeug": "werkzeug",
    "yaml": "pyyaml",
}


@cache
def closure(path: Path) -> frozenset[str]:
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
    return frozenset(found)


def _parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:i]) for i in range(1, len(parts))]


def _needed(tree: ast.Module, names: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Return what a module imports at its top, and in the functions that `names` lead to.

    Without names, all of its functions count.
    """
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    rest: list[ast.stmt] = [
        node
        for node in tree.body
        if not isinstance(node, ast.FunctionDef) and not _is_for_types(node)
    ]
    reached = set(functions) if not names else {n for n in names if n in functions}
    reached |= {n for top in rest for n in _words(top) if n in functions}
    while more := {w for n in reached for w in _words(functions[n]) if w in functions} - reached:
        reached |= more
    return list(imported([*rest, *(functions[name] for name in reached)]))


def _is_for_types(node: ast.stmt) -> bool:
    """Tell whether this is read by who checks types, and never run."""
    test = node.test if isinstance(node, ast.If) else None
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def _words(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _distribution(name: str) -> str:
    match = max((n for n in DISTRIBUTIONS if f"{name}.".startswith(f"{n}.")), key=len, default="")
    assert match, f"{name}: add its distribution to DISTRIBUTIONS"
    return DISTRIBUTIONS[match]


def listed(path: Path) -> set[str]:
    """Return the names in a requirements.in; their versions are the lock's business."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert all(re.fullmatch(r"[a-z0-9-]+", line) for line in lines), f"{path}: a NAME a line"
    return {normal(line) for line in lines}


def brought_along(*names: str) -> set[str]:
    """Return distributions and all that they install with them."""
    return set().union(*(needed(name) for name in names))


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda p: p.parent.name)
def test_what_is_imported_is_installed(path: Path) -> None:
    assert closure(path) <= brought_along(*listed(path.with_name("requirements.in")))


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda p: p.parent.name)
def test_what_is_listed_is_imported(path: Path) -> None:
    assert listed(path.with_name("requirements.in")) <= closure(path)


def test_the_client_imports_what_its_extra_brings_and_no_more() -> None:
    path = modules()["s1ratio.client"].path
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = project["optional-dependencies"]["client"]
    own = [_name(line) for line in [*project["dependencies"], *extra]]
    assert closure(path) <= brought_along(*own)
    assert "google-cloud-pubsub" in closure(path)
    assert not {"earthengine-api", "rasterio", "google-cloud-firestore"} & closure(path)


def test_schedules_are_paid_for_by_who_has_them() -> None:
    of = {path.parent.name: closure(path) for path in FUNCTIONS}
    having = {name for name, needs in of.items() if "cronsim" in needs}
    assert having == {"refresh_regions", "apply_commands"}


def test_launching_does_not_pay_for_reading_rasters() -> None:
    of = {path.parent.name: closure(path) for path in FUNCTIONS}
    assert not {"rasterio", "google-cloud-storage"} & of["launch_exports"]
    assert {"rasterio", "google-cloud-storage"} <= of["poll_tasks"]


def test_the_extra_of_the_local_earth_engine_lists_what_it_imports() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {
        name
        for module in modules().values()
        if module.part == "local_earthengine"
        for name, _ in imported(module.tree.body)
        if name.partition(".")[0] not in {*sys.stdlib_module_names, "local_earthengine", "pytest"}
    }
    needs = {_distribution(name) for name in names}
    extra = set(map(_name, project["optional-dependencies"]["earthengine"]))
    assert extra <= needs
    assert needs <= brought_along(*extra, *map(_name, project["dependencies"]))


def _name(requirement: str) -> str:
    return normal(re.split("[<>=]", requirement)[0])
