"""What the system or SQLite refused about a file: what happened, where, and what to do next.

The packages `s1ratio` and `local_earthengine` import nothing of each other, so each has this
module; a test holds the two to the same text.
"""

import errno
from pathlib import Path
from typing import Final

_Words = tuple[str, str]
_AGAIN: Final = "then do the same again"
_ANEW: Final = "put a copy of it back, or move it and its -wal and -shm away to begin anew"
_ROOM: Final = "no room is left for bytes or files", f"make room, {_AGAIN}"
_RIGHT: Final = "this user may not do that", "give the right, or name another folder"
_FOLDER: Final = "a file is where a folder is needed", "name another folder, or move that file away"
_OPEN: Final = "too many files are open", f"end what holds them, {_AGAIN}"
_DISK: Final = "the disk failed", f"see that it has room and is well, {_AGAIN}"
_LOCKED: Final = "another process keeps it locked", f"wait until that ends, {_AGAIN}"
_OF_SYSTEM: Final[dict[int, _Words]] = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: ("files may not become that large", f"raise that limit, {_AGAIN}"),
    errno.EROFS: ("the disk is read-only", "name another folder, or mount it for writing"),
    errno.EACCES: _RIGHT,
    errno.EPERM: _RIGHT,
    errno.ENOTDIR: _FOLDER,
    errno.EEXIST: _FOLDER,
    errno.EISDIR: ("a folder is where a file is needed", "move that folder away"),
    errno.ENAMETOOLONG: ("the path is too long", "name a shorter one"),
    errno.ELOOP: ("links lead round in a circle", "name another folder"),
    errno.ENOENT: ("it is not there", "see what moved it, or name another folder"),
    errno.EIO: _DISK,
    errno.EMFILE: _OPEN,
    errno.ENFILE: _OPEN,
}
# By the name of SQLite's result code, without what it says beside it: IOERR of SQLITE_IOERR_WRITE.
_OF_SQLITE: Final[dict[str, _Words]] = {
    "FULL": _ROOM,
    "IOERR": _DISK,
    "READONLY": _RIGHT,
    "PERM": _RIGHT,
    "CANTOPEN": (
        "it can't be opened",
        f"see that its folder is there, has room and is this user's to write, {_AGAIN}",
    ),
    "BUSY": _LOCKED,
    "LOCKED": _LOCKED,
    "CORRUPT": ("it is damaged", _ANEW),
    "NOTADB": ("it is no SQLite database", _ANEW),
    "ERROR": ("it is another program's, or another version's", _ANEW),
}


def describe(error: Exception, path: Path | None = None) -> str:
    """Return an error of the system or of `sqlite3` in one line: where, what happened, what to do.

    An error that is not of a file keeps its own words.
    """
    known = _words(error)
    if known is None:
        return " ".join(str(error).split()) or type(error).__name__
    happened, to_do = known
    name = getattr(error, "filename", None)
    place = path if name is None else name
    where = "" if place is None else f"{_text(place)}: "
    said = error.strerror if isinstance(error, OSError) else str(error)
    return f"{where}{happened} ({said}): {to_do}"


def is_of_disk(error: OSError) -> bool:
    """Tell whether an error is of a file or its disk, and so meets whatever is written next."""
    return _words(error) is not None


def sqlite_code(error: Exception) -> str:
    """Return which of SQLite's result codes an error of `sqlite3` has, such as FULL; or ""."""
    name: str = getattr(error, "sqlite_errorname", "")
    return name.removeprefix("SQLITE_").partition("_")[0]


def _words(error: Exception) -> _Words | None:
    if isinstance(error, OSError):
        return _OF_SYSTEM.get(error.errno or 0)
    return _OF_SQLITE.get(sqlite_code(error))


def _text(name: object) -> str:
    return name.decode(errors="replace") if isinstance(name, bytes) else str(name)
