"""What bears properties: the base of features, images and collections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from local_earthengine.geo.geometry import Geometry

INDEX = "system:index"
ID = "system:id"


@dataclass(frozen=True, eq=False)
class Element:
    """Properties by name; an absent one reads as None."""

    properties: Mapping[str, Any] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        """Return a property's value, or None."""
        return self.properties.get(name)

    def with_properties(self, changes: Mapping[str, Any]) -> Self:
        """Return the same with some properties set; a null removes one."""
        merged = {**self.properties, **changes}
        kept = {name: value for name, value in merged.items() if value is not None}
        return replace(self, properties=kept)

    @property
    def geometry(self) -> Geometry | None:
        """Where it is; None if it has no place."""
        return None


@dataclass(frozen=True, eq=False)
class Feature(Element):
    """Properties and a geometry."""

    shape: Geometry | None = None

    @property
    def geometry(self) -> Geometry | None:
        """As given."""
        return self.shape
