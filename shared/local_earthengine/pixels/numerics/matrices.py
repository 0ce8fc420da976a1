"""Linear algebra of batches of matrices, (n, rows, columns).

Functions that may fail for a matrix also tell for which of them they gave a result, (n,).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from local_earthengine.errors import EarthEngineError
from local_earthengine.pixels.numerics.arrays import shape_of

Batch = NDArray[Any]
Mask = NDArray[np.bool_]
Partial = tuple[Batch, Mask]


def _double(batch: Batch) -> NDArray[np.float64]:
    if batch.ndim != 3:
        raise EarthEngineError(f"Expected matrices, not arrays of shape {shape_of(batch)}.")
    return batch.astype(np.float64)


def _square(batch: Batch) -> NDArray[np.float64]:
    matrices = _double(batch)
    if matrices.shape[1] != matrices.shape[2]:
        raise EarthEngineError(f"Expected square matrices, not of shape {shape_of(batch)}.")
    return matrices


def _each(function: Callable[..., Batch], *batches: Batch) -> Partial:
    """Apply a function of numpy to all at once; to one by one if it refuses any of them."""
    try:
        found = function(*batches)
    except np.linalg.LinAlgError:
        found = np.stack([_one(function, parts) for parts in zip(*batches, strict=True)])
    good = np.isfinite(found).all(axis=(1, 2))
    return found, np.asarray(good)


def _one(function: Callable[..., Batch], parts: tuple[Batch, ...]) -> Batch:
    try:
        found: Batch = function(*(part[None] for part in parts))[0]
    except np.linalg.LinAlgError:
        found = np.full((parts[0].shape[1], parts[-1].shape[1]), np.nan)
    return found


def product(one: Batch, other: Batch) -> Batch:
    """Return the matrix product."""
    left, right = _double(one), _double(other)
    if left.shape[2] != right.shape[1]:
        raise EarthEngineError(
            f"Matrices of shape {shape_of(one)} and {shape_of(other)} cannot be multiplied."
        )
    return left @ right


def solution(one: Batch, other: Batch) -> Partial:
    """Return X of A X = B; that of least squares where A has more rows than columns."""
    left, right = _double(one), _double(other)
    rows, columns = left.shape[1:]
    if rows != right.shape[1] or rows < columns:
        raise EarthEngineError(
            f"Matrices of shape {shape_of(one)} and {shape_of(other)} cannot be solved."
        )
    if rows > columns:
        orthogonal, upper = np.linalg.qr(left)
        left, right = upper, np.swapaxes(orthogonal, 1, 2) @ right
    return _each(np.linalg.solve, left, right)


def inverse(batch: Batch) -> Partial:
    """Return the inverse of square matrices; none of singular ones."""
    return _each(np.linalg.inv, _square(batch))


def pseudo_inverse(batch: Batch) -> Batch:
    """Return Moore and Penrose's inverse."""
    return np.linalg.pinv(_double(batch))


def determinant(batch: Batch) -> Batch:
    """Return that of square matrices, (n,)."""
    found: Batch = np.linalg.det(_square(batch))
    return found


def trace(batch: Batch) -> Batch:
    """Return the sum of the diagonal, (n,)."""
    found: Batch = np.trace(_square(batch), axis1=1, axis2=2)
    return found


def norm(batch: Batch) -> Batch:
    """Return Frobenius's norm, (n,)."""
    found: Batch = np.sqrt((_double(batch) ** 2).sum(axis=(1, 2)))
    return found


def diagonal(batch: Batch) -> Batch:
    """Return the diagonal as a single column."""
    _double(batch)
    return np.diagonal(batch, axis1=1, axis2=2)[:, :, None]


def from_diagonal(batch: Batch) -> Batch:
    """Return the square matrix with a single column as its diagonal."""
    _double(batch)
    if batch.shape[2] != 1:
        raise EarthEngineError(f"Expected a single column, not shape {shape_of(batch)}.")
    found: Batch = batch * np.eye(batch.shape[1], dtype=batch.dtype)
    return found


def eigen(batch: Batch) -> Batch:
    """Return rows of an eigenvalue and its vector, greatest first; no complex ones."""
    matrices = _square(batch)
    if np.array_equal(matrices, np.swapaxes(matrices, 1, 2)):
        values, vectors = np.linalg.eigh(matrices)
    else:
        values, vectors = np.linalg.eig(matrices)
    if np.iscomplexobj(values) and np.abs(values.imag).max(initial=0) > 0:
        raise EarthEngineError("The matrix has complex eigenvalues.")
    rows = np.concatenate([values.real[:, :, None], np.swapaxes(vectors.real, 1, 2)], axis=2)
    order = np.argsort(-values.real, axis=1, kind="stable")
    return np.take_along_axis(rows, order[:, :, None], axis=1)


def cholesky(batch: Batch) -> dict[str, Partial]:
    """Return the lower triangle L with L L' = A; none for a matrix that isn't positive definite."""
    matrices = _square(batch)
    lower, good = _each(np.linalg.cholesky, matrices)
    mirrored = np.isclose(matrices, np.swapaxes(matrices, 1, 2)).all(axis=(1, 2))
    return {"L": (lower, good & mirrored)}


def triangles(batch: Batch) -> dict[str, Partial]:
    """Return L, U and the permutation P with P A = L U, by partial pivoting."""
    found = [scipy.linalg.lu(matrix) for matrix in _square(batch)]
    turned = (np.stack(parts) for parts in zip(*found, strict=True))
    permutation, lower, upper = turned
    parts = {"L": lower, "U": upper, "P": np.swapaxes(permutation, 1, 2)}
    return {name: (part, np.ones(len(part), np.bool_)) for name, part in parts.items()}


def orthogonal(batch: Batch) -> dict[str, Partial]:
    """Return Q, orthogonal, and R, upper triangular, with A = Q R."""
    found = np.linalg.qr(_double(batch), mode="complete")
    parts = dict(zip("QR", found, strict=True))
    return {name: (part, np.ones(len(part), np.bool_)) for name, part in parts.items()}


def singular(batch: Batch) -> dict[str, Partial]:
    """Return U, S and V with A = U S V', S diagonal and of the shape of A."""
    matrices = _double(batch)
    left, values, right = np.linalg.svd(matrices)
    middle = np.zeros(matrices.shape)
    places = np.arange(values.shape[1])
    middle[:, places, places] = values
    parts = {"U": left, "S": middle, "V": np.swapaxes(right, 1, 2)}
    return {name: (part, np.ones(len(part), np.bool_)) for name, part in parts.items()}
