"""The algorithms that are here, with their arguments and the tests that ask for them."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from local_earthengine import algorithms
from local_earthengine.expression import registry
from local_earthengine.expression.signatures import Argument, signatures

CHECKED: Final = Path(__file__).with_name("checked.json")
_PACKAGE: Final = f"{algorithms.__name__}."


@dataclass(frozen=True)
class Row:
    """One algorithm: its arguments as text, the module that it is in, the tests that run it."""

    name: str
    arguments: str
    module: str
    tests: tuple[str, ...]

    @property
    def family(self) -> str:
        """What stands before the first dot; "(other)" where there is none."""
        family, dot, _ = self.name.partition(".")
        return family if dot else "(other)"


def rows() -> list[Row]:
    """Return every algorithm, sorted by name."""
    checked = json.loads(CHECKED.read_text(encoding="utf-8")) if CHECKED.is_file() else {}
    return [_row(name, tuple(checked.get(name, ()))) for name in registry.implemented()]


def _row(name: str, tests: tuple[str, ...]) -> Row:
    function = registry.implementation(name)
    unused = _unused(function)
    arguments = signatures()[name].arguments
    parameters = list(inspect.signature(function).parameters)[-len(arguments) :]
    told = [
        _argument(argument, parameter in unused)
        for argument, parameter in zip(arguments, parameters, strict=False)
    ]
    module = str(getattr(function, "__module__", "")).removeprefix(_PACKAGE)
    return Row(name, ", ".join(told), module, tests)


def _argument(argument: Argument, unused: bool) -> str:
    """Return `name: Type`, with its default; in italics if it changes nothing here."""
    text = f"{argument.name}: {argument.type}"
    if argument.optional:
        text += f" = {json.dumps(argument.default)}"
    return f"*`{text}`*" if unused else f"`{text}`"


def _unused(function: Callable[..., Any]) -> set[str]:
    """Return the parameters that a function takes and drops at once, with `del`."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):  # a builtin, or a lambda within a table
        return set()
    return {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Delete)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
