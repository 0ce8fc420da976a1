"""Evaluates bands on one window: every node once, and no array is kept past its last reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from local_earthengine.geo.lattice import Lattice, View, Window
from local_earthengine.pixels.node import Node, Pixels, masked

_Place = tuple[Node, Lattice]


class Executor:
    """A fixed set of bands, to be evaluated on any number of windows."""

    def __init__(self, roots: Sequence[Node]) -> None:
        self.roots = tuple(roots)
        self.order = _producers_first(self.roots)

    def run(self, view: View) -> list[Pixels]:
        """Return the pixels of every band on `view`, in the order of the bands."""
        return _Run(self, view).pixels()


def _producers_first(roots: Sequence[Node]) -> list[Node]:
    """Return all nodes below `roots`, each after its inputs.

    There is no recursion, as graphs run deep.
    """
    order: list[Node] = []
    seen: set[Node] = set()
    stack = [(root, False) for root in reversed(roots)]
    while stack:
        node, expanded = stack.pop()
        if expanded:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node.inputs) if child not in seen)
    return order


class _Run:
    """The evaluation on one window: first what is needed where, then the pixels."""

    def __init__(self, executor: Executor, view: View) -> None:
        self._executor = executor
        self._view = view
        self._asked: dict[Node, dict[Lattice, Window]] = {}
        self._readers: Counter[_Place] = Counter()
        self._needs: dict[_Place, Sequence[View | None]] = {}
        self._done: dict[_Place, Pixels] = {}

    def pixels(self) -> list[Pixels]:
        """Return the roots' pixels, in order."""
        for root in self._executor.roots:
            self._ask(root, self._view)
        self._plan()
        for node in self._executor.order:
            for lattice in self._asked.get(node, ()):
                self._evaluate(node, lattice)
        return [self._take(root, self._view) for root in self._executor.roots]

    def _ask(self, node: Node, view: View) -> None:
        windows = self._asked.setdefault(node, {})
        known = windows.get(view.lattice)
        windows[view.lattice] = view.window if known is None else known.union(view.window)
        self._readers[node, view.lattice] += 1

    def _plan(self) -> None:
        """Visit consumers first, so that a node's window is final when its own needs are asked."""
        for node in reversed(self._executor.order):
            for lattice, window in self._asked.get(node, {}).items():
                needs = node.views(View(lattice, window))
                self._needs[node, lattice] = needs
                for child, need in zip(node.inputs, needs, strict=True):
                    if need is not None:
                        self._ask(child, need)

    def _evaluate(self, node: Node, lattice: Lattice) -> None:
        view = View(lattice, self._asked[node][lattice])
        inputs = [
            self._take(child, need) if need is not None else masked((0, 0), child.kind)
            for child, need in zip(node.inputs, self._needs[node, lattice], strict=True)
        ]
        empty = view.window.empty or (node.strict and any(part.nothing for part in inputs))
        found = None if empty else node.compute(view, inputs)
        # What turns out to hold nothing is marked: at a swath's edge that spares every filter.
        if found is None or not found.valid.any():
            found = masked(view.shape, node.kind)
        self._done[node, lattice] = found

    def _take(self, node: Node, view: View) -> Pixels:
        """Return the window that a reader asked; the array goes with its last reader."""
        place = node, view.lattice
        pixels = self._done[place]
        self._readers[place] -= 1
        if not self._readers[place]:
            del self._done[place]
        whole = self._asked[node][view.lattice]
        return pixels if whole == view.window else pixels.part(whole.slices(view.window))
