"""A stranger's program that knows the catalogue alone finds and opens every composite of a run."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pystac
import pystac_client
import pytest
import rasterio
from PIL import Image
from rich.console import Console
from werkzeug.serving import make_server

from s1ratio.adapters.http.app import make_app
from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.embedded.cloud import BUCKET
from s1ratio.embedded.run import run_message
from tests.support.reading_world import ReadingWorld
from tests.support.stac_schemas import core_faults

MESSAGE = {
    "request_id": "r1",
    "aoi": {"bbox": [14.60, 48.00, 14.62, 48.01]},
    "start": "2024-05-01",
    "end": "2024-05-20",
    "angle": "none",
    "speckle": {"filter": "none"},
    "grid": {"crs": "utm", "scale": 50},
    "pin_inputs": True,
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Return the folder of a run, and its summary."""
    out = tmp_path_factory.mktemp("run")
    console = Console(quiet=True)
    return out, run_message(json.dumps(MESSAGE).encode(), out, None, console)


def composites(summary: dict[str, Any]) -> set[str]:
    return {task["id"] for task in summary["tasks"] if task["state"] == "VERIFIED"}


def _opened(item: pystac.Item, href: str) -> None:
    """Open a composite, and hold what its item says to what is in it."""
    told = item.properties
    with rasterio.open(href) as file:
        assert f"EPSG:{file.crs.to_epsg()}" == told["proj:code"]
        assert list(file.shape) == told["proj:shape"]
        assert list(file.transform)[:6] == told["proj:transform"]
        bands = item.assets["data"].to_dict()["bands"]
        assert [band["name"] for band in bands] == list(file.descriptions)
        for number, band in enumerate(bands, 1):
            values = file.read(number, masked=True).compressed()
            assert band["statistics"]["mean"] == pytest.approx(float(values.mean()), rel=1e-5)
            assert band["statistics"]["maximum"] == pytest.approx(float(values.max()), rel=1e-5)
        assert (
            Path(href.removeprefix("file://")).stat().st_size
            == item.assets["data"].extra_fields["file:size"]
        )


def test_every_composite_is_found_from_the_root_on_disk(ran: tuple[Path, Any]) -> None:
    out, summary = ran
    root = pystac.Catalog.from_file(str(out / BUCKET / "stac/catalog.json"))
    items = list(root.get_items(recursive=True))
    assert {item.id for item in items} == composites(summary) != set()
    for item in items:
        href = item.assets["data"].get_absolute_href()
        assert href is not None
        _opened(item, href)
        assert item.properties["s1ratio:scenes_pinned"] is True
        assert item.properties["s1ratio:scenes"]
        assert item.get_collection() is not None
        assert core_faults(json.loads(Path(item.get_self_href() or "").read_text())) == []


def test_its_pictures_are_there(ran: tuple[Path, Any]) -> None:
    out, summary = ran
    for name in composites(summary):
        folder = out / BUCKET / "stac/product-vvvh_db/2024"
        with Image.open(folder / f"{name}-thumbnail.png") as small:
            assert 200 <= max(small.size) <= 256
        with Image.open(folder / f"{name}.png") as large:
            assert max(large.size) >= 600


@contextmanager
def served(bucket: Path) -> Iterator[str]:
    """Serve what `s1ratio serve` does over a run's folder; yield the catalogue's address."""
    with SqliteStore(bucket.parent / ".s1ratio/store.sqlite") as store:
        world = ReadingWorld(store, bucket)
        context = replace(world.context, files_url=f"{bucket.as_uri()}/")
        server = make_server("127.0.0.1", 0, make_app(lambda: context, world.served))
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.port}/stac/"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@pytest.mark.filterwarnings("ignore::pystac_client.warnings.NoConformsTo")
@pytest.mark.filterwarnings("ignore::pystac_client.warnings.FallbackToPystac")
def test_pystac_client_walks_it_over_http_and_opens_every_composite(ran: tuple[Path, Any]) -> None:
    out, summary = ran
    with served(out / BUCKET) as url:
        client = pystac_client.Client.open(f"{url}catalog.json")
        (collection,) = client.get_collections()
        assert collection.id == "product-vvvh_db"
        items = list(client.get_items(recursive=True))
        assert {item.id for item in items} == composites(summary)
        for item in items:
            href = item.assets["data"].get_absolute_href()
            assert href is not None
            _opened(item, href)
            thumbnail = item.assets["thumbnail"].get_absolute_href()
            assert thumbnail is not None
            assert thumbnail.startswith(url)
