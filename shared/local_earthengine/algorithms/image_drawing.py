"""Geometries drawn into images, bands renamed by a rule, images moved, and texture."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.algorithms.image_math import each_band
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.pixeltype import DOUBLE
from local_earthengine.pixels.kernel import Kernel
from local_earthengine.pixels.neighborhood import Neighborhood
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.numerics import windows
from local_earthengine.pixels.painted import Painted, Stroke
from local_earthengine.values.collection import Collection
from local_earthengine.values.element import Element
from local_earthengine.values.image import Image, constant_band


def _setting(element: Element, given: Any, what: str) -> float:
    """A number for all features, or a property of each."""
    value = element.get(given) if isinstance(given, str) else given
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise EarthEngineError(f"The {what} must be a number or the name of a numeric property.")
    return float(value)


@algorithm("Image.paint")
def paint(image: Image, features: Collection, colour: Any, width: Any) -> Image:
    """Every band with the features' areas, or their outlines, in a colour; the last on top."""
    strokes = [
        Stroke(
            feature.geometry,
            _setting(feature, colour, "color"),
            None if width is None else _setting(feature, width, "width"),
        )
        for feature in features
        if feature.geometry is not None
    ]

    def make(node: Node) -> Node:
        kind = node.kind
        for stroke in strokes:
            kind = kind.union(constant_band("", stroke.colour).node.kind)
        return Painted(node, kind, strokes)

    return each_band(image, make)


@algorithm("Image.regexpRename")
def regexp_rename(image: Image, pattern: str, replacement: str, everywhere: bool) -> Image:
    """Each match in a band's name replaced, or the first alone; `$1` stands for a group."""
    form = re.sub(r"\$(\d+)", r"\\g<\1>", replacement.replace("\\", "\\\\"))
    try:
        rule = re.compile(pattern)
        names = [rule.sub(form, name, 0 if everywhere else 1) for name in image.band_names]
    except (re.error, IndexError):
        raise EarthEngineError(f"Invalid regular expression or replacement: '{pattern}'.") from None
    if len(set(names)) != len(names):
        raise EarthEngineError(f"The new names are not different: {names}.")
    pairs = zip(image.bands, names, strict=True)
    return image.with_bands([replace(band, name=name) for band, name in pairs])


@algorithm("Image.entropy")
def entropy(image: Image, kernel: Kernel) -> Image:
    """Of the values of the neighbours under the kernel, in bits; masked where the pixel is."""
    return each_band(image, partial(_spread, kernel))


def _spread(kernel: Kernel, node: Node) -> Node:
    return Neighborhood(node, kernel, _entropy, DOUBLE, skip_masked=True)


def _entropy(
    values: NDArray[Any], valid: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    parts = [_bits(*part) for part in windows.neighbors(values, valid, weights != 0)]
    return np.concatenate([part[0] for part in parts]), np.concatenate([p[1] for p in parts])


def _bits(stack: NDArray[Any], valid: NDArray[np.bool_]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """-sum(p log2 p) along the last axis, p by how often each value occurs."""
    number = valid.sum(axis=-1)
    order = np.argsort(stack, axis=-1, kind="stable")
    values = np.take_along_axis(stack, order, axis=-1)
    known = np.take_along_axis(valid, order, axis=-1)
    total, run = np.zeros(number.shape), np.zeros(number.shape)
    before, begun = values[..., 0], np.zeros(number.shape, np.bool_)
    for i in range(stack.shape[-1]):
        same = known[..., i] & begun & (values[..., i] == before)
        ends = known[..., i] & ~same
        total += np.where(ends, _term(run, number), 0)
        run = np.where(same, run + 1, np.where(ends, 1, run))
        before, begun = np.where(known[..., i], values[..., i], before), begun | known[..., i]
    return total + _term(run, number), number > 0


def _term(run: NDArray[Any], number: NDArray[Any]) -> NDArray[Any]:
    share = run / np.maximum(number, 1)
    return np.asarray(-share * np.log2(np.where(share > 0, share, 1)))
