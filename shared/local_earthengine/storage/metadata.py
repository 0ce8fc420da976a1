"""What is kept beside objects: names and texts of a user's own, which a PATCH changes.

They belong to one writing of an object, as in Cloud Storage: who overwrites it begins anew. They
lie in files of their own, in a folder that is no bucket's.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from local_earthengine.errors import EarthEngineError

FOLDER: Final = ".metadata"  # no bucket's name: never listed
_MOST: Final = 8 * 1024  # bytes of all names and texts of an object


@dataclass(frozen=True)
class Metadata:
    """An object's texts by name; `version` counts their changes from 1.

    `changed_ns` is when they were changed last, nanoseconds since 1970; 0 if they never were.
    """

    texts: dict[str, str] = field(default_factory=dict)
    version: int = 1
    changed_ns: int = 0

    def changed(self, body: dict[str, Any]) -> Metadata:
        """Return it after the changes of a PATCH's body: `null` for a text removes it.

        Raise EarthEngineError: 400 if they are no texts or too many, 501 for what else a body has.
        """
        if others := sorted(body.keys() - {"metadata"}):
            raise EarthEngineError(f"This storage changes metadata alone, not {others[0]}.", 501)
        wished = body.get("metadata")
        if not isinstance(wished, dict):
            raise EarthEngineError("Invalid value for metadata: it must be an object.")
        if any(not isinstance(text, str | None) for text in wished.values()):
            raise EarthEngineError("Invalid value for metadata: its values must be strings.")
        texts = {name: text for name, text in {**self.texts, **wished}.items() if text is not None}
        if sum(len(f"{name}{text}".encode()) for name, text in texts.items()) > _MOST:
            raise EarthEngineError(f"The metadata exceeds the maximum of {_MOST} bytes.")
        return replace(self, texts=texts, version=self.version + 1, changed_ns=time.time_ns())


def read_metadata(path: Path, generation: int) -> Metadata:
    """Return what the file at `path` keeps of a generation of its object; nothing of another."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Metadata()
    if not isinstance(kept, dict) or kept.pop("generation", None) != generation:
        return Metadata()
    return Metadata(**kept)


def write_metadata(path: Path, generation: int, metadata: Metadata) -> None:
    """Keep the metadata of a generation in the file at `path`; whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{secrets.token_hex(8)}")
    aside.write_text(json.dumps({"generation": generation, **vars(metadata)}), encoding="utf-8")
    aside.replace(path)
