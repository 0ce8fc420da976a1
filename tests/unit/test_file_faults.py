"""What is said of a file that can't be used: what happened, where, and what to do next."""

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import local_earthengine.file_faults as other
from s1ratio import file_faults
from s1ratio.file_faults import describe, is_of_disk

WORDS = {
    errno.ENOSPC: "no room is left for bytes or files (No space left on device): make room",
    errno.EDQUOT: "no room is left for bytes or files (Disk quota exceeded): make room",
    errno.EFBIG: "files may not become that large (File too large): raise that limit",
    errno.EROFS: "the disk is read-only (Read-only file system): name another folder",
    errno.EACCES: "this user may not do that (Permission denied): give the right",
    errno.ENOTDIR: "a file is where a folder is needed (Not a directory): name another folder",
    errno.ENAMETOOLONG: "the path is too long (File name too long): name a shorter one",
    errno.EIO: "the disk failed (Input/output error): see that it has room and is well",
    errno.EMFILE: "too many files are open (Too many open files): end what holds them",
}


@pytest.mark.parametrize("number", WORDS, ids=errno.errorcode.get)
@pytest.mark.parametrize("name", ["out/summary.json", b"out/summary.json", Path("out/x.tif")])
def test_an_error_of_the_system_says_where_and_what_to_do(
    number: int, name: str | bytes | Path
) -> None:
    error = OSError(number, os.strerror(number), name)
    place = name.decode() if isinstance(name, bytes) else str(name)
    assert describe(error).startswith(f"{place}: {WORDS[number]}")
    assert describe(OSError(number, os.strerror(number))).startswith(WORDS[number])
    assert is_of_disk(error)


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"),
        TimeoutError("timed out"),
        OSError(errno.EADDRINUSE, "Address already in use"),
        OSError("words\nof a library"),
        OSError(),
    ],
)
def test_an_error_of_no_file_keeps_its_words(error: OSError) -> None:
    assert describe(error, Path("out")) == " ".join(str(error).split()) or type(error).__name__
    assert "\n" not in describe(error)
    assert not is_of_disk(error)


def test_an_error_of_sqlite_is_told_by_its_code(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    with closing(sqlite3.connect(path, timeout=0)) as one:
        one.execute("CREATE TABLE t (a)")
        with pytest.raises(sqlite3.Error) as unknown:
            one.execute("SELECT b FROM t")
    words = describe(unknown.value, path)
    assert words.startswith(f"{path}: it is another program's, or another version's (no such col")
    assert describe(sqlite3.ProgrammingError("closed"), path) == "closed"


def test_both_packages_say_the_same() -> None:
    one, two = (Path(module.__file__ or "").read_text() for module in (file_faults, other))
    assert one == two
