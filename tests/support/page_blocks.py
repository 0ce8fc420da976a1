"""The programs that a page shows, which tests run as they stand there."""

import re
from pathlib import Path

_BLOCK = re.compile(r"<!-- run: (?P<name>\S+) -->\n```(?:\w+)\n(?P<text>.*?)```\n", re.DOTALL)


def blocks_of(page: Path) -> dict[str, str]:
    """Return the blocks that are to be run, each by the name of the file that it is."""
    text = page.read_text(encoding="utf-8")
    return {found["name"]: found["text"] for found in _BLOCK.finditer(text)}
