"""Faults, as the command prints them."""

from collections.abc import Iterable

from s1ratio.cli.advice import advise
from s1ratio.cli.terminal import print_error
from s1ratio.faults import Fault
from s1ratio.file_faults import describe

FAILED, BAD_INPUT = 1, 2
_OURS = ("s1ratio", "local_earthengine")
_DISTRIBUTIONS = {  # of the modules that are not named as what is installed
    "PIL": "pillow",
    "ee": "earthengine-api",
    "functions_framework": "functions-framework",
    "google.cloud.firestore": "google-cloud-firestore",
    "google.cloud.pubsub_v1": "google-cloud-pubsub",
    "google.cloud.storage": "google-cloud-storage",
    "google_crc32c": "google-crc32c",
}


def print_failure(error: Exception, status: int = FAILED) -> int:
    """Print to stderr, in one line, what went wrong and what to do; return the exit status."""
    said = describe(error) if isinstance(error, OSError) else str(error)
    words = " ".join(said.split()) or type(error).__name__
    advice = advise(words)
    print_error(f"s1ratio: {words.rstrip('.')}: {advice}" if advice else f"s1ratio: {words}")
    return status


def print_faults(what: str, faults: Iterable[Fault | str]) -> int:
    """Print every fault to stderr, a line each; return the exit status for bad input."""
    every = list(faults)
    print_error(f"{what}: {len(every)} fault{'s' if len(every) > 1 else ''}")
    for fault in every:
        print_error(f"  {fault}")
    return BAD_INPUT


def print_missing(error: ModuleNotFoundError, command: str, extras: str) -> int:
    """Print to stderr, in one line, which extras bring what a command lacks; return the status.

    Raises the error where none would bring it: a module of ours is missing, or none is needed.
    """
    name = _DISTRIBUTIONS.get(error.name or "", error.name or "")
    if not extras or name.partition(".")[0] in _OURS:
        raise error
    lack = f"{command} needs {name}, which is not installed"
    print_error(f"s1ratio: {lack}: pip install 's1ratio[{extras}]'")
    return BAD_INPUT
