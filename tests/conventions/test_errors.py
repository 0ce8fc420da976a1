"""The tree of errors that is drawn is the one that is raised, and no error stands outside it."""

import ast
import inspect
import re

import pytest

from s1ratio import errors
from s1ratio.errors import S1RatioError
from tests.conventions.source import modules

_LINE = re.compile(r"^    [│├└─ ]*(?P<name>[A-Z]\w+) +(?P<words>.*)$", re.MULTILINE)
DRAWN = {line["name"]: line["words"].split() for line in _LINE.finditer(errors.__doc__ or "")}
RAISED = {
    name: error
    for name, error in inspect.getmembers(errors, inspect.isclass)
    if issubclass(error, S1RatioError) and not name.startswith("_")
}


def test_the_drawing_has_every_error() -> None:
    assert set(DRAWN) == set(RAISED)


@pytest.mark.parametrize("name", sorted(RAISED))
def test_an_error_is_drawn_as_it_is(name: str) -> None:
    error, words = RAISED[name], DRAWN[name]
    assert ("retry" in words[:1], "reject" in words[:1]) == (error.retry, error.reject)
    assert words[error.retry or error.reject] == error.error_class
    parent = next(base for base in error.__mro__[1:] if not base.__name__.startswith("_"))
    text = errors.__doc__ or ""
    indents = {line["name"]: line.start("name") - line.start() for line in _LINE.finditer(text)}
    if parent is not Exception:
        assert indents[name] == indents[parent.__name__] + 4


def test_no_error_is_defined_elsewhere() -> None:
    known = {*RAISED, "Exception", "BaseException"}
    elsewhere = [
        f"{module.name}.{node.name}"
        for module in modules().values()
        if module.part not in {"errors", "local_earthengine"}
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        and any(
            (isinstance(base, ast.Name) and (base.id in known or base.id.endswith("Error")))
            for base in node.bases
        )
    ]
    assert elsewhere == []


def test_a_word_of_the_vocabulary_is_written_once() -> None:
    """Elsewhere the member is named: a word that was mistyped would select or count nothing."""
    typed = [
        f"{module.name}:{node.value.lineno} {node.value.value!r}"
        for module in modules().values()
        if module.part not in {"errors", "local_earthengine"}
        for node in ast.walk(module.tree)
        if isinstance(node, ast.keyword) and node.arg == "error_class"
        if isinstance(node.value, ast.Constant) and node.value.value is not None
    ]
    assert typed == []
