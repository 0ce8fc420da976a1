"""Where the real Sentinel-1 scenes are."""

import os
from pathlib import Path

from tests.support.required_tools import require

_BESIDE = Path(__file__).parents[2].parent / "shared" / "data" / "sentinel1-rtc"


def real_scenes() -> Path:
    """Return the folder of the real scenes; skip (or fail) the test where there is none."""
    folder = Path(os.environ.get("S1RATIO_TEST_SCENES") or _BESIDE)
    require(folder.is_dir(), f"no real scenes in {folder}: set S1RATIO_TEST_SCENES")
    return folder
