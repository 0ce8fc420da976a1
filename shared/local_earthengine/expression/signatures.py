"""What Earth Engine's own list says of each algorithm: arguments, types, defaults."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from local_earthengine.expression.client_wheel import read_shipped


@dataclass(frozen=True)
class Argument:
    """One argument: its name, Earth Engine's name of its type, and whether it may be left out."""

    name: str
    type: str
    optional: bool
    default: Any


@dataclass(frozen=True)
class Signature:
    """An algorithm's name, its arguments in order and the type it returns."""

    name: str
    arguments: tuple[Argument, ...]
    returns: str


@lru_cache(maxsize=1)
def signatures() -> Mapping[str, Signature]:
    """Return every algorithm of the list that the client's package carries, by name."""
    found = (
        _signature(entry) for entry in json.loads(read_shipped("algorithms.json"))["algorithms"]
    )
    return {signature.name: signature for signature in found}


def _signature(entry: Mapping[str, Any]) -> Signature:
    arguments = tuple(
        Argument(
            name=item["argumentName"],
            type=item["type"].replace("<unknown bands>", ""),
            optional=bool(item.get("optional", False)),
            default=item.get("defaultValue"),
        )
        for item in entry.get("arguments", ())
    )
    returns = entry["returnType"].replace("<unknown bands>", "")
    return Signature(entry["name"].removeprefix("algorithms/"), arguments, returns)
