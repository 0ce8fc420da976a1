"""Importing does nothing: no environment read, no client, no connection, no thread."""

import subprocess
import sys

from tests.conventions.source import FUNCTIONS, ROOT, imports_in, modules

# The packages are loaded before the traps are set, so that these catch what our own modules do;
# what a package reads while one of our modules imports more of it is the package's own.
PROBE = """
import importlib, importlib.util, os, runpy, socket, sys, threading
for sdk in ("ee", "ee.data", "google.cloud.firestore", "google.cloud.storage", "rasterio",
            "rasterio.io", "rasterio.windows", "functions_framework", "cloudevents.http", "flask",
            "pyproj", "shapely", "pydantic", "sqlite3", "requests", "httplib2",
            "google.auth.credentials", "matplotlib.figure",
            "matplotlib.backends.backend_agg"):
    importlib.import_module(sdk)
threads = threading.active_count()
# Whole folders, not words: an environment may well lie below a folder that bears our name.
ours = (*importlib.util.find_spec("s1ratio").submodule_search_locations, sys.argv[1])

def trap(event, arguments):
    if event.startswith("socket.") and not event.startswith("socket.gethostname"):
        raise SystemExit(f"{event} {arguments}")
sys.addaudithook(trap)

def check():
    reader = sys._getframe(2).f_code.co_filename
    if reader.startswith(ours):
        raise SystemExit(f"environment read in {reader}")

class Poisoned(dict):
    def __getitem__(self, name):
        check()
        return dict.__getitem__(self, name)
    def get(self, name, default=None):
        check()
        return dict.get(self, name, default)
    def __contains__(self, name):
        check()
        return dict.__contains__(self, name)
    def __iter__(self):
        check()
        return dict.__iter__(self)
real, os.environ = os.environ, Poisoned(os.environ)
os.getenv = os.environ.get
for name in sys.argv[2:]:
    if name.endswith(".py"):
        runpy.run_path(name)
    else:
        importlib.import_module(name)
os.environ = real
assert threading.active_count() == threads, "a thread was started"
print("clean")
"""


def test_importing_every_deployed_module_touches_nothing() -> None:
    deployed = [
        n for n, m in modules().items() if m.part not in {"embedded", "cli", "local_earthengine"}
    ]
    names = [str(ROOT / "functions"), *deployed, *map(str, FUNCTIONS)]
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *names],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "clean"), done.stderr


def test_nothing_loads_scipy_stats() -> None:
    """It takes a third of the local Earth Engine's start, a second of it."""
    for name, module in modules().items():
        found = {each for of, names in imports_in(module.tree.body) for each in _all(of, names)}
        assert not any(each.startswith("scipy.stats") for each in found), name


def _all(module: str, names: tuple[str, ...]) -> set[str]:
    return {module, *(f"{module}.{name}" for name in names)}
