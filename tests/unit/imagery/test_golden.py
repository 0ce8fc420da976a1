"""The graphs are, to the last argument, the ones that were looked at and kept."""

import json

import pytest

from tests.unit.imagery import golden


@pytest.fixture(scope="module")
def built() -> dict[str, object]:
    return dict(golden.graphs())


@pytest.mark.parametrize("path", sorted(golden.FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_graph_is_the_golden_one(path, built):
    assert built[path.stem] == json.loads(path.read_text()), (
        "the graph changed: if it is meant, run `python -m tests.unit.imagery.golden`"
    )


def test_every_graph_has_its_golden_file(built):
    assert {path.stem for path in golden.FOLDER.glob("*.json")} == set(built)
