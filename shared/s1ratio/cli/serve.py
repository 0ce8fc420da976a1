"""`s1ratio serve`: what became of requests, as JSON over HTTP, as the deployed function has it."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from s1ratio.cli.deployment import add_out, environment_of, is_deployed, print_none
from s1ratio.cli.faults import FAILED, print_refusal
from s1ratio.cli.terminal import print_line
from s1ratio.file_faults import describe

if TYPE_CHECKING:
    from s1ratio.services.reading.context import ReadingContext

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_PORT = 8700


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Serves the store of a local run, or of the deployment in the environment, as JSON: shaped "
        "as OGC API - Processes, described at /api. A run may go on meanwhile. Nobody is asked who "
        "they are, so it serves this machine alone, unless told otherwise."
    )
    parser.epilog = "exit status: 0 interrupted or terminated, 1 it can't be served, 2 bad input"
    parser.add_argument("--host", default=_LOOPBACK[0], help=f"where to listen ({_LOOPBACK[0]})")
    parser.add_argument(
        "--port", type=_port, default=_PORT, help=f"0 takes a free one (default {_PORT})"
    )
    told = "allow a host that others can reach: they read all, and can cancel nothing"
    parser.add_argument("--expose", action="store_true", help=told)
    add_out(parser)
    parser.set_defaults(command=_serve)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"{text} is no port: 0 to 65535")
    return int(text)


def _serve(options: argparse.Namespace) -> int:
    from s1ratio.adapters.http.app import Served, make_app
    from s1ratio.adapters.http.serving import is_loopback, listen

    if not is_loopback(options.host) and not options.expose:
        words = f"{options.host} can be reached by others, who would read all of it without being"
        return print_refusal(f"{words} asked who they are: add --expose if that is meant")
    environment = environment_of(options.out)
    if environment is None:
        return print_none(options.out)
    with _open_context(options, environment) as context:
        hosts = None if options.expose else frozenset({*_LOOPBACK, options.host.lower()})
        app = make_app(lambda: context, Served(hosts=hosts))
        try:
            listening = listen(app, options.host, options.port)
        except OSError as error:
            words = f"can't listen at {options.host}, port {options.port}: {describe(error)}"
            return print_refusal(f"{words}: try another --port", FAILED)
        signal.signal(signal.SIGTERM, _stop)
        print_line(f"serving {listening.url} until interrupted")
        listening.serve()
    return 0


@contextmanager
def _open_context(
    options: argparse.Namespace, environment: Mapping[str, str]
) -> Iterator[ReadingContext]:
    """Open what is read: that of a deployment as its own function does, or a run's folder."""
    from s1ratio.bootstrap import open_store_to_read
    from s1ratio.bootstrap_reading import make_local_reading_context, make_reading_context
    from s1ratio.settings import read_settings

    if is_deployed(options.out):
        context = make_reading_context(environment)
        with closing(context.store):
            yield replace(context, dismisser=None) if options.expose else context
        return
    settings = read_settings(environment)
    folder = (options.out or Path("out")) / settings.bucket
    with open_store_to_read(settings) as store:
        yield make_local_reading_context(environment, store, folder, may_dismiss=not options.expose)


def _stop(*_: object) -> None:
    raise SystemExit(0)
