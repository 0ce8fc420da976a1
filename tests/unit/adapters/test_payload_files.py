"""Large payloads as files: whole, by name, and the same again changes nothing."""

from pathlib import Path

import pytest

from s1ratio.adapters.payload_files import FolderPayloads
from s1ratio.errors import ObjectMissing, ObjectStoreUnavailable


def test_a_payload_comes_back(tmp_path: Path) -> None:
    payloads = FolderPayloads(tmp_path / "payloads")
    for _ in range(2):
        payloads.put("alerts/payloads/abc", b"\x00large")
    assert payloads.get("alerts/payloads/abc") == b"\x00large"
    assert len(list((tmp_path / "payloads").iterdir())) == 1


def test_one_that_was_never_put_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ObjectMissing):
        FolderPayloads(tmp_path).get("alerts/payloads/abc")


def test_a_folder_that_can_t_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ObjectStoreUnavailable):
        FolderPayloads(tmp_path / "file").put("a", b"")
    with pytest.raises(ObjectStoreUnavailable):
        FolderPayloads(tmp_path / "file").get("a")
