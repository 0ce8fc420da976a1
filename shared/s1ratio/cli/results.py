"""`s1ratio results`: the files of a request, named, or brought into a folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from s1ratio.cli.arguments import add_json
from s1ratio.cli.deployment import print_none
from s1ratio.cli.target import Target, add_target, open_target
from s1ratio.cli.terminal import counted, print_error, print_json, print_line
from s1ratio.cli.waiting import tell_doing

if TYPE_CHECKING:
    from s1ratio.client.downloading import Downloaded


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Shows where the files of a request are that was successful, one a line, or fetches them. "
        "What is in the folder already stays if it is the same, and what was cut off goes on. Out "
        "of a bucket they are read with your own right on it (roles/storage.objectViewer)."
    )
    parser.epilog = "exit status: 0 told or fetched, 1 there are none (yet), or it failed"
    parser.add_argument("request_id", metavar="REQUEST_ID")
    parser.add_argument("--download", type=Path, metavar="DIR", help="fetch them into this folder")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("-q", "--quiet", action="store_true", help="with --download: say nothing")
    how.add_argument("-v", "--verbose", action="store_true", help="show orbit, bands and crs too")
    add_target(parser)
    add_json(parser)
    parser.set_defaults(command=_results)


def _results(options: argparse.Namespace) -> int:
    with open_target(options) as target:
        if target is None:
            return print_none(options.out, as_json=options.json)
        tasks = _tasks(target, options.request_id)
        if options.download is not None:
            return _download(options, target, tasks)
    if options.json:
        print_json({"request_id": options.request_id, "tasks": tasks})
        return 0
    for name, task in tasks.items():
        if options.verbose:
            bands = ", ".join(task["bands"])
            print_line(f"{name}: orbit {task['orbit']} {task['direction']}, {task['crs']}: {bands}")
        for url in task["files"]:
            print_line(shown_url(url))
    if not tasks:
        print_error(f"{options.request_id} has no files: there was nothing in its area and period")
    return 0


def _tasks(target: Target, request_id: str) -> dict[str, Any]:
    from s1ratio.client.pages import ask_pages

    found: dict[str, Any] = {}
    for page in ask_pages(target.service, "jobs", request_id, "results"):
        found |= page["tasks"]["value"]
    return found


def _download(options: argparse.Namespace, target: Target, tasks: dict[str, Any]) -> int:
    urls = [url for task in tasks.values() for url in task["files"]]
    words = f"fetching {counted(len(urls), 'file')}"
    tell_doing(words)
    found = target.downloader.fetch_all(urls, options.download, tell_doing)
    if options.json:
        print_json({"request_id": options.request_id, "files": [_document(one) for one in found]})
    elif not options.quiet:
        for one in found:
            print_line(f"{one.path}{'' if one.fetched else ' (there already)'}")
    return 0


def _document(one: Downloaded) -> dict[str, Any]:
    return {"path": str(one.path), "url": one.url, "fetched": one.fetched}


def shown_url(url: str) -> str:
    """Return where a file is as people have it: gs://, a path of this machine, else the URL."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return unquote(parts.path)
    if parts.hostname == "storage.googleapis.com":
        return f"gs:/{unquote(parts.path)}"
    return url
