"""The feeds and rules that come with the product, each a JSON document in this folder.

`s1ratio feeds apply` and `s1ratio rules apply` store them; nothing is read of them before.
"""

import json
from functools import cache
from pathlib import Path

from s1ratio.alerts.feed import Feed, read_feed
from s1ratio.alerts.rule import Rule, read_rule

FOLDER = Path(__file__).parent


@cache
def shipped_feeds() -> tuple[Feed, ...]:
    """Return the feeds that come along, by name."""
    return tuple(read_feed(_document(path)) for path in sorted(FOLDER.glob("feeds/*.json")))


@cache
def shipped_rules() -> tuple[Rule, ...]:
    """Return the rules that come along, by name."""
    return tuple(read_rule(_document(path)) for path in sorted(FOLDER.glob("rules/*.json")))


def _document(path: Path) -> object:
    return json.loads(path.read_text(encoding="utf-8"))
