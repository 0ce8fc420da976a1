"""A pytest plugin: a local Earth Engine for anyone's tests, without an account or a network.

Load it in a `conftest.py` at the root of the tests, or with `-p` on the command line:

    pytest_plugins = ["local_earthengine.pytest_plugin"]

A test that takes `earth_engine` gets the initialised `ee`, against a server of its own over
synthetic Sentinel-1 scenes. A folder of STAC items takes their place: for all tests by the ini
option `earth_engine_catalog` (relative to the ini file), for some by the marker
`@pytest.mark.earth_engine(catalog="scenes")` (relative to the test's file), or by overriding the
fixture `earth_engine_catalog`, which may write its scenes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from local_earthengine.missing_extra import what_is_missing

try:
    import ee
    import ee.data
    import ee.deprecation
    from google.auth.credentials import AnonymousCredentials

    from local_earthengine.scenes.catalog import Catalog
    from local_earthengine.scenes.stac.catalog import StacCatalog
    from local_earthengine.scenes.synthetic.catalog import SyntheticCatalog
    from local_earthengine.server import LocalEarthEngine
except ModuleNotFoundError as error:
    raise pytest.UsageError(what_is_missing(error)) from None

PROJECT: Final = "local-project"
_INI: Final = "earth_engine_catalog"
_DEADLINE_MS: Final = 120_000  # a test should fail, not hang


@dataclass(frozen=True)
class EarthEngineServer:
    """A running server: `url` for a client of your own, `out_dir` where exports are written.

    A file lies in `out_dir`/BUCKET/NAME.tif or `out_dir`/drive/FOLDER/NAME.tif.
    """

    url: str
    out_dir: Path


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the ini option."""
    parser.addini(_INI, "folder of STAC items that the local Earth Engine serves to tests")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers", "earth_engine(catalog): a local Earth Engine over this folder of STAC items"
    )


@pytest.fixture
def earth_engine_catalog(request: pytest.FixtureRequest) -> Path | Catalog | None:
    """Return what is served: a folder of STAC items, a catalogue, or None (synthetic).

    The nearest marker decides, else the ini option. Override it to make scenes on the spot.
    """
    marker = request.node.get_closest_marker("earth_engine")
    if marker is not None and (marker.args or set(marker.kwargs) - {"catalog"}):
        raise pytest.UsageError("write @pytest.mark.earth_engine(catalog=...), and nothing else")
    chosen: str | Path | Catalog | None = marker and marker.kwargs.get("catalog")
    if chosen is not None:
        return request.path.parent / chosen if isinstance(chosen, str | Path) else chosen
    folder = str(request.config.getini(_INI) or "")
    ini = request.config.inipath
    return ((ini.parent if ini else request.config.rootpath) / folder) if folder else None


@pytest.fixture
def earth_engine_server(
    earth_engine_catalog: Path | Catalog | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EarthEngineServer]:
    """Yield a fresh server on a free port of this machine, with an empty folder for exports."""
    out = tmp_path_factory.mktemp("earth-engine")
    with LocalEarthEngine(out, _catalog(earth_engine_catalog)) as server:
        yield EarthEngineServer(server.url, out)


@pytest.fixture
def earth_engine(earth_engine_server: EarthEngineServer) -> Iterator[Any]:
    """Yield the `ee` module, initialised against the server; reset after the test.

    The client's state is the process's: what was initialised before is gone.
    """
    ee.Reset()
    with _no_deprecations():
        ee.Initialize(
            AnonymousCredentials(),  # type: ignore[no-untyped-call]
            project=PROJECT,
            url=earth_engine_server.url,
        )
    ee.data.setDeadline(_DEADLINE_MS)
    yield ee
    ee.Reset()


def _catalog(chosen: Path | Catalog | None) -> Catalog:
    if chosen is None:
        return SyntheticCatalog()
    return StacCatalog(chosen) if isinstance(chosen, Path) else chosen


@contextmanager
def _no_deprecations() -> Iterator[None]:
    """Keep the client from fetching its public list of deprecated assets over the network."""
    fetch = ee.deprecation._FetchDataCatalogStac
    ee.deprecation._FetchDataCatalogStac = dict
    try:
        yield
    finally:
        ee.deprecation._FetchDataCatalogStac = fetch
