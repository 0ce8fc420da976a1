"""Faults, as the command prints them."""

from collections.abc import Iterable
from contextlib import suppress

from s1ratio.cli.advice import advise
from s1ratio.cli.terminal import print_error, print_json
from s1ratio.errors import ServiceError
from s1ratio.faults import Fault
from s1ratio.file_faults import describe

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130
_OURS = ("s1ratio", "local_earthengine")
_DISTRIBUTIONS = {  # of the modules that are not named as what is installed
    "ee": "earthengine-api",
    "functions_framework": "functions-framework",
    "google.cloud.firestore": "google-cloud-firestore",
    "google.cloud.pubsub_v1": "google-cloud-pubsub",
    "google.cloud.storage": "google-cloud-storage",
    "google_crc32c": "google-crc32c",
}


def print_failure(error: Exception, status: int = FAILED, *, as_json: bool = False) -> int:
    """Print to stderr, in one line, what went wrong and what to do; return the exit status.

    To who asked for JSON it is told so, too, on stdout.
    """
    said = describe(error) if isinstance(error, OSError) else str(error)
    words = " ".join(said.split()) or type(error).__name__
    # What a service refuses says itself what to do: one advice is enough.
    advice = None if isinstance(error, ServiceError) else advise(words)
    if as_json:
        _print_document(words, advice, _faults_of(error), status)
    print_error(f"s1ratio: {words.rstrip('.')}: {advice}" if advice else f"s1ratio: {words}")
    return status


def print_faults(
    what: str, faults: Iterable[Fault | str], status: int = BAD_INPUT, *, as_json: bool = False
) -> int:
    """Print every fault to stderr, a line each; return the exit status, of bad input by default.

    To who asked for JSON they are told so, too, on stdout.
    """
    every = list(faults)
    words = f"{what}: {len(every)} fault{'s' if len(every) > 1 else ''}"
    if as_json:
        _print_document(words, None, every, status)
    print_error(words)
    for fault in every:
        print_error(f"  {fault}")
    return status


def print_refusal(words: str, status: int = BAD_INPUT, *, as_json: bool = False) -> int:
    """Print to stderr, in one line, why a command does nothing; return the exit status."""
    if as_json:
        _print_document(words, None, (), status)
    print_error(words)
    return status


def _faults_of(error: Exception) -> tuple[Fault, ...]:
    found = getattr(error, "faults", ())
    return tuple(each for each in found if isinstance(each, Fault))


def _print_document(
    words: str, advice: str | None, faults: Iterable[Fault | str], status: int
) -> None:
    every = [Fault("", "fault", one) if isinstance(one, str) else one for one in faults]
    told = [{"path": one.path, "code": one.code, "message": one.message} for one in every]
    with suppress(OSError):  # where it is stdout itself that can't be written to
        print_json({"error": words, "advice": advice, "faults": told, "exit_status": status})


def print_missing(
    error: ModuleNotFoundError, command: str, extras: str, *, as_json: bool = False
) -> int:
    """Print to stderr, in one line, which extras bring what a command lacks; return the status.

    Raises the error where none would bring it: a module of ours is missing, or none is needed.
    """
    name = _DISTRIBUTIONS.get(error.name or "", error.name or "")
    if not extras or name.partition(".")[0] in _OURS:
        raise error
    lack = f"{command} needs {name}, which is not installed"
    words = f"s1ratio: {lack}: pip install 's1ratio[{extras}]'"
    return print_refusal(words, as_json=as_json)
