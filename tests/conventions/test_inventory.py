"""The table in the local Earth Engine's README is what the code says today."""

import json
import re

import pytest

from local_earthengine.expression import registry
from local_earthengine.expression.signatures import signatures
from local_earthengine.inventory.__main__ import README
from local_earthengine.inventory.algorithms import CHECKED, rows
from local_earthengine.inventory.open_questions import questions
from local_earthengine.inventory.page import page
from tests.conventions.source import LOCAL_EARTHENGINE, ROOT
from tests.conventions.test_rooms import doors

_AGAIN = "run `make inventory`"
_ROOM = re.compile(r"^\| `(\w+)/` \| [^|]* \|([^|]*)\|$", re.MULTILINE)
_LINK = re.compile(r"\]\(((?!http)[^)#]+)[^)]*\)")


def test_the_page_is_current() -> None:
    assert README.read_text(encoding="utf-8") == page(), _AGAIN


def test_the_record_of_tests_names_what_is_there() -> None:
    checked = json.loads(CHECKED.read_text(encoding="utf-8"))
    assert not set(checked) - set(registry.implemented()), _AGAIN
    places = {place for places in checked.values() for place in places}
    tests = ROOT / "tests"
    missing = [
        place
        for place in sorted(places)
        if not any(
            (folder / f"{place}.py").is_file()
            for folder in (tests, tests / "unit" / "local_earthengine")
        )
    ]
    assert missing == [], _AGAIN


def test_every_algorithm_stands_on_the_page_with_its_arguments() -> None:
    _, _, table = README.read_text(encoding="utf-8").partition("\n## What is there")
    lines = table.splitlines()
    for name in registry.implemented():
        (line,) = [line for line in lines if line.startswith(f"| `{name}` |")]
        for argument in signatures()[name].arguments:
            assert f"`{argument.name}: " in line


def test_arguments_that_change_nothing_are_marked() -> None:
    (load,) = [row for row in rows() if row.name == "Image.load"]
    assert load.arguments == "`id: String`, *`version: Long = -1.0`*"


def test_questions_come_from_the_file_and_from_docstrings() -> None:
    asked = {one.about: one.here for one in questions()}
    assert "Scale and offset of a STAC item" in asked
    assert all(asked.values())


def test_the_rooms_stand_on_the_page_with_what_they_import_from() -> None:
    told = {
        room: set(re.findall(r"`(\w+)`", beyond))
        for room, beyond in _ROOM.findall(README.read_text())
    }
    folders = {path.parent.name for path in LOCAL_EARTHENGINE.glob("*/__init__.py")}
    found = doors(LOCAL_EARTHENGINE.name)
    assert told == {room: found[room] & folders for room in folders}


@pytest.mark.parametrize("path", sorted(set(_LINK.findall(README.read_text(encoding="utf-8")))))
def test_links_lead_somewhere(path: str) -> None:
    assert (README.parent / path).exists()
