"""The grammar of formulas: precedence climbs from the ternary down to names and numbers.

As in JavaScript, from loose to tight: `x =`, `? :`, `||`, `&&`, `|`, `^`, `&`, `== !=`,
`< <= > >=`, `<< >>`, `+ -`, `* / %`, the unary `- + ! ~`, and `**`, which joins from the right
and binds tighter than a sign before it: `-x ** 2` is `-(x ** 2)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.formula.tokens import END, NAME, NUMBER, SYMBOL, TEXT, Token, tokens
from local_earthengine.formula.tree import (
    CHOICE,
    Call,
    Items,
    Literal,
    Member,
    Name,
    Named,
    Tree,
)

_LEVELS: Final[Mapping[str, int]] = {
    symbol: level
    for level, symbols in enumerate(
        ("||", "&&", "|", "^", "&", "== !=", "< <= > >=", "<< >>", "+ -", "* / %"), start=1
    )
    for symbol in symbols.split()
}
_SIGNS: Final = frozenset("-+!~")
# How deep parentheses and signs may nest: each costs some frames of Python's stack.
_MAX_DEPTH: Final = 40


def parse(formula: str) -> Tree:
    """Return the tree of a formula; raise EarthEngineError that shows where it goes wrong."""
    return _Parser(formula).whole()


class _Parser:
    """One formula on its way to a tree."""

    def __init__(self, formula: str) -> None:
        self._formula = formula
        self._tokens = tokens(formula)
        self._place = 0
        self._depth = 0

    def whole(self) -> Tree:
        """Return the formula's tree; raise EarthEngineError if something is left over."""
        first, second = self._tokens[0], self._tokens[min(1, len(self._tokens) - 1)]
        if first.kind == NAME and (second.kind, second.text) == (SYMBOL, "="):
            self._place = 2
            tree: Tree = Named(first.text, self._choice())
        else:
            tree = self._choice()
        if self._next.kind != END:
            raise self._unexpected()
        return tree

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _unexpected(self) -> EarthEngineError:
        what = f"'{self._next.text}'" if self._next.kind != END else "the end"
        return EarthEngineError(
            f"Error parsing expression '{self._formula[:200]}': "
            f"unexpected {what} at position {self._next.place}."
        )

    def _take(self, symbol: str) -> bool:
        """Pass the next if it is this symbol, and tell whether it was."""
        found = self._next.kind == SYMBOL and self._next.text == symbol
        self._place += found
        return found

    def _expect(self, symbol: str) -> None:
        if not self._take(symbol):
            raise self._unexpected()

    def _choice(self) -> Tree:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise EarthEngineError("The expression is nested too deeply.")
        condition = self._operation(1)
        if self._take("?"):
            yes = self._choice()
            self._expect(":")
            condition = Call(CHOICE, (condition, yes, self._choice()))
        self._depth -= 1
        return condition

    def _operation(self, level: int) -> Tree:
        """Parse operators of `level` and tighter; equals join from the left."""
        left = self._signed()
        while self._next.kind == SYMBOL and _LEVELS.get(self._next.text, 0) >= level:
            symbol = self._next.text
            self._place += 1
            left = Call(symbol, (left, self._operation(_LEVELS[symbol] + 1)))
        return left

    def _signed(self) -> Tree:
        signs: list[str] = []
        while self._next.kind == SYMBOL and self._next.text in _SIGNS:
            signs.append(self._next.text)
            self._place += 1
        if len(signs) > _MAX_DEPTH:
            raise EarthEngineError("The expression is nested too deeply.")
        tree = self._power()
        for sign in reversed(signs):
            tree = Call(sign, (tree,))
        return tree

    def _power(self) -> Tree:
        base = self._postfix()
        if not self._take("**"):
            return base
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise EarthEngineError("The expression is nested too deeply.")
        tree = Call("**", (base, self._signed()))
        self._depth -= 1
        return tree

    def _postfix(self) -> Tree:
        tree = self._primary()
        while True:
            if self._take("."):
                if self._next.kind != NAME:
                    raise self._unexpected()
                tree = Member(tree, self._next.text)
                self._place += 1
            elif self._take("["):
                tree = Items(tree, self._list("]"))
            else:
                return tree

    def _primary(self) -> Tree:
        token = self._next
        if self._take("("):
            tree = self._choice()
            self._expect(")")
            return tree
        if token.kind not in {NUMBER, NAME, TEXT}:
            raise self._unexpected()
        self._place += 1
        if token.kind == NAME:
            return Call(token.text, self._list(")")) if self._take("(") else Name(token.text)
        return Literal(token.text if token.kind == TEXT else _number(token.text))

    def _list(self, end: str) -> tuple[Tree, ...]:
        """Parse trees between commas up to the closing symbol, which is passed."""
        if self._take(end):
            return ()
        found = [self._choice()]
        while self._take(","):
            found.append(self._choice())
        self._expect(end)
        return tuple(found)


def _number(text: str) -> int | float:
    return int(text) if text.isdigit() else float(text)
