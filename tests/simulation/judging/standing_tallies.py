"""What happened in a schedule of weeks, in numbers: one that never happens proves nothing."""

from collections import Counter

from tests.simulation.world.standing_site import StandingSite

# What must happen among a hundred of them.
OF_WEEKS = frozenset(
    {
        *("kills", "store before", "store after", "ee before", "ee after", "again", "deeds"),
        *("killed at publish", "killed at save_watch", "killed at commit_regions"),
        *("topic before", "topic after", "clocks differ", "software deployed", "shards"),
        *("VERIFIED", "FAILED", "EMPTY", "CANCELLED"),
        *("asked by schedule", "asked by new_scenes", "asked by run", "asked by backfill"),
        *("asked by revision", "held by budget", "held by overlap", "skipped newer_window"),
        *("skipped same_period", "skipped edited", "skipped overlap", "region edited"),
        *("alert MEMBER", "alert FILTERED", "alert CANCELLED"),
        *("incident CLOSED", "incident CANCELLED", "watch DELIVERED", "watch ENDED"),
        *("passes missed", "pairs delivered", "pairs requested anew"),
    }
)


def count_what_stood(site: StandingSite) -> "Counter[str]":
    """Return how often what happened to regions, alerts, incidents and watches."""
    store, counts = site.store, Counter[str]()
    for region in store.find_regions(100):
        counts.update(f"asked by {one.cause}" for one in store.find_refreshes_of(region.id, 2_000))
        for entry in store.find_history_of(region.id, 5_000):
            by_reason = entry.kind in {"skipped", "held"}
            way = "skipped" if entry.kind == "skipped" else "held by"
            counts[f"{way} {entry.why}" if by_reason else f"region {entry.kind}"] += 1
    for incident in store.find_incidents(1_000):
        counts[f"incident {incident.state}"] += 1
        for watch in store.find_watches_of(incident.id, 350):
            counts[f"watch {watch.state}"] += 1
            counts["passes missed"] += watch.missed
            counts["pairs delivered"] += watch.delivered
            counts["pairs requested anew"] += watch.revision - 1
    for feed, name in {(one.feed, one.alert) for one in site.standing.said if one.alert}:
        alert = store.get_alert(f"{feed}:{name}")
        counts[f"alert {alert and alert.state}"] += 1
    return counts
