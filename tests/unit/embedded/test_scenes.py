"""One folder, one kind of scenes: what is invented never lies among what was seen."""

from pathlib import Path

import pytest

from s1ratio.embedded.scenes import are_synthetic, claim_scenes, refuse_scenes


@pytest.mark.parametrize("synthetic", [True, False])
def test_a_folder_is_kept_for_the_kind_that_came_first(tmp_path: Path, synthetic: bool) -> None:
    out, state = tmp_path, tmp_path / "state"
    state.mkdir()
    for kind in (True, False):
        assert refuse_scenes(out, state, synthetic=kind) is None
    assert are_synthetic(state) is None
    claim_scenes(state, synthetic=synthetic)
    claim_scenes(state, synthetic=not synthetic)
    assert are_synthetic(state) is synthetic
    assert refuse_scenes(out, state, synthetic=synthetic) is None
    words = str(refuse_scenes(out, state, synthetic=not synthetic))
    assert words.endswith("is kept for such alone: name another folder by --out")


@pytest.mark.parametrize("content", [b"", b"junk", b"\xff\xfe", b"synthetic catalog", b"{}"])
def test_a_file_that_says_nothing_is_written_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "scenes").write_bytes(content)
    assert are_synthetic(tmp_path) is None
    claim_scenes(tmp_path, synthetic=True)
    assert are_synthetic(tmp_path) is True
