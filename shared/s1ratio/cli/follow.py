"""Following a request on the terminal: what `wait` and `publish --wait` have in common."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING, Any

from s1ratio.cli.terminal import print_error, print_json, print_line

if TYPE_CHECKING:
    from s1ratio.client.waiting import Waited
    from s1ratio.ports.service import Service

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_MOST_S = 30 * 86_400
_DAY_S = 86_400.0


def add_waiting(parser: argparse.ArgumentParser) -> None:
    """Add --timeout, and how much is said."""
    parser.add_argument(
        "--timeout",
        type=seconds,
        default=_DAY_S,
        metavar="TIME",
        help="wait so long at most: seconds, or 90m, 6h, 2d (1d)",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("-q", "--quiet", action="store_true", help="say nothing: the status tells")
    how.add_argument("-v", "--verbose", action="store_true", help="say what each task waits for")


def seconds(text: str) -> float:
    """Return a length of time in seconds."""
    number, unit = (text[:-1], _UNITS[text[-1]]) if text[-1:] in _UNITS else (text, 1)
    try:
        value = float(number) * unit
    except ValueError:
        value = math.nan
    if not 0 < value <= _MOST_S:
        words = f"{text} is no time to wait: seconds, or such as 90m, 6h, 2d, up to 30d"
        raise argparse.ArgumentTypeError(words)
    return value


def follow(
    options: argparse.Namespace, service: Service, request_id: str, message_id: str | None = None
) -> int:
    """Wait for a request, and say what changes; return the exit status."""
    from s1ratio.cli.exit_codes import OF_OUTCOME
    from s1ratio.cli.waiting import hold_lines, tell_doing
    from s1ratio.client.waiting import Patience, Waiter

    tell_doing(f"request {request_id} is waited for")
    patience = Patience(timeout_s=options.timeout)
    waiter = Waiter(service, request_id, patience, message_id, tell=_teller(options))
    with hold_lines():
        found = waiter.wait()
    status = OF_OUTCOME[found.outcome]
    if options.json:
        print_json(_document(found, status), indent=None)
    elif not options.quiet:
        _say(found, options)
    return int(status)


def _teller(options: argparse.Namespace) -> Any:
    if options.quiet:
        return lambda _: None
    # JSON stays alone on stdout; what happens meanwhile is for who looks.
    return print_error if options.json else print_line


def _say(found: Waited, options: argparse.Namespace) -> None:
    """Say in the last line what waiting came to, and what to do next."""
    name = found.request_id
    for fault in found.reasons:
        print_line(f"  {fault}")
    words = {
        "verified": f"verified: see `s1ratio results {name}`",
        "failed": f"no success: see `s1ratio status {name}`",
        "refused": "refused: put right what is wrong, and publish it anew",
        "not over yet": f"not before {found.until:%Y-%m-%d}: its period is not over yet"
        if found.until
        else "",
        "timed out": "not ended in time: the same command goes on waiting"
        if found.job
        else "not known by now: is the id right, and see `s1ratio rejections`",
    }
    print_line(f"{name}: {words[found.outcome.value]}")
    if options.verbose and found.job:
        for one in found.job["waiting"]:
            print_line(f"  {one['id']}: {one['state']}, waits for {one['waits_for']}")


def _document(found: Waited, status: int) -> dict[str, Any]:
    return {
        "request_id": found.request_id,
        "outcome": found.outcome.value,
        "exit_status": int(status),
        "state": found.job["state"] if found.job else None,
        "not_before": found.until.isoformat() if found.until else None,
        "reasons": [
            {"path": one.path, "code": one.code, "message": one.message} for one in found.reasons
        ],
        "error": found.job["error"] if found.job else None,
    }
