"""`s1ratio run`: one message end to end on this machine."""

import argparse
from pathlib import Path
from typing import Any

from s1ratio.cli.arguments import add_json, add_message, existing_folder
from s1ratio.cli.catalogs import print_unfit
from s1ratio.cli.faults import BAD_INPUT, FAILED, INTERRUPTED, print_faults
from s1ratio.cli.terminal import print_error, print_json, print_line
from s1ratio.cli.waiting import tell_doing
from s1ratio.errors import InvalidRequest

_NOT_YET = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Runs a message through the functions that are deployed, against a local Earth Engine "
        "over synthetic Sentinel-1 scenes or your own. Run again, it goes on where it stopped. "
        "S1RATIO_ variables don't count here: limits are the defaults, and Drive is allowed "
        "(`s1ratio validate` holds a message to those of the environment)."
    )
    parser.epilog = (
        "exit status: 0 verified, or exported to Drive's folder (SUCCEEDED); 1 failed, or nothing "
        "but EMPTY; 2 invalid or rejected message, or a folder in use; 3 the period is not over "
        f"yet; {INTERRUPTED} interrupted"
    )
    add_message(parser)
    parser.add_argument("--out", type=Path, default=Path("out"), metavar="DIR", help="default: out")
    parser.add_argument(
        "--catalog", type=existing_folder, metavar="FOLDER", help="STAC items to compute from"
    )
    add_json(parser)
    parser.set_defaults(command=_run)


def _run(options: argparse.Namespace) -> int:
    tell_doing(f"loading the local Earth Engine for {options.out}")
    from s1ratio.cli.screen import open_console
    from s1ratio.cli.table import print_summary
    from s1ratio.embedded.cloud import UNFIT_FOLDER
    from s1ratio.embedded.run import run_message

    console = open_console(stderr=True)
    try:
        summary = run_message(options.message.read_bytes(), options.out, options.catalog, console)
    except InvalidRequest as error:
        return print_faults(str(options.message), error.faults, as_json=options.json)
    except UNFIT_FOLDER as error:
        return print_unfit(error, options.catalog, as_json=options.json)
    if options.json:
        print_json(summary)
    else:
        below = f"{options.out}/"
        print_summary(summary, open_console(), below)
        _print_where(summary, options.out)
    return _exit_status(summary)


def _print_where(summary: dict[str, Any], out: Path) -> None:
    """Print where the summary is, and Drive's folder if the exports went there."""
    destination = summary["destination"]
    if destination["kind"] == "drive":
        print_line(
            f"Drive's folder {destination['folder']} is {out / 'drive' / destination['folder']}"
        )
    print_line(f"summary: {out / 'summary.json'}")


def _exit_status(summary: dict[str, Any]) -> int:
    """Return 0 if all is verified or empty and not all empty; 2 if it was rejected; 3 if it must
    wait; else 1.
    """
    states = {task["state"] for task in summary["tasks"]}
    if summary["state"] in {"EXPANDING", "ACCEPTED"}:
        print_error(f"not before {summary['waits_until']}: the period is not over yet")
        return _NOT_YET
    if summary["state"] == "REJECTED":
        return BAD_INPUT
    done = {"VERIFIED", "SUCCEEDED"}
    return 0 if states & done and states <= done | {"EMPTY"} else FAILED
