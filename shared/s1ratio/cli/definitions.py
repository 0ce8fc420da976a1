"""What `feeds`, `rules` and `silences` have in common: apply, list, show, remove, schema."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from s1ratio.cli.arguments import add_json
from s1ratio.cli.deployment import add_out, environment_of, local_environment, print_none
from s1ratio.cli.faults import FAILED, print_faults, print_refusal
from s1ratio.cli.terminal import print_json, print_line

if TYPE_CHECKING:
    from s1ratio.alerts.records import Definition, Kind
    from s1ratio.faults import Fault
    from s1ratio.ports import Store
    from s1ratio.request import Limits
    from s1ratio.services.alerts.definitions import Proposal

ACTIONS = ("apply", "list", "show", "remove", "schema")
_MAX_BYTES = 2_000_000


def add_actions(parser: argparse.ArgumentParser, kind: str, more: str = "") -> None:
    """Add the action, what it is done with, and the options that they all take."""
    what = f"a file (JSON, or YAML as .yaml) with one {kind} or a list, or the name of one"
    parser.add_argument("action", choices=(*ACTIONS, *more.split()), help="what to do")
    parser.add_argument("what", metavar="WHAT", nargs="*", help=what)
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")
    add_out(parser)
    add_json(parser)
    parser.epilog = "exit status: 0 done, 1 not known or refused, 2 bad input"


def run_action(options: argparse.Namespace, kind: Kind, shipped: str = "") -> int:
    """Do what all three have in common; return the exit status."""
    from s1ratio.alerts.schema import definition_schema

    if options.action == "schema" and not options.what:
        print_json(definition_schema(kind))
        return 0
    if (words := _misuse(options)) is not None:
        return print_refusal(words, as_json=options.json)
    makes = options.action == "apply" and not options.dry_run
    with opened(options, makes=makes) as store:
        if store is None:
            return print_none(options.out, as_json=options.json)
        if options.action == "apply":
            return _apply(options, store, kind, shipped)
        if options.action == "list":
            return _list(options, store, kind)
        return _one(options, store, kind)


def _misuse(options: argparse.Namespace) -> str | None:
    """Return what is wrong with the words after the action, None if nothing is."""
    if options.action in {"show", "remove", "apply"}:
        wanted = "a file" if options.action == "apply" else "a name"
        return f"{options.action} takes {wanted}" if len(options.what) != 1 else None
    if not options.what:
        return None
    return f"{options.action} takes no more words, and {options.what[0]!r} is one: see `show`"


@contextmanager
def opened(options: argparse.Namespace, *, makes: bool = False) -> Iterator[Store | None]:
    """Open the store of the deployment that is meant, None if there is none.

    One of a local run is made, in a folder without any, where that is wanted.
    """
    from contextlib import closing

    from s1ratio.bootstrap import make_store
    from s1ratio.settings import read_settings

    environment = environment_of(options.out)
    if environment is None and makes:
        environment = local_environment(options.out)
    if environment is None:
        yield None
        return
    with closing(make_store(read_settings(environment))) as store:
        yield store


def read_documents(path: Path) -> list[Any]:
    """Return the definitions in a file; raise InvalidRequest for what can't be read, or none."""
    from s1ratio.errors import InvalidRequest
    from s1ratio.faults import Fault

    if path.suffix.lower() in {".yaml", ".yml"}:
        from s1ratio.adapters.region_files import read_region_file

        found = read_region_file(path).data
        return found if isinstance(found, list) else [found]
    text = path.read_bytes()
    if len(text) > _MAX_BYTES:
        raise InvalidRequest([Fault("", "too_large", f"{len(text)} bytes: split it")])
    try:
        value = json.loads(text.decode("utf-8")) if text.strip() else []
    except UnicodeDecodeError as error:
        words = f"not UTF-8 text: {error.reason} at byte {error.start}"
        raise InvalidRequest([Fault("", "not_json", words)]) from None
    except (ValueError, RecursionError) as error:
        raise InvalidRequest([Fault("", "not_json", f"not valid JSON: {error}")]) from None
    if value == []:
        raise InvalidRequest([Fault("", "empty", "there is nothing in it")])
    return value if isinstance(value, list) else [value]


def _apply(options: argparse.Namespace, store: Store, kind: Kind, shipped: str) -> int:
    from s1ratio.errors import InvalidRequest
    from s1ratio.services.alerts.definitions import apply, propose

    path = Path(options.what[0])
    try:
        if shipped and options.what[0] == "shipped":
            documents = shipped_documents(shipped)
        elif path.is_file():
            documents = read_documents(path)
        else:
            return print_refusal(f"{path} is no file", as_json=options.json)
        now = datetime.now(UTC)
        limits = limits_of(options, now)
        check = _silence_check(store, now) if kind.value == "silence" else lambda _: []
        proposals = propose(store, kind, documents, now, limits, check=check)
    except InvalidRequest as error:
        return print_faults(str(path), error.faults, as_json=options.json)
    told = [{"name": one.definition.name, "fate": _fate(one)} for one in proposals]
    if not options.dry_run:
        apply(store, proposals)
    if options.json:
        document: dict[str, Any] = {"applied": not options.dry_run, f"{kind.value}s": told}
        print_json(document)
    else:
        for each in told:
            print_line(f"{each['name']}: {each['fate']}")
        if options.dry_run:
            print_line("nothing was stored")
    return 0


def _silence_check(store: Store, now: datetime) -> Callable[[Any], list[Fault]]:
    from s1ratio.services.alerts.silence_matchers import silence_faults

    return lambda silence: silence_faults(store, silence, now)


def limits_of(options: argparse.Namespace, now: datetime) -> Limits:
    """Return the limits of the deployment that is meant."""
    from s1ratio.settings import read_settings

    return read_settings(environment_of(options.out) or os.environ).limits(now.date())


def _fate(one: Proposal) -> str:
    if not one.changes:
        return "unchanged"
    return "changed" if one.before else "new"


def shipped_documents(folder: str) -> list[Any]:
    """Return the definitions that come along, as they lie in their folder."""
    from s1ratio.alerts.shipped import FOLDER

    paths = sorted(FOLDER.glob(f"{folder}/*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def _list(options: argparse.Namespace, store: Store, kind: Kind) -> int:
    found = store.get_definitions(kind)
    fetches = store.get_fetches([one.name for one in found]) if kind.value == "feed" else {}
    if options.json:
        print_json({f"{kind.value}s": [_document(one, fetches.get(one.name)) for one in found]})
        return 0
    for one in found:
        line = f"{one.name}: since {one.changed_at:%Y-%m-%d %H:%M} UTC"
        if kind.value == "silence":
            line += f", until {one.document['ends_at']}: {one.document['reason']}"
        known = fetches.get(one.name)
        if known is not None:
            last = f"{known.succeeded_at:%Y-%m-%d %H:%M} UTC" if known.succeeded_at else "never"
            line += f", last fetched {last}" + (f", {known.error}" if known.error else "")
        print_line(line)
    if not found:
        print_line(f"no {kind.value}s")
    return 0


def _document(one: Definition, fetch: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"name": one.name, "changed_at": one.changed_at.isoformat()}
    told["document"] = one.document
    if fetch is not None:
        last = fetch.succeeded_at.isoformat() if fetch.succeeded_at else None
        told |= {"last_success": last, "error": fetch.error}
    return told


def _one(options: argparse.Namespace, store: Store, kind: Kind) -> int:
    name = options.what[0]
    found = store.get_definition(kind, name)
    if found is None or found.removed:
        return print_refusal(f"no {kind.value} {name}", FAILED, as_json=options.json)
    if options.action == "remove":
        return _remove(options, store, kind, name)
    fetch = store.get_fetches([name]).get(name)
    print_json(_document(found, fetch if kind.value == "feed" else None))
    return 0


def _remove(options: argparse.Namespace, store: Store, kind: Kind, name: str) -> int:
    from s1ratio.services.alerts.definitions import remove

    if not options.dry_run:
        remove(store, kind, name, datetime.now(UTC))
    if options.json:
        trial = {"removed": None, "would_remove": name}
        print_json(trial if options.dry_run else {"removed": name})
    else:
        print_line(f"{name}: {'would be removed' if options.dry_run else 'removed'}")
    return 0
