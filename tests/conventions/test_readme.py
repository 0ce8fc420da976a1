"""What README.md says of settings, commands and files is so."""

import argparse
import re
from dataclasses import MISSING, fields

import pytest

from s1ratio.cli.main import _parser
from s1ratio.settings import PREFIX, Settings
from tests.conventions.source import ROOT

_TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| (`S1RATIO_[^|]*) \| ([^|]*) \|", re.MULTILINE)
_LINK = re.compile(r"\]\(((?!http)[^)#]+)\)")


def _documented() -> dict[str, str]:
    """Return the default of each variable as the table has it; a row may hold several."""
    found: dict[str, str] = {}
    for names, defaults in _ROW.findall(_TEXT):
        each = re.findall(r"`(\w+)`", names)
        told = [text.strip(" `").replace(",", "") for text in defaults.split(";")]
        found.update(zip(each, told if len(told) > 1 else told * len(each), strict=True))
    return found


def _default(setting: object) -> str:
    """Return a default as the table would have it."""
    if setting is MISSING:
        return "required"
    if setting is None:
        return "the real one"
    return setting if isinstance(setting, str) else f"{float(setting):g}"  # type: ignore[arg-type]


def test_the_table_of_settings_has_them_all_with_their_defaults() -> None:
    told = _documented()
    numbers = {name: f"{float(text):g}" for name, text in told.items() if text[0].isdigit()}
    expected = {PREFIX + item.name.upper(): _default(item.default) for item in fields(Settings)}
    assert {**told, **numbers} == expected


def test_the_list_of_commands_has_them_all() -> None:
    section = _TEXT[_TEXT.index("## The command") : _TEXT.index("## Earth Engine code tested")]
    shown = re.findall(r"^s1ratio ([a-z]+)", section, re.MULTILINE)
    (commands,) = (
        action for action in _parser()._actions if isinstance(action, argparse._SubParsersAction)
    )
    assert sorted(shown) == sorted(commands.choices)


@pytest.mark.parametrize("path", sorted(set(_LINK.findall(_TEXT))))
def test_links_lead_somewhere(path: str) -> None:
    assert (ROOT / path).exists()
