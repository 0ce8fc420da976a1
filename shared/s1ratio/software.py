"""Which software this is: its version, and a digest of what it consists of.

The version alone does not tell one deployment from the next: many are made between two releases.
So the sources are digested, those that are deployed. The same files are the same software, wherever
they lie.
"""

import hashlib
from functools import cache
from pathlib import Path

VERSION = "0.1.0"  # as in pyproject.toml, which is not deployed

_PACKAGE = Path(__file__).parent
_NOT_DEPLOYED = frozenset({"cli", "embedded"})


@cache
def describe_software() -> str:
    """Return the version and 12 hex of the sources' digest, such as `0.1.0+3f2a9c1d5b7e`.

    Read once a process: some tens of milliseconds. Without sources beside it, as in a package of
    byte code alone, it is the version.
    """
    digest = digest_sources(_PACKAGE)
    return f"{VERSION}+{digest[:12]}" if digest else VERSION


def digest_sources(package: Path) -> str | None:
    """Return the SHA-256 over a package's modules and their names, None where there are none.

    Rooms that are never deployed don't count, so that an operator's checkout and a deployment of it
    are the same software. Neither do the ends of lines.
    """
    names = sorted(path.relative_to(package) for path in package.rglob("*.py"))
    deployed = [name for name in names if name.parts[0] not in _NOT_DEPLOYED]
    told = hashlib.sha256()
    for name in deployed:
        text = (package / name).read_bytes().replace(b"\r\n", b"\n")
        told.update(f"{name.as_posix()} {len(text)}\n".encode() + text)
    return told.hexdigest() if deployed else None
