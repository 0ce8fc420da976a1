"""What a formula says, as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# The name of the function that `a ? b : c` is.
CHOICE: Final = "?:"


@dataclass(frozen=True)
class Literal:
    """A number or a text."""

    value: int | float | str


@dataclass(frozen=True)
class Name:
    """A variable."""

    name: str


@dataclass(frozen=True)
class Member:
    """`target.name`."""

    target: Tree
    name: str


@dataclass(frozen=True)
class Items:
    """`target[a, b]`."""

    target: Tree
    items: tuple[Tree, ...]


@dataclass(frozen=True)
class Call:
    """`function(a, b)`, or an operator: then the function is its symbol."""

    function: str
    operands: tuple[Tree, ...]


@dataclass(frozen=True)
class Named:
    """`name = value`."""

    name: str
    value: Tree


Tree = Literal | Name | Member | Items | Call | Named


def names(tree: Tree) -> Iterator[str]:
    """Yield the variables that a formula uses, in order, again and again."""
    for part in _parts(tree):
        if isinstance(part, Name):
            yield part.name


def calls(tree: Tree, function: str) -> bool:
    """Tell whether a formula calls a function of that name."""
    return any(isinstance(part, Call) and part.function == function for part in _parts(tree))


def _parts(tree: Tree) -> Iterator[Tree]:
    """Yield a formula and all that it is made of, from the left."""
    yield tree
    match tree:
        case Member():
            yield from _parts(tree.target)
        case Items():
            for part in (tree.target, *tree.items):
                yield from _parts(part)
        case Call():
            for operand in tree.operands:
                yield from _parts(operand)
        case Named():
            yield from _parts(tree.value)
