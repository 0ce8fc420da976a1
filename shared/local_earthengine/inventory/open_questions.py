"""What only a live Earth Engine can settle: the data file, and what docstrings say.

A docstring says it in a paragraph that begins with `Unsettled:`.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parents[1]
_FILE: Final = Path(__file__).with_name("open_questions.toml")
_PARAGRAPH: Final = re.compile(r"^Unsettled:\s*(.+?)(?=\n\s*\n|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """`about` names algorithms or a subject, `here` says what is done until it is settled."""

    about: str
    here: str


def questions() -> list[Question]:
    """Return all of them, sorted by what they are about."""
    written = tomllib.loads(_FILE.read_text(encoding="utf-8"))["question"]
    found = [Question(one["about"], one["here"]) for one in written]
    return sorted([*found, *_said()], key=lambda one: (one.about, one.here))


def _said() -> Iterator[Question]:
    for path in sorted(_FOLDER.rglob("*.py")):
        if path == Path(__file__):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                about = _about(path, node)
                for text in _PARAGRAPH.findall(ast.get_docstring(node) or ""):
                    yield Question(about, " ".join(text.split()))


def _about(path: Path, node: ast.Module | ast.ClassDef | ast.FunctionDef) -> str:
    """Return the algorithms that a function is registered as, else its own name or its module's."""
    if isinstance(node, ast.Module):
        return f"`{path.relative_to(_FOLDER).as_posix()}`"
    calls = [call for call in node.decorator_list if isinstance(call, ast.Call)]
    names = [
        f"`{argument.value}`"
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "algorithm"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    return ", ".join(names) or f"`{path.relative_to(_FOLDER).as_posix()}`: {node.name}"
