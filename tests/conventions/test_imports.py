"""Imports point inward only, and each SDK stands in the few modules that are made for it."""

import sys
from pathlib import Path

import pytest

from tests.conventions.source import FUNCTIONS, Module, imported, modules

CORE = {
    "alerts",
    "aoi",
    "catalogue",
    "commands",
    "crs",
    "envelope",
    "pixels",
    "errors",
    "events",
    "estimate",
    "preview",
    "sources",
    "error_classes",
    "earth_engine_errors",
    "faults",
    "file_faults",
    "grid",
    "inputs",
    "ground_tracks",
    "far_parts",
    "log_event",
    "labels",
    "logevents",
    "orbits",
    "pass_times",
    "pictures",
    "plan",
    "tiles",
    "presets",
    "growth",
    "records",
    "time_marks",
    "regions",
    "request",
    "scenes",
    "settings",
    "software",
    "summary",
    "progress",
    "task",
}
# Each layer may import itself and the layers named before it.
LAYERS = (
    CORE,
    {"imagery"},
    {"ports"},
    {"services"},
    {"adapters"},
    {"client"},
    {"bootstrap", "bootstrap_reading"},
    {"cli"},
)
NEVER_DEPLOYED = {"embedded", "local_earthengine"}
CORE_PACKAGES = {"pydantic", "pydantic_core", "shapely", "pyproj", "cronsim", "tzdata"}
# Of the core, only what draws may use these.
PICTURES_PACKAGES = {"matplotlib", "numpy", "rasterio"}
# What a part of the core may know beside them.
OF_A_PART = {"alerts": {"jmespath", "defusedxml"}, "catalogue": {"pystac"}}
# SDK -> the modules that may import it (names are matched with everything below them).
SDKS = {
    "ee": ("imagery", "adapters.earth_engine"),
    "google.cloud.firestore": ("adapters.store.firestore",),
    "google.cloud.firestore_v1": ("adapters.store.firestore",),
    "google.protobuf": ("adapters.store.firestore_writes",),
    "google.cloud.storage": tuple(
        f"adapters.bucket.{name}" for name in ("objects", "payloads", "documents")
    ),
    "google.cloud.pubsub": ("adapters.pubsub",),
    "google.cloud.pubsub_v1": ("adapters.pubsub",),
    "google.pubsub_v1": ("adapters.pubsub",),
    "google.auth": (
        "adapters.earth_engine",
        "adapters.identity_tokens",
        "adapters.pubsub",
        "adapters.bucket.objects",
        "adapters.store.firestore",
    ),
    "requests": (
        "adapters.bucket.objects",
        "adapters.earth_engine.connections",
        "adapters.earth_engine.transport",
        "adapters.file_transfer",
        "adapters.web",
    ),
    "google.api_core": (
        "adapters.store.firestore",
        "adapters.pubsub",
        "adapters.bucket.objects",
        "adapters.bucket.payloads",
        "adapters.bucket.documents",
    ),
    "rasterio": (
        "pictures.overview",
        *(f"adapters.bucket.{name}" for name in ("opening", "levels", "area", "look")),
    ),
    "matplotlib": ("pictures.sheet",),
    "pystac": tuple(f"catalogue.{name}" for name in ("assets", "collections", "item")),
    "sqlite3": ("adapters.store.sqlite", "adapters.store.sql", "adapters.store.database"),
    "cronsim": ("regions.schedule",),
    "tzdata": ("regions.schedule",),
    "yaml": ("adapters.region_files",),
    "functions_framework": (),
    "flask": ("adapters.http",),
    "werkzeug": ("adapters.http",),
    "waitress": ("adapters.http.serving",),
    "pyogrio": ("adapters.vector_files",),
    "numpy": (
        *(f"pictures.{name}" for name in ("colouring", "overview", "sheet")),
        *(
            f"adapters.bucket.{name}"
            for name in ("area", "levels", "look", "measures", "matching", "search")
        ),
    ),
    "scipy": (),
}
DEPLOYED = [m for m in modules().values() if m.part and m.part not in NEVER_DEPLOYED]
INNER = [m for m in DEPLOYED if m.part != "cli"]


def is_below(name: str, parent: str) -> bool:
    return name == parent or name.startswith(f"{parent}.")


def layer(part: str) -> int:
    return next(i for i, parts in enumerate(LAYERS) if part in parts)


def names(module: Module) -> set[str]:
    return {name for name, _ in imported(module.tree.body)}


def is_allowed(module: Module, name: str) -> bool:
    part = name.split(".")[1] if name.count(".") else ""
    if part == "embedded":
        return module.part == "cli"
    return not part or layer(part) <= layer(module.part)


def test_every_part_has_a_layer() -> None:
    parts = {module.part for module in DEPLOYED}
    assert parts <= set().union(*LAYERS), "name the new part in CORE or LAYERS"


def test_imports_point_inward() -> None:
    outward = [
        f"{module.name} imports {name}"
        for module in DEPLOYED
        for name in sorted(names(module))
        if is_below(name, "s1ratio") and not is_allowed(module, name)
    ]
    assert outward == []


def test_the_local_earth_engine_stands_alone() -> None:
    """It knows nothing of the product, and of the product only `embedded` knows it."""
    crossing = [
        f"{module.name} imports {name}"
        for module in modules().values()
        for name in sorted(names(module))
        if module.part != "embedded"
        and not is_below(name, module.name.partition(".")[0])
        and (is_below(name, "s1ratio") or is_below(name, "local_earthengine"))
    ]
    assert crossing == []


def test_an_sdk_is_imported_only_where_it_belongs() -> None:
    astray = [
        f"{module.name} imports {name}"
        for module in INNER
        for name in sorted(names(module))
        for sdk, homes in SDKS.items()
        if is_below(name, sdk) and not module.name.startswith(tuple(f"s1ratio.{h}" for h in homes))
    ]
    assert astray == []


def test_core_ports_and_services_know_no_packages_but_their_own() -> None:
    known = CORE_PACKAGES | set(sys.stdlib_module_names) | {"s1ratio"}
    strange = [
        f"{module.name} imports {name}"
        for module in INNER
        if module.part in CORE | {"ports", "services"}
        for name in sorted(names(module))
        if name.partition(".")[0]
        not in known | _of_pictures(module) | OF_A_PART.get(module.part, set())
    ]
    assert strange == []


def _of_pictures(module: Module) -> set[str]:
    return PICTURES_PACKAGES if module.part == "pictures" else set()


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda p: p.parent.name)
def test_a_function_is_only_an_entrance(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 30
    assert "s1ratio.embedded" not in text
    assert "s1ratio.cli" not in text
