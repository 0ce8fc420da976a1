"""Differences between two definitions of a region, field by field, as people read them. Pure."""

import hashlib
import json
from typing import Any

from s1ratio.faults import cut

_MAX_SHOWN = 4_000  # bytes of a value: an outline may have ten thousand vertices


def differences(before: str | None, after: str) -> list[tuple[str, str, str]]:
    """Return (field, was, became) of the fields that differ; of a new region all, `was` empty."""
    old: dict[str, Any] = json.loads(before) if before is not None else {}
    new: dict[str, Any] = json.loads(after)
    names = sorted(old.keys() | new.keys())
    return [
        (name, _shown(old, name), _shown(new, name))
        for name in names
        if old.get(name) != new.get(name) and (name in old or not _is_nothing(new.get(name)))
    ]


def _is_nothing(value: Any) -> bool:
    return value in (None, "", {}, [])


def _shown(fields: dict[str, Any], name: str) -> str:
    if name not in fields:
        return ""
    text = json.dumps(fields[name], sort_keys=True, ensure_ascii=False)
    if len(text) <= _MAX_SHOWN:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return f"{cut(text, 200)} ({len(text)} bytes, digest {digest})"
