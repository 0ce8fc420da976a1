"""Operations are compared by id: a whole name may tell the project by its id or by its number."""

import ast

import pytest

from tests.conventions.source import modules

COMPARING = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)


def is_whole_name(node: ast.expr) -> bool:
    """Tell whether an expression is an operation's whole name, as tasks and lists hold it."""
    text = ast.unparse(node)
    return text.endswith(".run.operation") or text in {"op.name", "operation.name", "operation"}


def compared(tree: ast.AST) -> list[int]:
    """Return the lines where a whole name is compared, or is a key."""
    found = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and any(isinstance(way, COMPARING) for way in node.ops)
        and any(map(is_whole_name, [node.left, *node.comparators]))
    ]
    keys = [
        key for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys if key
    ]
    keys += [node.key for node in ast.walk(tree) if isinstance(node, ast.DictComp)]
    keys += [node.slice for node in ast.walk(tree) if isinstance(node, ast.Subscript)]
    return sorted([*found, *(key.lineno for key in keys if is_whole_name(key))])


def test_no_use_case_compares_whole_names() -> None:
    places = {m.name: compared(m.tree) for m in modules().values() if m.part == "services"}
    assert {name: lines for name, lines in places.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        "task.run.operation != operation.name",
        "operation.name in listing",
        "current.run.operation != operation",
        "{op.name: op for op in operations}",
        "known[operation.name]",
    ],
)
def test_the_check_finds_what_it_is_for(source: str) -> None:
    assert compared(ast.parse(source))
