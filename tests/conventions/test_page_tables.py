"""What the pages' tables say of fields, states, settings, commands and rooms is so."""

import json
import re
from collections.abc import Iterable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest

from s1ratio.pictures.scales import SCALES
from s1ratio.records import RequestState
from s1ratio.regions.model import Region
from s1ratio.regions.states import REGION_MOVES
from s1ratio.request import CompositeRequest
from s1ratio.request.checks import NO_LIMITS
from s1ratio.request.fields import Direction, Product, Statistic
from s1ratio.request.reader import read_message
from s1ratio.settings import PREFIX, Settings
from s1ratio.summary import summarize
from s1ratio.task.states import MOVES, TERMINAL, TaskState
from tests.contract.records import a_request, a_task
from tests.conventions.pages import FUNCTIONS, PRODUCT, README, codes, rows
from tests.conventions.source import PACKAGE, ROOT
from tests.conventions.test_pages import commands


def _documented_settings() -> dict[str, str]:
    """Return the default of each variable as the table has it; a row may hold several."""
    found: dict[str, str] = {}
    for names, defaults, _ in rows(FUNCTIONS.section("## Settings")):
        each = codes(names)
        told = [text.strip(" `").replace(",", "") for text in defaults.split(";")]
        found.update(zip(each, told if len(told) > 1 else told * len(each), strict=True))
    return found


def _default(setting: object) -> str:
    """Return a default as the table would have it."""
    if setting is MISSING:
        return "required"
    if setting is None:
        return "the real one"
    if isinstance(setting, str):
        return setting.replace(",", "") or "none"
    return f"{float(setting):g}"  # type: ignore[arg-type]


def _first(table: Iterable[list[str]]) -> list[str]:
    """Return every piece of code in the first column of a table, in its order."""
    return [code for cells in table for code in codes(cells[0])]


def _parts(folder: Path) -> set[str]:
    """Return the folders of modules in a folder, with a slash, and the modules beside them."""
    inner = {f"{path.parent.name}/" for path in folder.glob("*/__init__.py")}
    return inner | {path.name for path in folder.glob("*.py")} - {"__init__.py"}


def test_the_table_of_settings_has_them_all_with_their_defaults() -> None:
    told = _documented_settings()
    numbers = {name: f"{float(text):g}" for name, text in told.items() if text[0].isdigit()}
    expected = {PREFIX + item.name.upper(): _default(item.default) for item in fields(Settings)}
    assert {**told, **numbers} == expected


def test_the_list_of_commands_has_them_all() -> None:
    shown = re.findall(r"^s1ratio ([a-z]+)", FUNCTIONS.section("## The command"), re.MULTILINE)
    assert sorted(set(shown)) == sorted(commands())


def test_the_table_of_functions_has_them_all() -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/main.py")}
    for table in (FUNCTIONS.text[: FUNCTIONS.text.index("\n## ")], "## What they take and answer"):
        section = FUNCTIONS.section(table) if table.startswith("## ") else table
        assert set(_first(rows(section.partition("\n### ")[0]))) == folders


def test_the_table_of_the_message_has_all_fields_with_their_defaults() -> None:
    message = PRODUCT.section("## The message").partition("\n### ")[0]
    table = rows(message)
    told = {name: cells[1] for cells in table for name in codes(cells[0])}
    expected: dict[str, Any] = {}
    for name, field in CompositeRequest.model_fields.items():
        expected[name] = (
            "required" if field.is_required() else field.get_default(call_default_factory=True)
        )
    read = {
        name: text if text == "required" else json.loads(text.strip("`"))
        for name, text in told.items()
    }
    assert read == json.loads(json.dumps(expected, default=_dumped))


@pytest.mark.parametrize(
    ("field", "names"),
    [("products", Product), ("statistics", Statistic), ("direction", Direction)],
)
def test_the_table_of_the_message_names_what_there_is(field: str, names: Iterable[str]) -> None:
    message = PRODUCT.section("## The message").partition("\n### ")[0]
    (meaning,) = (cells[2] for cells in rows(message) if codes(cells[0]) == [field])
    assert set(names) <= set(codes(meaning))


def _dumped(value: Any) -> Any:
    return value.model_dump(mode="json")


def test_the_tables_of_the_summary_have_all_fields() -> None:
    told, _, of_a_task = PRODUCT.section("### The summary").partition("| field of a task |")
    written = summarize(a_request(), [a_task()], "bucket")
    run = (PACKAGE / "embedded" / "run.py").read_text(encoding="utf-8")
    by_run = re.findall(r'^    summary\["(\w+)"\] =', run, re.MULTILINE)
    assert [len(cells) for cells in rows(told) if cells[1].startswith("`run` only")] == [2] * 4
    assert sorted(_first(rows(told))) == sorted(
        [*written, *by_run, "waiting"]
    )  # the last is status's
    assert _first(rows(f"| field of a task |{of_a_task}")) == list(written["tasks"][0])


def test_the_table_of_states_has_them_all_with_their_moves() -> None:
    section = PRODUCT.section("## The life of a task").partition("\n### ")[0]
    table = rows(section)
    told = {cells[0].strip("`"): set(codes(cells[2])) for cells in table if len(cells) == 3}
    assert told == {
        str(state): {str(to) for to in moves - {state}} for state, moves in MOVES.items()
    }
    requests = [code for cells in table if len(cells) == 2 for code in codes(cells[0])]
    assert sorted(requests) == sorted(RequestState)


def test_the_table_of_queries_has_all_that_have_a_limit() -> None:
    ports = (PACKAGE / "ports" / "store.py").read_text(encoding="utf-8")
    limited = re.findall(r"def (find_\w+)\((?=[^)]*limit: int)", ports)
    section = PRODUCT.section("## The life of a task").partition("### No query")[2]
    assert sorted(_first(rows(section.partition("\n### ")[0]))) == sorted(limited)


def test_the_drawing_of_the_states_has_them_all() -> None:
    drawing = (PACKAGE / "life_of_a_task.svg").read_text(encoding="utf-8")
    assert sorted(re.findall(r">([A-Z]+)</text>", drawing)) == sorted(MOVES)
    ends = re.findall(r'class="(?:end|good)"[^>]*/><text[^>]*>([A-Z]+)<', drawing)
    assert sorted(ends) == sorted(TERMINAL)
    kept = {state for state, moves in MOVES.items() if moves and TaskState.CANCELLED not in moves}
    assert re.findall(r">but ([A-Z, ]+)</text>", drawing) == [", ".join(kept)]


def test_the_table_of_faults_has_all_that_verification_finds() -> None:
    source = "".join(path.read_text() for path in (PACKAGE / "services/verifying").glob("*.py"))
    calls = re.findall(r'Fault\([^,()]*(?:\([^)]*\))?[^,()]*, "(\w+)"', source)
    named = re.findall(r'_first_of_each_band\(file, "(\w+)"', source)
    assert {*_first(rows(PRODUCT.section("### What VERIFIED means")))} == {*calls, *named}


def test_the_table_of_stretches_is_that_of_the_pictures() -> None:
    told = {cells[0].strip("`"): cells[1:] for cells in rows(PRODUCT.section("### Pictures"))}
    expected = {}
    for product in Product:
        level, spread = (SCALES[f"{product.band}_{s}"] for s in ("median", "stdDev"))
        stretch = f"{level.low:g} … {level.high:g}".replace("-", "−")
        expected[product.value] = [level.unit, stretch, f"{spread.high:g}"]
    assert told == expected
    (count,) = {SCALES[f"{product.band}_count"].stretch for product in Product}
    assert f"`count` goes from {count}" in " ".join(PRODUCT.section("### Pictures").split())


def test_the_table_of_rooms_has_every_part_of_the_product() -> None:
    product, _, _ = PRODUCT.section("## The rooms").partition("| room of ")
    told = _first(rows(product))
    assert sorted(told) == sorted(_parts(PACKAGE))


@pytest.mark.parametrize("house", ["services", "adapters"])
def test_the_tables_of_rooms_have_every_room_of_a_house(house: str) -> None:
    _, _, table = PRODUCT.section("## The rooms").partition(f"| room of `{house}/` |")
    told = _first(rows(table.partition("\n\n")[0]))
    rooms = {part for part in _parts(PACKAGE / house) if part.endswith("/")}
    assert sorted(told) == sorted(rooms)


def test_the_tables_of_regions_have_all_fields_and_states() -> None:
    section = PRODUCT.section("## Regions")
    fields_of, _, rest = section.partition("| `period` | of a firing")
    assert sorted(_first(rows(fields_of))) == sorted(Region.model_fields)
    moves = rows(rest[rest.index("| state of a region") :])
    told = {codes(cells[0])[0]: set(codes(cells[2])) for cells in moves}
    assert told == {str(state): set(map(str, to)) for state, to in REGION_MOVES.items()}


def test_the_message_that_is_shown_is_one() -> None:
    shown = re.findall(r"```json\n(.*?)```", README.text, re.DOTALL)
    for text in shown:
        assert read_message(text.encode(), NO_LIMITS).request.preset == "default"
    assert len(shown) == 1
