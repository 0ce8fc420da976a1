"""The repository's pages as data: headings, links, tables, sentences, and what stands in code."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.conventions.source import ROOT

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")  # of two lines at most
_LINK = re.compile(r"\]\(((?!https?:)[^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_BLOCK = re.compile(r"\n\s*\n|\n(?= *(?:[*-]|\d+\.) )")
_SENTENCE = re.compile(r"(?<=[.!?])[\"')*]*\s+|(?<=[.!?])\*\*\s+")


@dataclass(frozen=True)
class Page:
    """One Markdown file."""

    path: Path

    def __str__(self) -> str:
        """Return its path in the repository."""
        return str(self.path.relative_to(ROOT))

    @cached_property
    def text(self) -> str:
        """All of it."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def prose(self) -> str:
        """It without comments and blocks of code."""
        return _FENCE.sub("", _COMMENT.sub("", self.text))

    @cached_property
    def anchors(self) -> set[str]:
        """What a link may name in it: its headings, as GitHub writes them."""
        return {
            re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            for heading in _HEADING.findall(self.prose)
        }

    @cached_property
    def links(self) -> list[str]:
        """Every link and picture of the repository itself, each once."""
        return sorted(set(_LINK.findall(self.prose)))

    @cached_property
    def code(self) -> list[str]:
        """Every line of a block of shell, and every piece of code in the prose."""
        blocks = [text for kind, text in _FENCE.findall(self.text) if kind == "sh"]
        inline = [" ".join(text.split()) for text in _INLINE.findall(self.prose)]
        return [line for block in blocks for line in block.splitlines()] + inline

    @property
    def sentences(self) -> list[str]:
        """Its sentences, tables and headings left out, a piece of code as one word."""
        words = _INLINE.sub("code", _LINK.sub("]", self.prose))
        lines = [line for line in words.splitlines() if not line.lstrip().startswith(("|", "#"))]
        blocks = _BLOCK.split("\n".join(lines))
        return [one for block in blocks for one in _SENTENCE.split(" ".join(block.split())) if one]

    def section(self, heading: str) -> str:
        """Return what stands below a heading, down to the next of its level or a higher one."""
        marks, _, _ = heading.partition(" ")
        _, found, rest = self.text.partition(f"\n{heading}\n")
        assert found, f"{self} has no {heading!r}"
        return re.split(rf"^#{{1,{len(marks)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """Return the cells of every line of the tables in a text, their headings left out."""
    lines = [
        re.sub(r"`[^`]*`", lambda code: code[0].replace("|", "¦"), line.strip())
        for line in text.splitlines()
    ]
    tables = [
        [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        for line in lines
    ]
    under = [set("".join(cells)) <= set("-: ") and bool(cells) for cells in tables]
    return [
        cells
        for index, cells in enumerate(tables)
        if cells and not under[index] and not (index + 1 < len(under) and under[index + 1])
    ]


def codes(cell: str) -> list[str]:
    """Return the pieces of code in a cell of a table."""
    return re.findall(r"`([^`]+)`", cell)


def _found() -> list[Page]:
    """Return the pages in the root and in its folders, whatever else was made there left out."""
    folders = ("functions", "infra", "shared", "tests")
    below = [path for folder in folders for path in (ROOT / folder).rglob("*.md")]
    own = [
        path
        for path in below
        if not any(part.startswith(".") for part in path.parts[len(ROOT.parts) :])
    ]
    return [Page(path) for path in sorted([*ROOT.glob("*.md"), *own])]


# Text that a page is made of: its links are those of the page.
_PARTS = {"introduction.md"}

PAGES = [page for page in _found() if page.path.name not in _PARTS]
README = Page(ROOT / "README.md")
PRODUCT = Page(ROOT / "shared" / "s1ratio" / "README.md")
FUNCTIONS = Page(ROOT / "functions" / "README.md")
