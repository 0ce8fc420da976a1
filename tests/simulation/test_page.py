"""The page of the simulation names all that it can do."""

from pathlib import Path

from tests.simulation.drawing.kinds import KINDS
from tests.simulation.mutations.faulty_services import MUTATIONS

_PAGE = Path(__file__).with_name("README.md").read_text(encoding="utf-8")


def test_each_kind_of_trouble_is_in_the_table() -> None:
    assert [kind for kind in KINDS if f"`{kind}`" not in _PAGE] == []


def test_each_mutation_proves_something_in_the_table() -> None:
    last = [cell for line in _PAGE.splitlines() for cell in line.split(" | ")[2:3]]
    named = {name.strip(" |") for cell in last for name in cell.split(";")}
    assert [fault for fault in MUTATIONS if fault not in named] == []
    assert len(MUTATIONS) >= 20
