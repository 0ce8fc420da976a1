"""The wiring: a process loads what it needs, no more."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("module", "without"),
    [
        ("s1ratio.cli.main", {"numpy", "pydantic", "shapely"}),
        ("s1ratio.cli.status", {"ee", "rasterio", "google.cloud.firestore", "functions_framework"}),
        ("s1ratio.bootstrap", {"ee", "rasterio", "google.cloud.firestore", "sqlite3"}),
    ],
)
def test_a_module_does_not_load_what_its_users_may_not_need(module: str, without: set[str]) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert without.isdisjoint(done.stdout.split())
