"""Names say what is in a module: none is only more of another."""

import pytest

from tests.conventions.source import LOCAL_EARTHENGINE, PACKAGE, ROOT

EMPTY_WORDS = {"more", "misc"}


@pytest.mark.parametrize(
    "folder", [PACKAGE, LOCAL_EARTHENGINE, ROOT / "tests"], ids=lambda f: f.name
)
def test_a_module_is_named_for_what_is_in_it(folder) -> None:
    empty = [
        str(path.relative_to(folder))
        for path in folder.rglob("*.py")
        if EMPTY_WORDS & set(path.stem.split("_"))
    ]
    assert empty == []
