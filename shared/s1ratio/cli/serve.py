"""`s1ratio serve`: what became of requests, as JSON over HTTP, as the deployed function has it."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from s1ratio.cli.deployment import add_out, environment_of, print_none
from s1ratio.cli.faults import print_failure, print_refusal
from s1ratio.cli.terminal import print_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from s1ratio.ports import Store

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
    from s1ratio.adapters.http.serving import is_loopback, listen
    from s1ratio.bootstrap import open_store_to_read
    from s1ratio.settings import read_settings

    if not is_loopback(options.host) and not options.expose:
        words = f"{options.host} can be reached by others, who would read all of it without being"
        return print_refusal(f"{words} asked who they are: add --expose if that is meant")
    environment = environment_of(options.out)
    if environment is None:
        return print_none(options.out)
    with open_store_to_read(read_settings(environment)) as store:
        try:
            listening = listen(_make_app(options, environment, store), options.host, options.port)
        except OSError as error:
            print_failure(error)
            words = f"can't listen at {options.host}, port {options.port}: try another --port"
            return print_refusal(words, status=1)
        signal.signal(signal.SIGTERM, _stop)
        print_line(f"serving {listening.url} until interrupted")
        listening.serve()
    return 0


def _make_app(options: argparse.Namespace, environment: Mapping[str, str], store: Store) -> Flask:
    from s1ratio.adapters.http.app import Served, make_app
    from s1ratio.bootstrap_reading import make_local_reading_context

    context = make_local_reading_context(
        environment, store, options.out or Path("out"), may_dismiss=not options.expose
    )
    hosts = None if options.expose else frozenset({*_LOOPBACK, options.host.lower()})
    return make_app(lambda: context, Served(hosts=hosts))


def _stop(*_: object) -> None:
    raise SystemExit(0)
