"""What must hold when a schedule is over, whatever happened in it. Every breach in words."""

from collections.abc import Iterator

from s1ratio import errors
from tests.simulation.judging.alerts import judge_alerts
from tests.simulation.judging.deliveries import judge_deliveries
from tests.simulation.judging.ends import judge_ends
from tests.simulation.judging.events import judge_events
from tests.simulation.judging.graphs import judge_graphs
from tests.simulation.judging.operations import judge_operations
from tests.simulation.judging.quiet import judge_quiet
from tests.simulation.judging.regions import judge_regions
from tests.simulation.judging.requests import judge_rejections, judge_requests
from tests.simulation.judging.watches import judge_watches
from tests.simulation.run import Run
from tests.simulation.world.site import Site
from tests.simulation.world.standing_site import StandingSite


def breaches(run: Run) -> list[str]:
    """Return every rule that a finished run breaks."""
    found = [*_raised(run), *judge_quiet(run)]
    for site in run.sites:
        mark = "" if site.plot.name == "main" else f"{site.plot.name}: "
        found += [mark + words for words in _of_site(site)]
    return found


def _of_site(site: Site) -> Iterator[str]:
    yield from site.witness.complaints
    yield from site.caller.complaints
    yield from _unexpected(site)
    yield from judge_requests(site)
    yield from judge_rejections(site)
    yield from judge_operations(site)
    yield from judge_ends(site)
    yield from judge_events(site)
    yield from judge_deliveries(site)
    yield from judge_graphs(site)
    if isinstance(site, StandingSite):
        yield from judge_regions(site)
        yield from judge_alerts(site)
        yield from judge_watches(site)


def _raised(run: Run) -> Iterator[str]:
    """Only a store that can't be reached may raise."""
    for name, error in run.around.stepper.errors:
        if not isinstance(error, errors.StoreUnavailable):
            yield f"{name} raised {type(error).__name__}: {error}"


def _unexpected(site: Site) -> Iterator[str]:
    """Nothing unexpected may be put up with, but for a record that the store refuses."""
    refused = site.plot.kinds.refused
    for trouble in site.troubles:
        words = trouble.split(": ")
        expected = refused is not None and words[1:2] == ["RecordRefused"] and refused.id in trouble
        if any(_is_class(word) for word in words[1:2]) and not expected:
            yield f"unexpected trouble: {trouble}"


def _is_class(word: str) -> bool:
    return word.isidentifier() and (hasattr(errors, word) or word.endswith("Error"))
