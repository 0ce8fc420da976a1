"""A folder of STAC items is somebody else's: what it names is refused, or is a raster within it.

A port that nobody may knock at stands for the network: GDAL reads by itself, past Python.
"""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import rasterio
import rasterio.shutil

from local_earthengine.errors import EarthEngineError
from local_earthengine.scenes.scene import Scene
from local_earthengine.scenes.stac.catalog import StacCatalog
from local_earthengine.scenes.stac.fields import StacError
from tests.support.stac_items import Tiff, write_item

VALUES = np.arange(1, 25, dtype="uint16").reshape(4, 6)


class Port(NamedTuple):
    """A place on the network that must not be asked; `knocks` is how often it was."""

    server: socket.socket

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.getsockname()[1]}"

    def knocks(self) -> int:
        count = 0
        while True:
            try:
                self.server.accept()[0].close()
            except BlockingIOError:
                return count
            count += 1


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[Port]:
    """It is open, and never answers: who asks is known, and gives up after a second."""
    for name in ("GDAL_HTTP_TIMEOUT", "GDAL_HTTP_CONNECTTIMEOUT"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("GDAL_HTTP_MAX_RETRY", "0")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        made = Port(server)
        yield made
        assert made.knocks() == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalogue with one good item, beside files that are none of its own."""
    made = tmp_path / "scenes"
    write_item(made, "one", {"red": Tiff(VALUES)})
    Tiff(VALUES).write(tmp_path / "private.tif")
    return made


def name(folder: Path, href: str, **fields: Any) -> None:
    """Let the item name another raster."""
    path = folder / "one.json"
    item = json.loads(path.read_text())
    item["assets"]["red"] |= {"href": href, **fields}
    path.write_text(json.dumps(item))


def read(folder: Path) -> np.ndarray[Any, Any]:
    """Read all that a scene has."""
    scene: Scene = StacCatalog(folder).image("one")
    band = scene.bands[0]
    values, valid = band.read(band.grid)
    return np.where(valid, values, 0)


def vrt(url: str, source: str | None = None) -> str:
    name = source or f"/vsicurl/{url}/x.tif"
    return (
        '<VRTDataset rasterXSize="6" rasterYSize="4"><SRS>EPSG:32633</SRS>'
        "<GeoTransform>500000, 10, 0, 5000000, 0, -10</GeoTransform>"
        f'<VRTRasterBand dataType="UInt16" band="1"><SimpleSource><SourceFilename>{name}'
        "</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>"
    )


def wms(url: str) -> str:
    return (
        f'<GDAL_WMS><Service name="TMS"><ServerUrl>{url}/${{z}}/${{x}}/${{y}}.png</ServerUrl>'
        "</Service><DataWindow><UpperLeftX>-2</UpperLeftX><UpperLeftY>2</UpperLeftY><LowerRightX>2"
        "</LowerRightX><LowerRightY>-2</LowerRightY><TileLevel>2</TileLevel></DataWindow>"
        "<Projection>EPSG:3857</Projection><BandsCount>1</BandsCount></GDAL_WMS>"
    )


NAMES = {
    "a folder above": "../private.tif",
    "a folder above, escaped": "..%2Fprivate.tif",
    "a folder above, from within": "./a/../../private.tif",
    "an absolute path": "{top}/private.tif",
    "an absolute path into the folder": "{folder}/one-red.tif",
    "a host": "//host/share/x.tif",
    "a file URL": "file://{top}/private.tif",
    "http": "{url}/x.tif",
    "https": "https://127.0.0.1:1/x.tif",
    "s3": "s3://bucket/x.tif",
    "gs": "gs://bucket/x.tif",
    "vsicurl": "/vsicurl/{url}/x.tif",
    "vsizip": "/vsizip/{top}/x.zip/x.tif",
    "vsigs": "/vsigs/bucket/x.tif",
    "a directory of a TIFF": "GTIFF_DIR:1:{top}/private.tif",
    "raw pixels of a TIFF": "GTIFF_RAW:one-red.tif",
    "a map server": "WMS:{url}/wms?x.tif",
    "a virtual raster in a name": "vrt://one-red.tif",
    "a part of another format": 'NETCDF:"{top}/private.tif":x.tif',
    "an archive of rasterio's": "zip+{url}/x.zip!x.tif",
    "XML for a name": "<VRTDataset></VRTDataset>.tif",
    "no name at all": "//[.tif",
    "NUL": "a%00b.tif",
    "a lone surrogate": "a\ud800.tif",
    "too long a name": "a" * 5_000 + ".tif",
    "a folder": "./",
}


@pytest.mark.parametrize("href", NAMES.values(), ids=list(NAMES))
def test_a_name_that_leads_elsewhere_is_refused(folder: Path, port: Port, href: str) -> None:
    name(folder, href.format(top=folder.parent, folder=folder, url=port.url))
    with pytest.raises(StacError) as fault:
        read(folder)
    said = str(fault.value)
    assert said.startswith(f"{folder / 'one.json'}: assets")
    assert len(said) < 1_000
    assert "no file" in said or "relative to the item" in said


@pytest.mark.parametrize("href", NAMES.values(), ids=list(NAMES))
def test_and_of_a_radar_scene_or_without_a_media_type(folder: Path, port: Port, href: str) -> None:
    """It is refused, or left out: another raster is served then."""
    path = folder / "one.json"
    item = json.loads(path.read_text())
    href = href.format(top=folder.parent, folder=folder, url=port.url)
    item["assets"] = {"a": {"href": href}, **item["assets"]}
    path.write_text(json.dumps(item))
    try:
        said = f"one.json: assets.a.href: {len(StacCatalog(folder).image('one').bands)} band"
    except StacError as fault:
        said = str(fault)
    assert re.search(r"one\.json: assets\.a\.href: (1 band$|\D)", said)


def content(kind: str, url: str, top: Path) -> bytes:
    if kind == "an address behind a TIFF's first byte":
        return b"I" + vrt(url).encode()
    texts = {
        "a virtual raster": vrt(url),
        "a virtual raster over a file elsewhere": vrt("", str(top / "private.tif")),
        "a virtual raster after spaces": " " * 100 + vrt(url),
        "a map server": wms(url),
        "a tile index": f"<GDALTileIndexDataset><IndexDataset>/vsicurl/{url}/i.gpkg"
        "</IndexDataset></GDALTileIndexDataset>",
        "STAC": json.dumps({"stac_version": "1.0.0", "assets": {"a": {"href": url}}}),
        "an ESRI grid": "ncols 6\nnrows 4\nxllcorner 0\nyllcorner 0\ncellsize 1\n" + "1 " * 24,
        "nothing": "",
    }
    return texts[kind].encode()


CONTENTS = (
    "a virtual raster",
    "a virtual raster over a file elsewhere",
    "a virtual raster after spaces",
    "a map server",
    "a tile index",
    "STAC",
    "an ESRI grid",
    "nothing",
    "an address behind a TIFF's first byte",
)


@pytest.mark.parametrize("kind", CONTENTS)
def test_another_format_is_refused_whatever_its_name(folder: Path, port: Port, kind: str) -> None:
    (folder / "one-red.tif").write_bytes(content(kind, port.url, folder.parent))
    with pytest.raises(StacError, match=r"one\.json: assets\.red\.href: .*write it as one"):
        read(folder)


@pytest.mark.parametrize("suffix", [".vrt", ".img"])
def test_a_format_that_was_once_read_is_refused_by_name(
    folder: Path, port: Port, suffix: str
) -> None:
    (folder / f"x{suffix}").write_text(vrt(port.url))
    name(folder, f"./x{suffix}", type=None)
    with pytest.raises(StacError, match=r"assets\.red\.href: .*does not begin as a GeoTIFF"):
        read(folder)


@pytest.mark.parametrize("target", ["../private.tif", "../elsewhere/x.tif", "one-red.tif", "none"])
def test_a_link_out_of_the_folder_is_refused(folder: Path, target: str) -> None:
    (folder.parent / "elsewhere").mkdir()
    Tiff(VALUES).write(folder.parent / "elsewhere" / "x.tif")
    (folder / "one-red.tif").unlink()
    (folder / "one-red.tif").symlink_to(target)
    with pytest.raises(StacError, match=r"assets\.red\.href: "):
        read(folder)


def test_a_linked_folder_that_lies_elsewhere_is_refused(folder: Path) -> None:
    (folder / "sub").symlink_to(folder.parent)
    name(folder, "sub/private.tif")
    with pytest.raises(StacError, match=r"assets\.red\.href: .*leads out of the folder"):
        read(folder)


@pytest.mark.parametrize("kind", ["a link", "a link to a link", "a loop", "a linked folder"])
def test_a_raster_that_becomes_a_link_once_it_is_known_is_refused(folder: Path, kind: str) -> None:
    (folder / "a").mkdir()
    raster = (folder / "one-red.tif").rename(folder / "a" / "private.tif")
    name(folder, "./a/private.tif")
    band = StacCatalog(folder).image("one").bands[0]
    band.read(band.grid)
    raster.unlink()
    if kind == "a link":
        raster.symlink_to(folder.parent / "private.tif")
    elif kind == "a link to a link":
        (folder / "b.tif").symlink_to(folder.parent / "private.tif")
        raster.symlink_to("../b.tif")
    elif kind == "a loop":
        raster.symlink_to("private.tif")
    else:
        raster.parent.rmdir()
        raster.parent.symlink_to("..")
    with pytest.raises(
        EarthEngineError, match=r"private\.tif cannot be read: .*(become a link|symbolic links)"
    ):
        band.read(band.grid)


def test_links_within_the_folder_and_to_the_folder_are_followed(folder: Path) -> None:
    (folder / "link.tif").symlink_to(folder / "one-red.tif")
    (folder.parent / "linked").symlink_to(folder)
    name(folder, "./link.tif")
    np.testing.assert_array_equal(read(folder.parent / "linked"), VALUES)


def test_a_raster_of_the_folder_may_be_named_upwards(folder: Path) -> None:
    (folder / "items").mkdir()
    name(folder, "../one-red.tif")
    (folder / "one.json").rename(folder / "items" / "one.json")
    np.testing.assert_array_equal(read(folder), VALUES)


@pytest.mark.parametrize("kind", ["a link", "a pipe", "a folder"])
def test_a_document_that_is_no_file_of_the_folder_is_refused(folder: Path, kind: str) -> None:
    path = folder / "two.json"
    if kind == "a link":
        (folder.parent / "secret.json").write_text('{"stac_version": "1.0.0"}')
        path.symlink_to("../secret.json")
    elif kind == "a pipe":
        os.mkfifo(path)  # reading it would never end
    else:
        path.mkdir()
    with pytest.raises(StacError, match=r"two\.json: document: "):
        read(folder)


OUTSIDE = {
    ".msk": "does not begin as a GeoTIFF",
    ".ovr": "does not begin as a GeoTIFF",
    ".aux.xml": "but is not read",
}


@pytest.mark.parametrize("suffix", OUTSIDE)
def test_what_lies_beside_a_raster_is_held_to_the_same(
    folder: Path, port: Port, suffix: str
) -> None:
    beside = folder / f"one-red.tif{suffix}"
    beside.write_text(vrt(port.url))
    with pytest.raises(StacError, match=rf"assets\.red\.href: .*{OUTSIDE[suffix]}"):
        read(folder)
    beside.unlink()
    beside.symlink_to("../private.tif")
    with pytest.raises(StacError, match=r"assets\.red\.href: .*leads out of the folder"):
        read(folder)


@pytest.mark.parametrize(
    "words",
    [
        '<Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">{url}/o.tif</MDI></Metadata>',
        '<PAMRasterBand band="1"><NoDataValue>7</NoDataValue></PAMRasterBand>',
        "<SRS>EPSG:3857</SRS>",
        "<GeoTransform>0, 1, 0, 0, 0, -1</GeoTransform>",
        '<PAMRasterBand band="1"><Description>blue</Description></PAMRasterBand>',
        '<!DOCTYPE x [<!ENTITY y SYSTEM "{url}/y">]><Subdataset name="x"/>',
        "<Metadata>" + "<MDI key='a'>b</MDI>" * 60_000 + "</Metadata>",
    ],
)
def test_what_is_said_beside_a_raster_and_changes_it_is_refused(
    folder: Path, port: Port, words: str
) -> None:
    text = words.replace("{url}", port.url)
    (folder / "one-red.tif.aux.xml").write_text(f"<PAMDataset>{text}</PAMDataset>")
    with pytest.raises(StacError, match=r"one-red\.tif\.aux\.xml .*write it into the raster"):
        read(folder)


def test_statistics_and_overviews_beside_a_raster_do_no_harm(folder: Path) -> None:
    (folder / "one-red.tif.aux.xml").write_text(
        '<PAMDataset><PAMRasterBand band="1"><Metadata><MDI key="MEAN">5</MDI></Metadata>'
        "<Histograms><HistItem><HistMin>0</HistMin></HistItem></Histograms></PAMRasterBand>"
        "</PAMDataset>"
    )
    with rasterio.Env(TIFF_USE_OVR=True), rasterio.open(folder / "one-red.tif", "r+") as file:
        file.build_overviews([2])
    assert (folder / "one-red.tif.ovr").is_file()
    np.testing.assert_array_equal(read(folder), VALUES)


def test_overviews_that_a_header_names_elsewhere_are_refused(folder: Path, port: Port) -> None:
    with rasterio.open(folder / "one-red.tif", "r+") as file:
        file.update_tags(ns="OVERVIEWS", OVERVIEW_FILE=f"/vsicurl/{port.url}/o.tif")
    with pytest.raises(StacError, match=r"one-red\.tif cannot be read: its overviews are"):
        read(folder)


def test_a_mask_beside_a_raster_hides_and_is_of_its_size(folder: Path) -> None:
    shown = VALUES % 5 > 0
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=False):
        write_item(folder, "one", {"red": Tiff(VALUES, mask=shown)})
    np.testing.assert_array_equal(read(folder), np.where(shown, VALUES, 0))
    mask = (folder / "one-red.tif.msk").read_bytes()
    Tiff(np.ones((2, 2), "uint16")).write(folder / "one-red.tif")
    (folder / "one-red.tif.msk").write_bytes(mask)
    with pytest.raises(EarthEngineError, match=r"one-red\.tif\.msk has the shape"):
        read(folder)


def test_jpeg_2000_is_read_by_its_driver(folder: Path) -> None:
    exact = {"QUALITY": 100, "REVERSIBLE": "YES"}
    rasterio.shutil.copy(folder / "one-red.tif", folder / "x.jp2", driver="JP2OpenJPEG", **exact)
    name(folder, "./x.jp2", type="image/jp2")
    np.testing.assert_array_equal(read(folder), VALUES)


@pytest.mark.parametrize("code", ["+init=/etc/x:1", "http://x.example/crs", "WKT", "EPSG:", [5]])
def test_a_coordinate_system_is_an_authority_s_code(folder: Path, code: Any) -> None:
    path = folder / "one.json"
    item = json.loads(path.read_text())
    item["properties"]["proj:code"] = code
    path.write_text(json.dumps(item))
    with pytest.raises(StacError, match=r"one\.json: properties\.proj:code: "):
        read(folder)


# What a coordinate system's text may name: the library of projections opens it, wherever it lies.
GRIDS = {
    "a shift of longitudes and latitudes": "+proj=longlat +ellps=WGS84 +nadgrids={file}",
    "one of a projection": "+proj=robin +ellps=WGS84 +nadgrids={file}",
    "one that may be missing": "+proj=longlat +ellps=WGS84 +nadgrids=@{file}",
    "one of several": "+proj=longlat +ellps=WGS84 +nadgrids=@null,{file}",
    "one here": "+proj=longlat +ellps=WGS84 +nadgrids=./grid.gsb",
    "one at home": "+proj=longlat +ellps=WGS84 +nadgrids=~/grid.gsb",
    "an address": "+proj=longlat +ellps=WGS84 +nadgrids=http://127.0.0.1:9/grid.tif",
}


@pytest.mark.parametrize("kind", GRIDS)
def test_a_coordinate_system_of_a_raster_names_no_file(folder: Path, kind: str) -> None:
    grid = folder.parent / "grid.gsb"
    grid.touch()
    Tiff(VALUES, crs=f"{GRIDS[kind].format(file=grid)} +type=crs").write(folder / "one-red.tif")
    (folder / "one-red.tif.aux.xml").unlink(missing_ok=True)
    with pytest.raises(StacError, match=r"one-red\.tif cannot be read: .* names a file"):
        read(folder)


@pytest.mark.parametrize(
    "crs",
    [
        "EPSG:3857",
        "EPSG:4267",
        "EPSG:4326+5773",
        "ESRI:102003",
        "+proj=utm +zone=33 +ellps=intl",
        "+proj=longlat +ellps=WGS84 +nadgrids=@null",
    ],
)
def test_a_coordinate_system_without_files_is_read(folder: Path, crs: str) -> None:
    Tiff(VALUES, crs=crs).write(folder / "one-red.tif")
    np.testing.assert_array_equal(read(folder), VALUES)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("flags", ["-2", "x", "2.5", "9" * 5_000, "²"])
def test_flags_of_a_mask_are_a_number(folder: Path, flags: str) -> None:
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=False):
        write_item(folder, "one", {"red": Tiff(VALUES, mask=VALUES > 3)})
    with rasterio.open(folder / "one-red.tif.msk", "r+") as file:
        file.update_tags(INTERNAL_MASK_FLAGS_1=flags)
    with pytest.raises(EarthEngineError, match=r"one-red\.tif\.msk cannot be read: .*MASK_FLAGS"):
        read(folder)


@pytest.mark.parametrize("number", ["9" * 400, "-" + "9" * 400, "9" * 4_000])
@pytest.mark.parametrize("field", ["nodata", "raster:scale", "raster:offset"])
def test_a_number_that_no_float_holds_is_refused_by_its_field(
    folder: Path, field: str, number: str
) -> None:
    path = folder / "one.json"
    item = json.loads(path.read_text())
    item["assets"]["red"]["bands"] = [{field: "NUMBER"}]
    path.write_text(json.dumps(item).replace('"NUMBER"', number))
    with pytest.raises(StacError, match=rf"assets\.red\.bands\[0\]\.{field}: "):
        read(folder)


# Each is some hundred bytes of file: nothing of it was written.
BLOCKS: dict[str, dict[str, Any]] = {
    "a tile": {"tiled": True, "blockxsize": 16_000, "blockysize": 16_000},
    "a strip": {"blockysize": 16_000},
    "a tile of wide numbers": {
        "tiled": True,
        "blockxsize": 8_000,
        "blockysize": 8_000,
        "dtype": "float64",
    },
    "a tile of all bands": {
        "tiled": True,
        "blockxsize": 4_000,
        "blockysize": 4_000,
        "count": 20,
        "interleave": "pixel",
    },
    "a flat tile": {"tiled": True, "blockxsize": 16_000, "blockysize": 16_000, "dtype": "uint8"},
}


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_raster_that_is_only_read_as_a_whole_is_refused(folder: Path, kind: str) -> None:
    profile = {"count": 1, "dtype": "uint16", "compress": "deflate"} | BLOCKS[kind]
    side, place = 16_000, rasterio.Affine(10, 0, 500_000, 0, -10, 5_000_000)
    where = {"crs": "EPSG:32633", "transform": place, "width": side, "height": side}
    path = folder / "one-red.tif"
    path.unlink()
    with rasterio.open(path, "w", driver="GTiff", SPARSE_OK=True, **where, **profile):
        pass
    assert path.stat().st_size < 5_000
    with pytest.raises(StacError, match=r"one-red\.tif cannot be read: .* in tiles"):
        StacCatalog(folder).image("one")
