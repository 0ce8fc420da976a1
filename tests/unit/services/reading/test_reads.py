"""What a page reads follows from what it shows, not from what there is."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.reading_crowd import PATHS, ReadingCrowd, open_crowd

STANDING = 12  # beside what is shown: a record and its neighbours, time marks, feeds


@pytest.fixture(scope="module")
def crowds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ReadingCrowd, ...]]:
    found = tuple(_crowd(tmp_path_factory.mktemp("crowd"), size) for size in (1, 10))
    yield found
    for crowd in found:
        crowd.world.store.close()


def _crowd(folder: Path, size: int) -> ReadingCrowd:
    return open_crowd(folder, requests=120 * size, regions=12 * size, alerts=10 * size)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_reads_no_more_of_ten_times_as_much(
    crowds: tuple[ReadingCrowd, ...], path: str
) -> None:
    small, large = (crowd.cost(path) for crowd in crowds)
    limit = int(parse_qs(urlsplit(path).query).get("limit", ["50"])[0])
    assert small.reads <= large.reads <= limit + 1 + STANDING
    assert large.counts <= 5, "counts of few are one read each"


def test_a_page_far_down_the_list_costs_what_the_first_does(
    crowds: tuple[ReadingCrowd, ...],
) -> None:
    _, crowd = crowds
    path, first = "/jobs?limit=10", crowd.cost("/jobs?limit=10").reads
    for _ in range(50):
        page = crowd.world.get(path)
        path = page["links"][1]["href"].removeprefix("http://localhost")
    assert crowd.cost(path).reads == first == 11
