"""Which tests run which algorithms, written to the file that the inventory reads.

`make inventory` does it, with `-p tests.support.algorithm_coverage`.

A module that only passes through an algorithm to get at another counts little: for each
algorithm those three are kept that run it in the most tests. What hostile input runs checks
no value, and does not count.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local_earthengine import engine
from local_earthengine.expression import registry
from local_earthengine.inventory.algorithms import CHECKED

_TESTS = Path(__file__).parents[1]
_UNIT = _TESTS / "unit" / "local_earthengine"
_HOSTILE = {"test_senseless_calls"}
_runs: dict[str, Counter[str]] = defaultdict(Counter)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Notes what a test runs, once a test."""
    seen: set[str] = set()
    invoke = registry.invoke

    def noted(name: str, *rest: Any) -> Any:
        value = invoke(name, *rest)
        seen.add(name)
        return value

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "invoke", noted)
        result = yield
    path = item.path.with_suffix("")
    if path.name in _HOSTILE:
        return result
    place = path.relative_to(_UNIT if path.is_relative_to(_UNIT) else _TESTS).as_posix()
    for name in seen:
        _runs[name][place] += 1
    return result


def pytest_sessionfinish() -> None:
    """Writes the file."""
    kept = {name: _most(places) for name, places in sorted(_runs.items())}
    CHECKED.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def _most(places: Counter[str]) -> list[str]:
    return sorted(places, key=lambda place: (-places[place], place))[:3]
