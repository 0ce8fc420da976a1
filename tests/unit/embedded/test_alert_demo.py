"""The demo of alerts as a whole: a flood of an invented feed, to files on disk."""

from pathlib import Path

import pytest
import rasterio

from s1ratio.embedded.alert_demo import ALERT_AT, main, times


def test_a_flood_is_followed_until_pairs_are_on_disk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--out", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    files = sorted((tmp_path / "local-bucket").rglob("*.tif"))
    watches = {path.name.rpartition("-")[0][: -len("-2609000000-a")] for path in files}
    assert len(watches) >= 2
    assert len(files) == 2 * len(watches)
    for path in files:
        with rasterio.open(path) as made:
            assert made.read(1, masked=True).count() > 0
        assert f"picture {path.with_suffix('.png')}" in told
        assert path.with_suffix(".png").stat().st_size > 1_000
    for watch in watches:
        assert f"watch {watch}: DELIVERED" in told


def test_its_calls_come_in_order_and_wait_for_the_group() -> None:
    found = list(times())
    assert found == sorted(found)
    assert 10 * 60 < (found[found.index(ALERT_AT) + 1] - ALERT_AT).total_seconds() < 900
