"""Nobody may do more than the README's table says, and one account alone starts exports."""

import re
from collections.abc import Iterable

import pytest

from tests.infra.grants import Grant, planned, table
from tests.support import terraform

PRIMITIVE = {"roles/owner", "roles/editor", "roles/viewer"}
# What lets somebody start an export, apart from the primitive roles.
EXPORTING = re.compile(r"roles/earthengine\.(writer|admin)")
# What the conditions of the table say in words.
CONDITIONS = {
    "only the database of this deployment": (
        'resource.name == "projects/demo-project/databases/s1ratio-prod"'
    ),
    "only payloads of alerts": (
        'resource.name.startsWith("projects/_/buckets/demo-project-s1r-prod-exports/objects/alerts/")'
    ),
    "only the catalogue": (
        'resource.name.startsWith("projects/_/buckets/demo-project-s1r-prod-exports/objects/stac/")'
    ),
    "only stored plans": (
        'resource.name.startsWith("projects/_/buckets/demo-project-s1r-prod-source/objects/plans/")'
    ),
    "only the roles of the functions": (
        'api.getAttribute("iam.googleapis.com/modifiedGrantsByRole", []).hasOnly(['
        '"roles/datastore.user", "roles/datastore.viewer", "roles/earthengine.viewer", '
        '"roles/earthengine.writer", '
        '"roles/logging.logWriter", "roles/serviceusage.serviceUsageConsumer", '
        '"roles/storage.objectViewer"])'
    ),
}


def beyond(grants: Iterable[Grant], allowed: set[Grant]) -> set[Grant]:
    return set(grants) - allowed


def exporters(grants: Iterable[Grant]) -> set[str]:
    return {
        g.who
        for g in grants
        if EXPORTING.fullmatch(g.role) or g.role in PRIMITIVE - {"roles/viewer"}
    }


def public(grants: Iterable[Grant]) -> set[Grant]:
    return {g for g in grants if g.who in {"allUsers", "allAuthenticatedUsers"}}


def primitive(grants: Iterable[Grant]) -> set[Grant]:
    return {g for g in grants if g.role in PRIMITIVE}


def test_the_plan_grants_what_the_table_says_and_no_more() -> None:
    grants = planned(terraform.full())
    assert beyond(grants, table()) == set(), "beyond the table in infra/README.md"
    assert table() - set(grants) == set(), "in the table, and not granted"


def test_a_deployment_without_options_grants_less() -> None:
    grants = planned(terraform.dev())
    assert beyond(grants, table()) == set()
    assert not {g.who for g in grants} & {"plan", "apply", *terraform.EVERYTHING}


def test_conditions_are_what_they_are_called() -> None:
    grants = terraform.full().resources()
    conditions = [c for r in grants for c in r.values.get("condition") or [] if "_iam_" in r.type]
    assert len(conditions) > len(CONDITIONS)
    for condition in conditions:
        if condition["title"] == "only the bucket that sources are copied to":
            start = 'resource.name.startsWith("projects/_/buckets/gcf-v2-sources-'
            assert condition.get("expression", start).startswith(start)  # or not known yet
        else:
            assert condition["expression"] == CONDITIONS[condition["title"]]


def test_one_account_starts_exports() -> None:
    assert exporters(planned(terraform.full())) == {"runner"}


def test_who_watches_incidents_asks_earth_engine_and_no_more() -> None:
    """As who refreshes regions, and it reads payloads of alerts: it can't export."""
    own = {(g.role, g.on) for g in planned(terraform.full()) if g.who == "watch"}
    payloads = ("roles/storage.objectViewer", "bucket exports, only payloads of alerts")
    refreshes = {(g.role, g.on) for g in planned(terraform.full()) if g.who == "refresh"}
    assert own == refreshes | {payloads}


def test_who_refreshes_regions_asks_earth_engine_and_no_more() -> None:
    """It may publish to the topics of requests and events, and use the database: no exports."""
    own = {(g.role, g.on) for g in planned(terraform.full()) if g.who == "refresh"}
    assert own == {
        ("roles/earthengine.viewer", "project"),
        ("roles/serviceusage.serviceUsageConsumer", "project"),
        ("roles/datastore.user", "project, only the database of this deployment"),
        ("roles/pubsub.publisher", "topic requests"),
        ("roles/pubsub.publisher", "topic events"),
    }


def test_who_is_read_from_reads_the_store_and_the_catalogue() -> None:
    """It writes nothing: what is dismissed is told to who applies commands."""
    own = {(g.role, g.on) for g in planned(terraform.full()) if g.who == "status"}
    assert own == {
        ("roles/datastore.viewer", "project, only the database of this deployment"),
        ("roles/storage.objectViewer", "bucket exports, only the catalogue"),
        ("roles/pubsub.publisher", "topic commands"),
    }


def test_just_the_launcher_and_the_poller_run_as_it() -> None:
    functions = terraform.full().resources("google_cloudfunctions2_function")
    accounts = {
        f.values["name"]: f.values["service_config"][0]["service_account_email"].partition("@")[0]
        for f in functions
    }
    assert len(accounts) == 8
    runners = {name for name, account in accounts.items() if account == "s1r-prod-runner"}
    assert runners == {"s1r-prod-launch-exports", "s1r-prod-poll-tasks"}
    assert len(set(accounts.values())) == 7, "every other function has an account of its own"


def test_nobody_in_particular_may_nothing() -> None:
    assert public(planned(terraform.full())) == set()


def test_no_primitive_roles() -> None:
    assert primitive(planned(terraform.full())) == set()


def test_there_are_no_keys_and_no_grants_that_replace_others() -> None:
    """A binding or a policy would take away what others in the project were given."""
    kinds = {r.type for r in terraform.full().resources()}
    files = "\n".join(p.read_text("utf-8") for p in (terraform.ROOT / "infra").rglob("*.tf"))
    declared = set(re.findall(r'^(?:resource|ephemeral) "(\w+)"', files, re.M))
    assert kinds <= declared
    assert not [k for k in declared if re.search(r"_key$|_iam_(binding|policy)$|custom_role", k)]


def test_every_account_is_for_something() -> None:
    accounts = terraform.full().resources("google_service_account")
    names = {a.values["account_id"].removeprefix("s1r-prod-") for a in accounts}
    assert names <= {g.who for g in planned(terraform.full())}


@pytest.mark.parametrize(
    ("grant", "seen"),
    [
        (Grant("status", "roles/earthengine.writer", "project"), "a second exporter"),
        (Grant("user:somebody@example.com", "roles/earthengine.admin", "project"), "another"),
        (Grant("allUsers", "roles/run.invoker", "service status-page"), "everybody"),
        (Grant("allAuthenticatedUsers", "roles/storage.objectViewer", "bucket exports"), "all"),
        (Grant("runner", "roles/editor", "project"), "a primitive role"),
        (Grant("runner", "roles/storage.objectUser", "project"), "the project, not the bucket"),
        (Grant("runner", "roles/datastore.user", "project"), "without its condition"),
        (Grant("publishers", "roles/pubsub.admin", "topic requests"), "more than publishing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_grant_too_many_would_be_seen(grant: Grant, seen: str) -> None:
    grants = [*planned(terraform.full()), grant]
    assert beyond(grants, table()) == {grant}, seen
    if grant.role.startswith("roles/earthengine"):
        assert len(exporters(grants)) == 2
    assert bool(public(grants)) == grant.who.startswith("all")
    assert bool(primitive(grants)) == (grant.role == "roles/editor")
