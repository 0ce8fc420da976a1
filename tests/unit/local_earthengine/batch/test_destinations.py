"""Exports go below one folder, whatever a request names."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_earthengine.batch.destinations import cloud_storage, drive
from local_earthengine.errors import EarthEngineError
from local_earthengine.storage.names import inside


def test_a_bucket_is_a_folder_of_its_name(tmp_path: Path) -> None:
    destination = cloud_storage("my-bucket", "composites/2020/one")
    assert destination.stem(tmp_path) == tmp_path / "my-bucket" / "composites" / "2020" / "one"
    assert destination.uri == (
        "https://console.developers.google.com/storage/browser/my-bucket/composites/2020/"
    )
    assert cloud_storage("my-bucket", "one").uri.endswith("/browser/my-bucket/")


def test_drive_is_a_folder_beside_the_buckets(tmp_path: Path) -> None:
    assert drive("Earth Engine", "one").stem(tmp_path) == tmp_path / "drive/Earth Engine/one"
    assert drive("", "one").stem(tmp_path) == tmp_path / "drive" / "one"


@pytest.mark.parametrize(
    "bucket",
    ["", "..", ".", "a", "UPPER", "a/b", "/etc", "-ab", "ab-", "a..b", "a b", "x" * 64, "a\0b",
     "192.168.0.1", "my-google-data", "goog-x", "drive", ".hidden", "bücket"],
)  # fmt: skip
def test_bad_buckets_are_refused(bucket: str) -> None:
    with pytest.raises(EarthEngineError, match="Invalid bucket name") as refusal:
        cloud_storage(bucket, "name")
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    "prefix",
    ["", "/a", "a/", "a//b", "../a", "a/../b", "a/..", "./a", "a\0b", "a\nb", "a\\b", "x" * 250,
     "/".join(["abc"] * 300), "\ud800"],
)  # fmt: skip
def test_bad_prefixes_are_refused(prefix: str) -> None:
    with pytest.raises(EarthEngineError, match="Invalid object name"):
        cloud_storage("my-bucket", prefix)


@pytest.mark.parametrize("folder", ["..", "a/b", "/a", "a\0"])
def test_bad_drive_folders_are_refused(folder: str) -> None:
    with pytest.raises(EarthEngineError, match="Invalid Drive folder"):
        drive(folder, "name")


def test_a_symbolic_link_leads_nowhere_else(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    (out / "my-bucket").mkdir(parents=True)
    elsewhere.mkdir()
    (out / "my-bucket" / "link").symlink_to(elsewhere)
    (out / "linked-bucket").symlink_to(elsewhere)
    for destination in (
        cloud_storage("my-bucket", "link/name"),
        cloud_storage("my-bucket", "link/deeper/name"),
        cloud_storage("linked-bucket", "name"),
    ):
        with pytest.raises(EarthEngineError, match="leaves the folder"):
            destination.stem(out)


@given(bucket=st.text(max_size=12), prefix=st.text(max_size=30))
def test_no_name_at_all_leaves_the_folder(bucket: str, prefix: str) -> None:
    out = Path("/served/folder")
    for make in (cloud_storage, drive):
        try:
            stem = make(bucket, prefix).stem(out)
        except EarthEngineError:
            continue
        assert stem.is_relative_to(out)
        assert ".." not in stem.parts
        assert stem != out


def test_a_path_that_leads_up_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EarthEngineError):
        inside(tmp_path / "out", Path("../x/y"))
