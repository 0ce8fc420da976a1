"""Writes the README of the local Earth Engine."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from local_earthengine.inventory.page import page

README: Final = Path(__file__).parents[1] / "README.md"


if __name__ == "__main__":
    README.write_text(page(), encoding="utf-8")
