"""Writes indexes.json: what Firestore must be told about the store's collections, from its code.

Run by `make indexes`, after a change of the store's queries; a test says when that was forgotten.
"""

import json
from pathlib import Path
from typing import Any

from s1ratio.adapters.store.indexes import composite_indexes
from s1ratio.adapters.store.schema import EXPIRING, UNINDEXED

PATH = Path(__file__).parents[1] / "indexes.json"
EXPIRE_AT = "expire_at"


def schema() -> dict[str, Any]:
    """Return the composite indexes, the fields not to index, and those that say when to delete."""
    return {
        "indexes": [
            {
                "collection": index.collection,
                "fields": [
                    {"path": f.field, "order": "DESCENDING" if f.descending else "ASCENDING"}
                    for f in index.fields
                ],
            }
            for index in composite_indexes()
        ],
        "unindexed": [{"collection": c, "path": path} for c, path in UNINDEXED],
        "expiring": [{"collection": c, "path": EXPIRE_AT} for c in EXPIRING],
    }


def text() -> str:
    """Return the file's text."""
    return json.dumps(schema(), indent=2) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
