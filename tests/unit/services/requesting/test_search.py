"""The search for passes goes on after what passes, and in parts after what is too much."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import EarthEngineFault, ErrorClass
from s1ratio.plan import OrbitPass
from s1ratio.records import RequestState, Search
from s1ratio.request import CompositeRequest, Direction, Limits, read_message
from s1ratio.request.moments import Moment, count_days, instant_of, read_moment
from s1ratio.services.requesting.search import MAX_PARTS, find_in_parts, unite
from tests.support.simulated import World, message
from tests.support.simulated.earth_engine import TIMEOUT

TOO_MUCH = [
    "Computation timed out.",
    "User memory limit exceeded.",
    "Computed value is too large.",
    "Collection query aborted after accumulating over 5000 elements.",
    "Execution failed; out of memory.",
    TIMEOUT,
]
PASSING = [
    "Earth Engine capacity exceeded.",
    "Earth Engine memory capacity exceeded.",
    "Too many concurrent aggregations.",
    "Internal error.",
    "Too Many Requests: the concurrency limit was exceeded.",
]
UP, DOWN = Direction.ASCENDING, Direction.DESCENDING
# 2024-01-01 to 2024-03-01 are 60 days: orbit 58 is flown in all, 131 in the second half alone.
DAYS = 60
SCENES = [(12 * number, 58, UP, 0.4 + number / 100) for number in range(5)]
SCENES += [(40, 131, UP, 0.9), (52, 131, UP, 0.8), (59, 131, DOWN, 0.1)]


class Archive:
    """Answers of which scenes there are, in a stretch of so many days at most."""

    def __init__(self, world: World, longest: int, words: str = TOO_MUCH[0]) -> None:
        self.asked: list[tuple[int, int]] = []
        self.answered: list[tuple[int, int]] = []
        self._longest, self._words = longest, words
        self._world = world
        self.latency_s = 0.0
        world.ee.find_passes = self.find_passes  # type: ignore[method-assign]

    def find_passes(self, request: CompositeRequest) -> tuple[OrbitPass, ...]:
        """Return the passes in the request's period, or refuse it."""
        first = date(2024, 1, 1)
        begin, end = (request.start - first).days, (request.end - first).days
        self.asked.append((begin, end))
        self._world.clock.sleep(self.latency_s)
        if end - begin > self._longest:
            raise fault_of(self._words, 400)
        self.answered.append((begin, end))
        return passes_in(begin, end)


def passes_in(begin: int, end: int) -> tuple[OrbitPass, ...]:
    """Return the passes of the scenes of these days, as Earth Engine answers."""
    scenes = [scene for scene in SCENES if begin <= scene[0] < end]
    count = Counter((orbit, direction) for _, orbit, direction, _ in scenes)
    return tuple(
        OrbitPass(orbit, direction, max(s for _, o, d, s in scenes if (o, d) == key), count[key])
        for key in sorted(count)
        for orbit, direction in [key]
    )


ASKED = message(orbits=None, direction=None, end="2024-03-01")


def passed(world: World) -> bool:
    return world.request().state is not RequestState.EXPANDING


@pytest.mark.parametrize("words", [*TOO_MUCH, *PASSING])
def test_one_refusal_of_the_search_does_not_end_the_request(world: World, words: str) -> None:
    world.ee.fail_next("find_passes", fault_of(words, 400))
    launched = world.launch(ASKED)
    assert launched.state is RequestState.EXPANDING
    assert world.request().error == words
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED
    assert world.ee.calls["find_passes"] == (3 if words in TOO_MUCH else 2)


@pytest.mark.parametrize("longest", [59, 30, 29, 15, 14, 8, 7, 4])
def test_parts_united_are_the_whole(world: World, longest: int) -> None:
    archive = Archive(world, longest)
    world.launch(ASKED)
    world.until(lambda: passed(world))
    record = world.request()
    assert record.passes == passes_in(0, DAYS)
    assert record.search == Search(), "nothing is kept twice"
    edges = [edge for part in archive.answered for edge in part]
    assert edges[0] == 0
    assert edges[-1] == DAYS
    assert edges[1:-1:2] == edges[2::2], "each day was asked for once"
    assert len(archive.answered) <= MAX_PARTS
    assert len(archive.asked) <= len(archive.answered) + 4
    world.until(world.settled)
    assert set(world.states()) == {"o058a", "o131a", "o131d"}


@pytest.mark.parametrize("words", TOO_MUCH)
def test_what_is_too_much_in_the_smallest_parts_ends_with_what_to_do(
    world: World, words: str
) -> None:
    archive = Archive(world, 0, words)
    world.launch(ASKED)
    world.until(lambda: passed(world), 36 * 60)
    record = world.request()
    assert record.state is RequestState.FAILED
    assert record.error is not None
    assert record.error.startswith(words)
    assert "in 16 parts: send a shorter period, or a smaller area" in record.error
    assert len(archive.asked) == 30, "a bounded number of calls"
    assert min(end - begin for begin, end in archive.asked) == 4


def test_the_search_is_asked_again_ever_more_slowly(world: World) -> None:
    archive = Archive(world, 7)
    times = []
    find = archive.find_passes

    def timed(request: CompositeRequest) -> tuple[OrbitPass, ...]:
        times.append(world.clock.now())
        return find(request)

    world.ee.find_passes = timed  # type: ignore[method-assign]
    world.launch(ASKED)
    world.until(lambda: passed(world))
    gaps = [later - earlier for earlier, later in pairwise(times[:5])]
    assert gaps == sorted(gaps)
    assert gaps[0] >= timedelta(seconds=45)
    assert gaps[-1] >= timedelta(minutes=4)


def test_what_was_found_is_kept_while_the_rest_is_asked_for(world: World) -> None:
    archive = Archive(world, 10)
    archive.latency_s = 20  # two parts fill what one look may take
    world.launch(ASKED)
    world.until(lambda: world.request().search.days > 0)
    record = world.request()
    assert (record.state, record.error) == (RequestState.EXPANDING, None)
    assert record.search.found == passes_in(0, record.search.days)
    before = len(archive.answered)
    assert before == 2
    world.until(lambda: passed(world))
    assert world.request().passes == passes_in(0, DAYS)
    edges = [edge for part in archive.answered for edge in part]
    assert edges[1:-1:2] == edges[2::2], "no part was asked for twice"


def test_a_fault_in_the_middle_loses_nothing_and_counts_from_there(world: World) -> None:
    archive = Archive(world, 15)
    world.launch(ASKED)
    world.until(lambda: world.request().search.parts == 4)
    find, left = archive.find_passes, [fault_of("Internal error.")] * 3

    def flaky(request: CompositeRequest) -> tuple[OrbitPass, ...]:
        if archive.answered and left:
            raise left.pop()
        return find(request)

    world.ee.find_passes = flaky  # type: ignore[method-assign]
    world.until(lambda: len(left) < 3)
    record = world.request()
    assert (record.search.days, record.tries) == (15, 1)
    world.until(lambda: passed(world))
    assert world.request().passes == passes_in(0, DAYS)
    assert len(archive.answered) == 4


@pytest.mark.parametrize("start", ["2024-02-28", "2024-02-29"])
def test_a_short_period_has_no_more_parts_than_days(world: World, start: str) -> None:
    archive = Archive(world, 0)
    world.launch(message(orbits=None, start=start, end="2024-03-01"))
    world.until(lambda: passed(world), 36 * 60)
    assert world.request().state is RequestState.FAILED
    assert min(end - begin for begin, end in archive.asked) == 1


def test_an_outage_makes_no_smaller_parts(world: World) -> None:
    world.ee.down = True
    world.launch(ASKED)
    world.ticks(200)
    assert world.request().search.parts == 1
    world.ee.down = False
    world.until(world.settled)
    assert world.ee.calls["find_passes"] > 1
    assert world.request().state is RequestState.VERIFIED


@pytest.mark.parametrize("word", ["403", "Image.load: no such asset"])
def test_what_no_part_mends_ends_at_once(world: World, word: str) -> None:
    fault: EarthEngineFault = fault_of(word, 400)
    assert fault.error_class is ErrorClass.TERMINAL
    world.ee.fail_next("find_passes", fault)
    assert world.launch(ASKED).state is RequestState.FAILED


def test_no_scene_in_any_part_is_empty(world: World) -> None:
    Archive(world, 15)
    world.launch(message(orbits=None, start="2024-03-02", end="2024-05-01"))
    world.until(lambda: passed(world))
    assert world.request().state is RequestState.EMPTY
    assert [fault.code for fault in world.request().reasons] == ["no_scenes"]
    assert (world.request().passes, world.request().search) == (None, Search()), "a retry asks anew"


A, B, C = (58, UP), (131, UP), (131, DOWN)


@pytest.mark.parametrize(
    ("some", "others", "both"),
    [
        ((), (), ()),
        ((OrbitPass(*A, 0.4, 2),), (), (OrbitPass(*A, 0.4, 2),)),
        ((), (OrbitPass(*A, 0.4, 2),), (OrbitPass(*A, 0.4, 2),)),
        ((OrbitPass(*A, 0.4, 2),), (OrbitPass(*A, 0.5, 3),), (OrbitPass(*A, 0.5, 5),)),
        ((OrbitPass(*A, 0.6, 2),), (OrbitPass(*A, 0.5, 3),), (OrbitPass(*A, 0.6, 5),)),
        (
            (OrbitPass(*B, 0.6, 2),),
            (OrbitPass(*A, 0.5, 3), OrbitPass(*C, 0.1, 1)),
            (OrbitPass(*A, 0.5, 3), OrbitPass(*B, 0.6, 2), OrbitPass(*C, 0.1, 1)),
        ),
        ((OrbitPass(*A),), (OrbitPass(*A, 0.5, 3),), (OrbitPass(*A, 0.5, 3),)),
    ],
)
def test_passes_of_two_periods_are_those_of_both(
    some: tuple[OrbitPass, ...], others: tuple[OrbitPass, ...], both: tuple[OrbitPass, ...]
) -> None:
    assert unite(some, others) == both


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2023-01-01T10:00:00Z", "2023-03-01"),
        ("2023-01-01", "2023-03-01T05:30:00Z"),
        ("2023-01-01T10:00:00Z", "2023-03-01T10:00:00Z"),
        ("2023-01-01T10:00:00Z", "2023-03-01T09:59:59.999Z"),
        ("2023-01-01T10:00:00Z", "2023-03-01T10:00:00.001Z"),
    ],
)
def test_parts_of_a_period_of_times_meet_and_end_where_it_ends(
    world: World, start: str, end: str
) -> None:
    parts: list[tuple[Moment, Moment]] = []

    def find(part: CompositeRequest) -> tuple[OrbitPass, ...]:
        if count_days(part.start, part.end) > 10:
            raise fault_of("User memory limit exceeded.", 400)
        parts.append((part.start, part.end))
        return (OrbitPass(58, Direction.ASCENDING, 1.0, 1),)

    world.ee.find_passes = find  # type: ignore[method-assign, assignment]
    world.launch(message(request_id="r1", orbits=None, start=start, end=end))
    world.until(lambda: passed(world))
    assert (parts[0][0], parts[-1][1]) == (read_moment(start), read_moment(end))
    for (_, before), (after, _) in pairwise(parts):
        assert instant_of(before) == instant_of(after)
    assert all(instant_of(begin) < instant_of(over) for begin, over in parts)


@pytest.mark.parametrize("words", TOO_MUCH)
@pytest.mark.parametrize("longest", [60, 59, 30, 17, 7, 4])
def test_who_waits_for_the_passes_asks_in_parts_too(world: World, longest: int, words: str) -> None:
    archive = Archive(world, longest, words)
    request = read_message(ASKED, Limits()).request
    assert find_in_parts(archive.find_passes, request) == passes_in(0, DAYS)
    assert [begin for begin, _ in archive.answered[1:]] == [end for _, end in archive.answered[:-1]]
    assert len(archive.asked) <= len(archive.answered) + 4, "what was found is not asked for again"


@pytest.mark.parametrize(
    ("words", "longest", "asked"),
    [(TOO_MUCH[0], 2, 5), (TIMEOUT, 0, 5), *((words, 0, 1) for words in PASSING[:2])],
)
def test_who_waits_is_told_what_parts_do_not_help(
    world: World, words: str, longest: int, asked: int
) -> None:
    archive = Archive(world, longest, words)
    with pytest.raises(EarthEngineFault):
        find_in_parts(archive.find_passes, read_message(ASKED, Limits()).request)
    assert len(archive.asked) == asked
