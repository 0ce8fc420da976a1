"""Rooms: folders of modules between which imports lead one way, without a circle."""

from graphlib import CycleError, TopologicalSorter

import pytest

from tests.conventions.source import imported, modules

# Every folder of these is a room, and so is each module that stands beside the folders.
HOUSES = (
    "s1ratio.adapters",
    "s1ratio.services",
    "local_earthengine",
    "local_earthengine.algorithms",
)


def room(house: str, name: str) -> str:
    """Return the room that a module is in, "" if that is not in the house."""
    return name.removeprefix(f"{house}.").partition(".")[0] if name.startswith(f"{house}.") else ""


def doors(house: str) -> dict[str, set[str]]:
    """Return for each room of a house the other rooms that its modules import from."""
    found: dict[str, set[str]] = {}
    for module in modules().values():
        here = room(house, module.name)
        if here:
            there = {room(house, name) for name, _ in imported(module.tree.body)}
            found.setdefault(here, set()).update(there - {here, ""})
    return found


@pytest.mark.parametrize("house", HOUSES)
def test_no_circle_of_rooms(house: str) -> None:
    try:
        TopologicalSorter(doors(house)).prepare()
    except CycleError as circle:
        pytest.fail(f"{house}: {' imports from '.join(circle.args[1][::-1])}")
