"""What acts says so: a function's docstring begins with a verb in the imperative."""

import ast
import re

import pytest

from tests.conventions.source import modules

# What began the docstrings that said what a function is instead of what it does.
_NOUNS = re.compile(r"(The|A|An|Whether|What|How|Where|Which|Of|As|By|With|Masked)\b")
_VERBS = "Give|Make|Write|Read|Add|Keep|Turn|Hold|Take|Raise|Return|Yield|Tell"
_THIRD_PERSON = re.compile(rf"({_VERBS})s\b")
PROPERTIES = {"property", "cached_property"}


def acts(node: ast.AST) -> bool:
    """Tell whether a node is a function that is not read like a field."""
    return isinstance(node, ast.FunctionDef) and not any(
        ast.unparse(decorator) in PROPERTIES for decorator in node.decorator_list
    )


@pytest.mark.parametrize("package", ["local_earthengine"])
def test_a_function_says_what_it_does(package: str) -> None:
    others = [
        f"{module.name}.{node.name}: {text.splitlines()[0]}"
        for module in modules().values()
        if module.name.partition(".")[0] == package
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef) and acts(node)
        for text in [ast.get_docstring(node) or ""]
        if _NOUNS.match(text) or _THIRD_PERSON.match(text)
    ]
    assert others == []
