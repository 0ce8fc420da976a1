"""What the system refused about a file or a folder: what happened, where, and what to do next."""

import errno
from typing import Final

_AGAIN: Final = "then do the same again"
_ROOM: Final = "no room is left for bytes or files", f"make room, {_AGAIN}"
_RIGHT: Final = "this user may not do that", f"give the right, or name another folder, {_AGAIN}"
_WHERE: Final = "a file is where a folder is needed", "name another folder, or move that file away"
_OPEN: Final = "too many files are open", f"end what holds them, {_AGAIN}"
_WORDS: Final = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: ("files may not become that large", f"raise that limit, {_AGAIN}"),
    errno.EROFS: ("the disk is read-only", "name another folder, or mount it for writing"),
    errno.EACCES: _RIGHT,
    errno.EPERM: _RIGHT,
    errno.ENOTDIR: _WHERE,
    errno.EEXIST: _WHERE,
    errno.EISDIR: ("a folder is where a file is needed", "move that folder away"),
    errno.ENAMETOOLONG: ("the path is too long", "name a shorter one"),
    errno.ELOOP: ("links lead round in a circle", "name another folder"),
    errno.ENOENT: ("it is not there", "look for what moved it, or name another folder"),
    errno.EIO: ("the disk failed", f"see that it has room and is well, {_AGAIN}"),
    errno.EMFILE: _OPEN,
    errno.ENFILE: _OPEN,
}


def describe(error: OSError) -> str:
    """Return an error in one line: the path where there is one, what happened, what to do.

    One that is not about files keeps its own words.
    """
    known = _WORDS.get(error.errno or 0)
    if known is None:
        return str(error) or type(error).__name__
    happened, to_do = known
    place = "" if error.filename is None else f"{_text(error.filename)}: "
    said = f" ({error.strerror})" if error.strerror else ""
    return f"{place}{happened}{said}: {to_do}"


def _text(name: object) -> str:
    return name.decode(errors="replace") if isinstance(name, bytes) else str(name)
