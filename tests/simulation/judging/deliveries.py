"""Deliveries: what was told goes out, each record's changes in their order; some of it twice."""

from collections.abc import Iterator

from tests.simulation.world.site import Site

_SHOWN = 3


def judge_deliveries(site: Site) -> Iterator[str]:
    """Tell of events that lie unsent, that nobody got, or that came before earlier ones."""
    unsent = [event.id for event in site.store.find_unsent_events(_SHOWN)]
    if unsent:
        yield f"events lie unsent at the end: {unsent}"
    yield from _not_delivered(site)
    # Of a store that was changed by hand, and after leftovers, numbers are given anew.
    if not (site.set_backs or site.deletions or site.leftovers):
        yield from _out_of_order(site)


def _not_delivered(site: Site) -> Iterator[str]:
    known = {*site.events.ids, *(event.id for event in site.leftovers)}
    for id_ in (*site.valid, ""):  # "": of no request
        for event in site.store.find_events_of(id_):
            if event.id not in known and event.unsent_since is None:
                yield f"event {event.id} counts as sent, and nobody got it"


def _out_of_order(site: Site) -> Iterator[str]:
    """Tell of keys of which a record's first deliveries were not 1, 2, 3 …"""
    numbers: dict[tuple[str, str], dict[int, None]] = {}
    for key, attributes, _ in site.events.delivered:
        record = attributes["ce-id"].rpartition(".")[0]
        numbers.setdefault((key, record), {})[int(attributes["ce-sequence"])] = None
    for (key, record), came in numbers.items():
        if list(came) != list(range(1, len(came) + 1)):
            yield f"changes of {record} came as {list(came)} by the key {key}"
