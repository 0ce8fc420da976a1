"""CONTRIBUTING shows how to add an algorithm by one that was added so."""

import re

from tests.conventions.source import LOCAL_EARTHENGINE, ROOT

_SOURCES = (
    LOCAL_EARTHENGINE / "algorithms" / "images" / "polynomials.py",
    ROOT / "tests" / "unit" / "local_earthengine" / "algorithms" / "images" / "test_polynomials.py",
)


def test_what_it_shows_stands_in_the_sources() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shown = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(shown) == len(_SOURCES)
    for block, source in zip(shown, _SOURCES, strict=True):
        assert block in source.read_text(encoding="utf-8"), source
