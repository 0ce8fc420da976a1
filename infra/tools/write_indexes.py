"""Writes indexes.json: what Firestore must be told about the store's collections, from its code.

Run by `make indexes`, after a change of the store's queries; a test says when that was forgotten.
"""

import json
from pathlib import Path
from typing import Any

from s1ratio.adapters.store.indexes import Index, composite_indexes
from s1ratio.adapters.store.schema import EXPIRING, UNINDEXED

PATH = Path(__file__).parents[1] / "indexes.json"
EXPIRE_AT = "expire_at"


def schema() -> dict[str, Any]:
    """Return the composite indexes, the fields not to index, and those that say when to delete."""
    return {
        "indexes": _named([_index(index) for index in composite_indexes()]),
        "unindexed": [{"collection": c, "path": path} for c, path in UNINDEXED],
        "expiring": [{"collection": c, "path": EXPIRE_AT} for c in EXPIRING],
    }


def _index(index: Index) -> dict[str, Any]:
    texts = [{"path": index.texts, "array": "CONTAINS"}] if index.texts else []
    sorts = [
        {"path": f.field, "order": "DESCENDING" if f.descending else "ASCENDING"}
        for f in index.fields
    ]
    return {"collection": index.collection, "fields": texts + sorts}


def _named(indexes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return indexes with names for Terraform, which writes `/` for `:`: deployed ones keep theirs.

    The second over the same fields, in another direction, is named for that.
    """
    names: set[str] = set()
    for index in indexes:
        name = ":".join([index["collection"], *(field["path"] for field in index["fields"])])
        index["name"] = f"{name}:descending" if name in names else name
        names.add(index["name"])
    return [{"name": index.pop("name"), **index} for index in indexes]


def text() -> str:
    """Return the file's text."""
    return json.dumps(schema(), indent=2) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
