"""Each long test is of one part of `make soak`."""

import re

from tests.conventions.source import ROOT
from tests.soak import PARTS
from tests.support.thinned import THINNED, thinned_paths

_LONG = re.compile(
    r"^from tests\.support\.sample import .*\b(?:one|some)_of\b|mark\.soak\b", re.MULTILINE
)


def test_each_long_test_is_of_one_part() -> None:
    files = [path for path in (ROOT / "tests").rglob("test_*.py") if _LONG.search(path.read_text())]
    names = [path.relative_to(ROOT).as_posix() for path in files]
    assert len(names) > 10
    for name in names:
        parts = [part for part, told in PARTS.items() if told.holds(name)]
        assert len(parts) == 1, f"{name} is of {parts}"


def test_each_part_has_long_tests() -> None:
    for part in PARTS.values():
        for path in set(part.paths) - set(thinned_paths()):
            tests = [ROOT / path] if path.endswith(".py") else (ROOT / path).glob("test_*.py")
            assert any(_LONG.search(test.read_text()) for test in tests), path


def test_each_thinned_table_is_there() -> None:
    for name in THINNED:
        path, _, test = name.partition("::")
        assert (ROOT / path).exists(), name
        assert not test or f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), name
