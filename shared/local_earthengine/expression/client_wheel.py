"""What the `ee` client's own wheel carries: its API's description, and the list of algorithms."""

from __future__ import annotations

from importlib.resources import files


def read_shipped(name: str) -> str:
    """Return a file of the client's wheel. Raise FileNotFoundError, saying what to install."""
    try:
        return (files("ee") / "tests" / name).read_text(encoding="utf-8")
    except (FileNotFoundError, ModuleNotFoundError) as error:
        raise FileNotFoundError(
            "the installed earthengine-api lacks ee/tests/*.json: install 1.7.50 as a wheel"
        ) from error
