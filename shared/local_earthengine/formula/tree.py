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
    match tree:
        case Name():
            yield tree.name
        case Member():
            yield from names(tree.target)
        case Items():
            yield from names(tree.target)
            for item in tree.items:
                yield from names(item)
        case Call():
            for operand in tree.operands:
                yield from names(operand)
        case Named():
            yield from names(tree.value)
