"""`s1ratio earthengine`: a local Earth Engine for the unmodified `ee` client."""

import argparse
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from s1ratio.cli.arguments import existing_folder
from s1ratio.cli.faults import BAD_INPUT

_CONNECT = """import ee; from google.auth.credentials import AnonymousCredentials
ee.Initialize(AnonymousCredentials(), project='local-project', url='{url}')"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Serves an Earth Engine over synthetic Sentinel-1 scenes, or over your own. Prints the "
        "two lines of Python that connect a client; runs until interrupted or terminated."
    )
    parser.epilog = "exit status: 0 stopped, 2 it could not start"
    parser.add_argument(
        "--port", type=_port, default=8800, help="0 takes a free one (default 8800)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (loopback)")
    parser.add_argument(
        "--out", type=Path, default=Path("out"), metavar="DIR", help="where exports go (out)"
    )
    parser.add_argument(
        "--catalog", type=existing_folder, metavar="FOLDER", help="STAC items to serve"
    )
    parser.set_defaults(command=_serve)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text} is no port: 0 to 65535")
    return int(text)


def _serve(options: argparse.Namespace) -> int:
    from s1ratio.embedded.cloud import open_earth_engine  # noqa: PLC0415 - loads scipy, rasterio

    with _until_stopped() as stopped:
        try:
            server = open_earth_engine(options.out, options.catalog, options.host, options.port)
        # A port or folder that is taken, a host that isn't ours; a STAC item that is wrong.
        except (OSError, RuntimeError, ValueError) as fault:
            place = f"{options.host}:{options.port}"
            print(f"no Earth Engine at {place} over {options.out}: {fault}", file=sys.stderr)
            return BAD_INPUT
        with server:
            print(_CONNECT.format(url=server.url), flush=True)
            print(f"exports go to {options.out}; stop it with Ctrl-C", file=sys.stderr, flush=True)
            stopped.wait()
    return 0


@contextmanager
def _until_stopped() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set, instead of what they do else, in this context."""
    stopped = threading.Event()

    def stop(*_: Any) -> None:
        stopped.set()

    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
