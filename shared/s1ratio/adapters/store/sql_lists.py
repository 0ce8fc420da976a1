"""Tables beside a collection with the texts of a list that its documents have, one a row.

SQLite has no index of what is in a list: triggers keep such a table, so that a text is found
without a look into any document. Names are ours, never from outside.
"""
# ruff: noqa: S608 - see above

_COLUMNS = "(text TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (text, id)) WITHOUT ROWID"


def list_table(collection: str, field: str) -> str:
    """Return the name of the table of the texts of a field."""
    return f"{collection}_{field}"


def make_list(collection: str, field: str) -> list[str]:
    """Return the statements that make the table of a field, fill it with what is, and keep it."""
    name = list_table(collection, field)
    texts = f"json_each({{}}.document, '$.{field}')"
    add = f"INSERT OR IGNORE INTO {name} SELECT value, {{}}.id FROM"
    fresh = f"{add.format('NEW')} {texts.format('NEW')}"
    gone = f"DELETE FROM {name} WHERE id = OLD.id"
    return [
        f"CREATE TABLE IF NOT EXISTS {name} {_COLUMNS}",
        f"CREATE INDEX IF NOT EXISTS {name}_by_id ON {name} (id)",
        _trigger(f"{name}_added", f"INSERT ON {collection}", fresh),
        _trigger(f"{name}_changed", f"UPDATE OF document ON {collection}", f"{gone}; {fresh}"),
        _trigger(f"{name}_gone", f"DELETE ON {collection}", gone),
        f"{add.format(collection)} {collection}, {texts.format(collection)}",
    ]


def _trigger(name: str, event: str, statements: str) -> str:
    return f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} BEGIN {statements}; END"
