"""The notebook's cells, read from its text and run one after the other.

What a cell printed stands behind its code; its area is replaced by a small one.
"""

import ast
import collections
import collections.abc
import functools
import os
import re
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import ee
import numpy as np
import pytest
import rasterio
import shapely
from google.auth.credentials import AnonymousCredentials

from local_earthengine.scenes.catalog import Catalog
from local_earthengine.server import LocalEarthEngine
from tests.support import offline_client as ee_offline
from tests.support.required_tools import require

Ran = tuple[dict[str, Any], Path]

_BESIDE = Path(__file__).parents[2].parent / "shared" / "notebook.txt"
_MARK = re.compile(r"^In \[\d+\]:\n", re.MULTILINE)
_AREA = "aoi"
_PLOTTING = ("matplotlib", "matplotlib.pyplot", "pandas", "geopandas")
_DEADLINE = 120.0


def notebook_path() -> Path:
    """Return the path of the notebook's text; skip (or fail) the test where there is none."""
    path = Path(os.environ.get("S1RATIO_TEST_NOTEBOOK") or _BESIDE)
    require(path.is_file(), f"no notebook in {path}: set S1RATIO_TEST_NOTEBOOK")
    return path


def cells(path: Path) -> list[ast.Module]:
    """Return the code of each cell, in order; of what it printed, at most harmless literals."""
    _, *blocks = _MARK.split(path.read_text(encoding="utf-8"))
    return [_code(block) for block in blocks]


def _code(block: str) -> ast.Module:
    """The longest run of paragraphs from the start that is Python."""
    paragraphs = re.split(r"\n\s*\n", block)
    for count in range(len(paragraphs), 0, -1):
        try:
            return ast.parse("\n\n".join(paragraphs[:count]))
        except SyntaxError:
            continue
    raise ValueError(f"a cell holds no code: {block[:60]!r}")


class _Replaced(ast.NodeTransformer):
    """Takes the value of the one assignment to the area from outside."""

    count = 0

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        match node.targets:
            case [ast.Name(id=name)] if name == _AREA:
                self.count += 1
                node.value = ast.copy_location(ast.Name("_small_area", ast.Load()), node.value)
        return node


def run(code: list[ast.Module], area: Any) -> dict[str, Any]:
    """Run the cells in one namespace, with `area` (shapely) in place of theirs; return it."""
    namespace: dict[str, Any] = {"_small_area": area}
    replaced = _Replaced()
    for number, tree in enumerate(code, start=1):
        changed = ast.fix_missing_locations(replaced.visit(tree))
        exec(compile(changed, f"<cell {number}>", "exec"), namespace)  # noqa: S102 - to run it
    assert replaced.count == 1, "the notebook has one area"
    return namespace


@contextmanager
def running(catalog: Catalog, out: Path, bounds: tuple[float, ...]) -> Iterator[Ran]:
    """The notebook's names, once all its cells have run, and `out`; the server still answers.

    Replaced are its area, the connection that its Initialize makes, and its plotting libraries,
    which are empty modules. The client is the process's: one of these at a time.
    """
    code = cells(notebook_path())
    with pytest.MonkeyPatch.context() as patch, LocalEarthEngine(out, catalog) as server:
        for name in _PLOTTING:
            patch.setitem(sys.modules, name, types.ModuleType(name))
        patch.setenv("USE_PYGEOS", "0")
        patch.setattr(collections, "Callable", collections.abc.Callable, raising=False)
        patch.setattr(ee.deprecation, "_FetchDataCatalogStac", dict)
        anonymous: Any = AnonymousCredentials()
        connect = functools.partial(ee.Initialize, anonymous, url=server.url, project="demo")
        patch.setattr(ee, "Initialize", connect)
        try:
            yield run(code, shapely.box(*bounds)), out
        finally:
            ee.Reset()
    ee_offline.initialize()


def settled(task_id: str) -> dict[str, Any]:
    """Return the status of a task that has ended."""
    begun = monotonic()
    while True:
        (status,) = ee.data.getTaskStatus(task_id)
        if status["state"] not in ("READY", "RUNNING"):
            return status  # type: ignore[no-any-return]
        assert monotonic() - begun < _DEADLINE, status
        sleep(0.05)


def all_settled() -> dict[str, dict[str, Any]]:
    """Every export so far, ended, by its description."""
    tasks = [settled(task["id"]) for task in ee.data.getTaskList()]
    return {task["description"]: task for task in tasks}


def raster(path: Path) -> dict[str, Any]:
    """Return the bands of a file by their descriptions, NaN where masked."""
    with rasterio.open(path) as file:
        bands = file.read(masked=True).filled(np.nan)
        return dict(zip(file.descriptions, bands, strict=True))
