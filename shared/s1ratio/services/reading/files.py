"""Where an exported file is read: its URL, whatever is in its name."""

from urllib.parse import quote


def url_of_file(base: str, name: str) -> str:
    """Return the URL of a file below `base`, which ends with a slash."""
    return base + quote(name, safe="/")
