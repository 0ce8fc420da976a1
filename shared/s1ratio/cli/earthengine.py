"""`s1ratio earthengine`: a local Earth Engine for the unmodified `ee` client."""

import argparse
import threading
from pathlib import Path

from s1ratio.cli.arguments import Commands, existing_folder

_CONNECT = """Connect with:
  import ee; from google.auth.credentials import AnonymousCredentials
  ee.Initialize(AnonymousCredentials(), project='local-project', url='{url}')
"""


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "earthengine",
        help="serve a local Earth Engine",
        description="Serves an Earth Engine over synthetic Sentinel-1 scenes, or over your own.",
    )
    parser.add_argument("--port", type=int, default=8800, help="0 takes a free one (default 8800)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (loopback)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where exports go")
    parser.add_argument(
        "--catalog", type=existing_folder, metavar="FOLDER", help="STAC items to serve"
    )
    parser.set_defaults(command=_serve)


def _serve(options: argparse.Namespace) -> int:
    from s1ratio.local.embedded import open_earth_engine  # noqa: PLC0415 - loads scipy, rasterio

    with open_earth_engine(options.out, options.catalog, options.host, options.port) as server:
        print(f"Earth Engine at {server.url}, exports go to {options.out}")
        print(_CONNECT.format(url=server.url), flush=True)
        threading.Event().wait()
    return 0
