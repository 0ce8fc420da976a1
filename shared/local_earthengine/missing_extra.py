"""What is said where more is needed than is installed: the extra that brings it."""

_EXTRA = "s1ratio[earthengine]"  # the distribution that this package is part of
_OURS = __name__.partition(".")[0]
# Of the modules that are not named as what is installed.
_DISTRIBUTIONS = {"ee": "earthengine-api", "google_crc32c": "google-crc32c"}


def what_is_missing(error: ModuleNotFoundError) -> str:
    """Return, in one line, what is missing and how it is installed.

    Raises the error where the extra would not bring it: a module of this package is missing.
    """
    name = _DISTRIBUTIONS.get(error.name or "", error.name or "")
    if name.partition(".")[0] == _OURS:
        raise error
    return f"the local Earth Engine needs {name}, which is not installed: pip install '{_EXTRA}'"
