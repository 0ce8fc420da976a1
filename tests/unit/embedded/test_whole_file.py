"""Files that a run leaves appear whole or not at all, whatever was there before."""

import errno
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine

from s1ratio.embedded.mosaic import write_mosaic
from s1ratio.embedded.pictures import write_picture, write_qgis_style
from s1ratio.embedded.whole_file import write_whole
from tests.support.full_disk import files_end_at
from tests.unit.pictures.shown import SUBJECT

Write = Callable[[Path], Path]
BANDS = ("vvvh_db_median",)


@pytest.fixture
def tif(tmp_path: Path) -> Path:
    """Return a GeoTIFF of noise."""
    path = tmp_path / "one.tif"
    profile = {"width": 90, "height": 80, "count": 1, "dtype": "float32", "crs": "EPSG:32633"}
    transform = Affine(10, 0, 500_000, 0, -10, 5_000_000)
    with rasterio.open(path, "w", driver="GTiff", transform=transform, **profile) as file:
        file.write(np.random.default_rng(1).normal(size=(1, 80, 90)).astype("float32"))
    return path


def write_summary(tif: Path) -> Path:
    path = tif.with_name("summary.json")
    write_whole(path, b'{"request_id": "x"}\n' * 50)
    return path


def write_vrt(tif: Path) -> Path:
    transform = (10, 0, 500_000, 0, -10, 5_000_000)
    return write_mosaic(tif.with_suffix(".vrt"), transform, (80, 90), [tif])


def draw(tif: Path) -> Path:
    return write_picture(tif, BANDS, SUBJECT)


def style(tif: Path) -> Path:
    return write_qgis_style(tif, BANDS, SUBJECT)


KINDS: dict[str, Write] = {
    "summary": write_summary,
    "vrt": write_vrt,
    "picture": draw,
    "style": style,
}


@pytest.mark.parametrize("write", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("before", [None, b"what was there"])
@pytest.mark.parametrize("room", [0, 1, 100, 500])
def test_what_does_not_fit_leaves_what_was_there(
    tif: Path, write: Write, before: bytes | None, room: int
) -> None:
    path = write(tif)
    whole = path.read_bytes()
    path.unlink()
    if before is not None:
        path.write_bytes(before)
    names = sorted(tif.parent.iterdir())
    with files_end_at(room), pytest.raises(OSError, match=path.name) as told:
        write(tif)
    assert told.value.errno == errno.EFBIG
    assert told.value.filename == str(path)
    assert sorted(tif.parent.iterdir()) == names
    assert before is None or path.read_bytes() == before
    write(tif)
    assert path.read_bytes() == whole


@pytest.mark.parametrize("name", ["a" * 300, "none/x.json", "file/x.json", "folder"])
def test_a_place_where_no_file_can_be_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder" / "full").mkdir(parents=True)
    with pytest.raises(OSError, match=name) as told:
        write_whole(tmp_path / name, b"{}")
    assert told.value.filename == str(tmp_path / name)
    assert not list(tmp_path.rglob(".partial*"))


def test_a_file_is_as_readable_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_whole(tmp_path / "whole", b"{}")
    assert (tmp_path / "whole").stat().st_mode == (tmp_path / "plain").stat().st_mode
