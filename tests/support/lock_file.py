"""A lock, as `make locks` writes it: pins with their hashes."""

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from tests.support.distributions import normal

_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Pin:
    """One line of a lock: a version, its files' hashes, and whether this machine installs it."""

    version: str
    hashes: frozenset[str]
    here: bool


def pins(path: Path) -> dict[str, Pin]:
    """Return the pins of a lock by their normal names; each line is NAME==VERSION and hashes.

    Of a name with a version for each of several Pythons, that of this one.
    """
    text = re.sub(r"\s*^ *#.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = text.replace("\\\n", "").strip().splitlines()
    found: dict[str, Pin] = {}
    for name, pin in map(_pin, lines):
        if pin.here or name not in found:
            found[name] = pin
    return found


def _pin(line: str) -> tuple[str, Pin]:
    words, *hashes = line.split("--hash=")
    requirement = Requirement(words)
    (version,) = requirement.specifier
    assert version.operator == "==", words
    assert all(_HASH.fullmatch(f"--hash={each.strip()}") for each in hashes), words
    here = requirement.marker is None or requirement.marker.evaluate()
    return normal(requirement.name), Pin(version.version, frozenset(map(str.strip, hashes)), here)
