"""From the text of a payload to JSON values: JSON, XML such as CAP 1.2, and CSV.

What a text may cost is counted before it is parsed, by the same measure as that of requests. XML
with a document type, entities or references to other files is refused.
"""

import csv
import io
import json
import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from s1ratio.alerts.expressions import MAX_ITEMS
from s1ratio.request.parsing import MAX_STRUCTURE, count_structure

MAX_TEXT = 8_000_000
_MAX_ELEMENTS = 30_000
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_MAX_DEPTH = 40
_CAP = "urn:oasis:names:tc:emergency:cap:"
# Of CAP what may stand several times is always a list, however often it stands.
_CAP_LISTS = {"info", "area", "polygon", "circle", "geocode", "parameter", "category", "resource"}
_CAP_LISTS |= {"code", "responseType", "eventCode"}


def decode_text(payload: bytes) -> str:
    """Return a payload's text (UTF-8, with or without a mark); raise ValueError for another."""
    if len(payload) > MAX_TEXT:
        raise ValueError(f"{len(payload)} bytes, at most {MAX_TEXT} are read")
    try:
        return payload.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text: {error.reason} at {error.start}") from None


def read_text(text: str) -> Any:
    """Return the values in a text that is JSON or XML; of another one the text itself.

    Raises ValueError, in words, where it is one of the two by its beginning and can't be read.
    """
    start = text.lstrip()[:1]
    if start == "<":
        return read_xml(text)
    if start in ("{", "["):
        return read_json(text)
    return text


def read_json(text: str) -> Any:
    """Return the value of a JSON text; raise ValueError for another one, and for too large ones."""
    structure = count_structure(text)
    if structure > MAX_STRUCTURE:
        words = f"{structure:,} brackets, commas and colons, at most {MAX_STRUCTURE:,} are read"
        raise ValueError(f"{words}: send it in parts")
    try:
        value = json.loads(text, parse_constant=_no_constant)
        return _storable(value) if _HALF.search(text) else value
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"not valid JSON: {str(error)[:200]}") from None


def read_xml(text: str) -> dict[str, Any]:
    """Return {root: …} of an XML text: names without namespaces, attributes with `@`.

    An element with text alone is that text, with attributes too it has `#text`. What stands
    several times is a list. Raises ValueError, in words, for what is no XML or may be a bomb.
    """
    if text.count("<") > 2 * _MAX_ELEMENTS or text.count("=") > 2 * _MAX_ELEMENTS:
        raise ValueError(f"XML of over {_MAX_ELEMENTS:,} elements: send it in parts")
    try:
        # Of bytes: an XML declaration may name an encoding, which text has no more.
        root = fromstring(text.lstrip().encode(), forbid_dtd=True)
    except DefusedXmlException as error:
        raise ValueError(f"XML that may be a bomb: {type(error).__name__}") from None
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise ValueError(f"not valid XML: {str(error)[:200]}") from None
    namespace = root.tag.partition("}")[0].lstrip("{")
    lists = _CAP_LISTS if namespace.startswith(_CAP) else set[str]()
    return {_local(root.tag): _element(root, lists, _MAX_DEPTH)}


def read_csv(text: str) -> list[dict[str, str | None]]:
    """Return the rows of a CSV text with a header, by column; raise ValueError for another one.

    A row that is too short has null in its last columns; columns beyond the header are dropped.
    """
    lines = text.count("\n") + 1
    if lines > MAX_ITEMS + 2:
        raise ValueError(f"{lines} lines, at most {MAX_ITEMS} rows are read")
    try:
        reader = csv.reader(io.StringIO(text), strict=True)
        header = next(reader, [])
        if len(header) < 2 or len(set(header)) < len(header) or not all(map(_is_column, header)):
            raise ValueError(f"no CSV with a header: {text[:60]!r}")
        return [_row(header, cells) for cells in reader if cells]
    except csv.Error as error:
        raise ValueError(f"not valid CSV: {error}") from None


def _is_column(name: str) -> bool:
    """Tell whether a header's cell is a name: where errors are plain text, they have spaces."""
    return re.fullmatch(r"[A-Za-z_][\w.-]*", name.strip()) is not None


def _row(header: list[str], cells: list[str]) -> dict[str, str | None]:
    missing: list[str | None] = [None] * (len(header) - len(cells))
    return dict(zip(header, [*cells, *missing], strict=False))


def _element(element: Element, lists: set[str], depth: int) -> Any:
    if depth == 0:
        raise ValueError(f"XML that is nested deeper than {_MAX_DEPTH} elements")
    found: dict[str, Any] = {f"@{_local(name)}": text for name, text in element.attrib.items()}
    text = (element.text or "").strip()
    for child in element:
        name, value = _local(child.tag), _element(child, lists, depth - 1)
        if name not in found:
            found[name] = [value] if name in lists else value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    if not found:
        return text or None
    return {**found, "#text": text} if text else found


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _storable(value: Any) -> Any:
    """Return a value with `?` for each half of a surrogate pair: no store keeps such, nor UTF-8.

    An escape in JSON may be one, and what is not stored comes again for ever.
    """
    text = json.dumps(value, ensure_ascii=False)
    return json.loads(text.encode("utf-8", "replace"))


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")
