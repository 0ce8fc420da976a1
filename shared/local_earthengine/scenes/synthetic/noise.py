"""Deterministic randomness of places: hashes of integer coordinates, and smooth value noise.

A value depends on the place and a key alone, never on the window asked for: neighbouring
windows fit together, and a second run sees the same land.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Hashes = NDArray[np.uint64]

_MIX_A: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B: Final = np.uint64(0x94D049BB133111EB)
_STEP_X: Final = np.uint64(0x9E3779B97F4A7C15)
_STEP_Y: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_TO_UNIT: Final = 2.0**-53


def key_of(*parts: object) -> int:
    """Return a 64-bit key made of any parts (their text)."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def share_of(*parts: object) -> float:
    """Return a number in [0, 1) made of any parts (their text)."""
    return (key_of(*parts) >> 11) * _TO_UNIT


def hashes(cols: NDArray[np.int64], rows: NDArray[np.int64], key: Any) -> Hashes:
    """Return 64-bit hashes of integer places; `key` is an integer or an array of hashes."""
    mixed: Hashes = cols.astype(np.uint64) * _STEP_X ^ rows.astype(np.uint64) * _STEP_Y
    mixed ^= np.asarray(key, np.uint64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_A
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_B
    mixed ^= mixed >> np.uint64(31)
    return mixed


def unit(hashed: Hashes) -> Floats:
    """Return hashes as numbers in [0, 1)."""
    return (hashed >> np.uint64(11)).astype(np.float64) * _TO_UNIT


def value_noise(x: Floats, y: Floats, wavelength: float, key: int) -> Floats:
    """Return smooth noise in [0, 1) at places in metres, with features about `wavelength` wide."""
    col, row = np.floor(x / wavelength), np.floor(y / wavelength)
    u, v = _smooth(x / wavelength - col), _smooth(y / wavelength - row)
    c, r = col.astype(np.int64), row.astype(np.int64)
    top = unit(hashes(c, r, key)) * (1 - u) + unit(hashes(c + 1, r, key)) * u
    bottom = unit(hashes(c, r + 1, key)) * (1 - u) + unit(hashes(c + 1, r + 1, key)) * u
    return top * (1 - v) + bottom * v


def fractal_noise(x: Floats, y: Floats, wavelength: float, octaves: int, key: int) -> Floats:
    """Return value noise in [0, 1) summed over octaves, each half as wide and half as strong."""
    weights = 0.5 ** np.arange(octaves)
    layers = [value_noise(x, y, wavelength * w, key + i) * w for i, w in enumerate(weights)]
    return np.asarray(np.sum(layers, axis=0) / weights.sum())


def _smooth(share: Floats) -> Floats:
    return share * share * (3.0 - 2.0 * share)
