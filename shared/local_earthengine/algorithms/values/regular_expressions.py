"""Texts matched, replaced and split by regular expressions."""

from __future__ import annotations

from local_earthengine.expression.registry import algorithm
from local_earthengine.values.regular_expression import compiled, filled


@algorithm("String.match")
def match(text: str, pattern: str, flags: str) -> list[str]:
    """Return the first match and its groups, or with "g" all matches."""
    regex = compiled(pattern, flags)
    if "g" in flags:
        return [found.group(0) for found in regex.finditer(text)]
    found = regex.search(text)
    return [] if found is None else [found.group(0), *(group or "" for group in found.groups())]


@algorithm("String.replace")
def replace(text: str, pattern: str, replacement: str, flags: str) -> str:
    """Return the first match replaced, or with "g" all; `$1` and `${name}` stand for groups."""
    regex = compiled(pattern, flags)
    return regex.sub(lambda found: filled(replacement, found), text, 0 if "g" in flags else 1)


@algorithm("String.split")
def split(text: str, pattern: str, flags: str) -> list[str]:
    """Return the parts between the matches, as Java does; the characters for an empty pattern.

    Empty parts at the end are left out, an empty match at the start makes no part, and groups of
    the pattern are no parts.
    """
    if not pattern:
        return list(text)
    parts: list[str] = []
    place = 0
    for found in compiled(pattern, flags).finditer(text):
        if found.end():
            parts.append(text[place : found.start()])
            place = found.end()
    if not parts:
        return [text]
    parts.append(text[place:])
    while parts and not parts[-1]:
        parts.pop()
    return parts
