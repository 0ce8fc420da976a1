"""Every example of the page on reading runs, and its tables are what is so."""

import re
import shlex
from collections.abc import Iterator

import pytest

from s1ratio.services.reading.job_statuses import STATUS_OF
from tests.conventions.pages import Page, codes, rows
from tests.conventions.source import PACKAGE
from tests.support.reading_world import ReadingWorld, open_world

PAGE = Page(PACKAGE / "services" / "reading" / "README.md")
EXAMPLES = [line for line in PAGE.code if line.startswith("curl ") and "gcloud" not in line]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingWorld]:
    found = open_world(tmp_path_factory.mktemp("page"))
    yield found
    found.store.close()


def test_there_are_examples_of_each_path(world: ReadingWorld) -> None:
    shown = {re.sub(r"[?\"].*", "", line.partition("$URL")[2]) for line in EXAMPLES}
    for path in world.get("/api")["paths"]:
        pattern = re.compile(re.sub(r"\{\w+\}", ".+", path))
        assert path in ("/processes", "/stac") or any(map(pattern.fullmatch, shown)), path


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_runs(world: ReadingWorld, line: str) -> None:
    words = shlex.split(line)
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    response = world.client.open(words[-1].removeprefix("$URL"), method=method)
    assert response.status_code == 200, response.text
    told = response.get_json(force=True)
    assert told.get("jobs", ["not a list of jobs"]), "an example that finds nothing shows nothing"


def test_the_table_of_statuses_is_so() -> None:
    told = {
        state: codes(cells[0])[0]
        for cells in rows(PAGE.section("## Jobs"))
        for state in codes(cells[1])
    }
    assert told == {state.value: status.value for state, status in STATUS_OF.items()}
