"""`local-earthengine`: the server as a command, for the unmodified `ee` client.

What it computes with is loaded when it serves, so that the options cost nothing.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from local_earthengine.file_faults import describe
from local_earthengine.missing_extra import what_is_missing
from local_earthengine.plain_text import Parser, plain, prepare_log
from local_earthengine.progress import tell_loading

DESCRIPTION: Final = (
    "Serves an Earth Engine over synthetic Sentinel-1 scenes, or over your own. Prints the "
    "two lines of Python that connect a client; runs until interrupted or terminated."
)
EPILOG: Final = "exit status: 0 stopped, 2 it could not start"
_NOT_STARTED: Final = 2
_STATE: Final = ".local-earthengine"  # the folder of operations, beside the exports
_CONNECT: Final = """import ee; from google.auth.credentials import AnonymousCredentials
ee.Initialize(AnonymousCredentials(), project='local-project', url='{url}')"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, or the process's; return the exit status."""
    prepare_log()
    parser = Parser("local-earthengine", description=DESCRIPTION, epilog=EPILOG)
    add_options(parser)
    options = parser.parse_args(arguments)
    try:
        return serve(options, options.out / _STATE)
    except ModuleNotFoundError as error:
        _tell(f"local-earthengine: {what_is_missing(error)}")
        return _NOT_STARTED


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `serve` takes: --port, --host, --out and --catalog."""
    parser.add_argument(
        "--port", type=_port, default=8800, help="0 takes a free one (default 8800)"
    )
    parser.add_argument(
        "--host", type=_host, default="127.0.0.1", help="address to listen on (loopback)"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("out"), metavar="DIR", help="where exports go (out)"
    )
    parser.add_argument("--catalog", type=_folder, metavar="FOLDER", help="STAC items to serve")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text} is no port: 0 to 65535")
    return int(text)


def _folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is no folder")
    return path


def _host(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        raise argparse.ArgumentTypeError(f"{text!r} is no address: name it in plain ASCII")
    return text


def serve(options: argparse.Namespace, state: Path) -> int:
    """Serve until SIGINT or SIGTERM, operations kept in `state`; return the exit status.

    A catalogue that takes longer than a second to read is told meanwhile; what keeps it from
    starting is told in one line after that.
    """
    with tell_loading("the local Earth Engine is loading", lines=False):
        from local_earthengine.server import open_server  # noqa: PLC0415 - loads scipy, rasterio

    with _until_stopped() as stopped:
        try:
            with tell_loading(f"reading {options.catalog}", lines=options.catalog is not None):
                server = open_server(
                    options.out, options.catalog, state, options.host, options.port
                )
        # A port or folder that is taken, a host that isn't ours; a STAC item that is wrong.
        except (OSError, RuntimeError, ValueError) as fault:
            _tell_fault(f"no Earth Engine at {options.host}:{options.port}", options.out, fault)
            return _NOT_STARTED
        with server:
            print(_CONNECT.format(url=server.url), flush=True)
            _tell(f"exports go to {options.out}; stop it with Ctrl-C")
            stopped.wait()
    return 0


def refuse(words: str) -> int:
    """Say why nothing is served, in one line; return the exit status."""
    _tell(words)
    return _NOT_STARTED


def _tell_fault(what: str, out: Path, fault: Exception) -> None:
    """Print what is wrong in one line; of a catalogue with several faults a line each."""
    faults = getattr(fault, "faults", ())
    if len(faults) > 1:
        _tell(f"{what}: {len(faults)} faults")
        for one in faults:
            _tell(f"  {one}")
        return
    words = describe(fault) if isinstance(fault, OSError) else fault
    _tell(f"{what} over {out}: {words}")


def _tell(words: str) -> None:
    print(plain(words), file=sys.stderr, flush=True)


@contextmanager
def _until_stopped() -> Iterator[threading.Event]:
    """Yield an event that SIGINT and SIGTERM set, instead of what they do else, meanwhile."""
    stopped = threading.Event()

    def stop(*_: Any) -> None:
        """Set the event, whatever the signal."""
        stopped.set()

    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


if __name__ == "__main__":
    sys.exit(main())
