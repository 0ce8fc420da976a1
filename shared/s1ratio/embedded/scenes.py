"""Whether what lies in a folder was computed from invented scenes: one folder, one kind of them.

The pixels don't tell, and neither does Earth Engine. Whoever runs it over a folder knows what
scenes it serves; the folder keeps that, for what was begun over one kind may be ended, looked at
or told of later. So nothing of one kind ever lies among the other.
"""

import errno
from pathlib import Path
from typing import Final

_FILE: Final = "scenes"
_WORDS: Final = {True: "synthetic", False: "catalog"}  # what stands in it


def claim_scenes(state: Path, *, synthetic: bool) -> None:
    """Keep the folder whose state is in `state` for one kind of scenes, if it is kept for none.

    Raises OSError if it can't be kept.
    """
    # It loads rasterio, and who only asks what is kept must not pay for that.
    from s1ratio.embedded.whole_file import write_whole  # noqa: PLC0415

    if are_synthetic(state) is None:
        state.mkdir(parents=True, exist_ok=True)
        write_whole(state / _FILE, f"{_WORDS[synthetic]}\n".encode())


def refuse_scenes(out: Path, state: Path, *, synthetic: bool) -> str | None:
    """Return why a folder `out`, its state in `state`, takes no scenes of a kind; None if it does.

    A folder of an earlier version is kept for none: it is the caller's.
    """
    kept = are_synthetic(state)
    if kept is None or kept is synthetic:
        return None
    holds = "synthetic scenes" if kept else "the scenes of a --catalog"
    words = f"{out} holds what was computed from {holds}, and is kept for such alone"
    return f"{words}: name another folder by --out"


def are_synthetic(state: Path) -> bool | None:
    """Return what a folder's state says of its scenes; None if it says nothing."""
    try:
        word = (state / _FILE).read_text(encoding="utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:  # no folder lies there
            return None
        raise
    return {words: kind for kind, words in _WORDS.items()}.get(word)
