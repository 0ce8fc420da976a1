"""Linear algebra, of arrays and of array images: one table for both.

A matrix without a result (a singular one's inverse) is an error as an array, and masks its pixel
in an image.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from local_earthengine.algorithms.images.arithmetic import combined, each_band
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.pixeltype import DOUBLE, LONG, PixelType, integer
from local_earthengine.pixels.array_nodes import ArrayConstant, ArrayFunction
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.numerics import matrices
from local_earthengine.pixels.numerics.arrays import check_size
from local_earthengine.values.array import Array, array_of
from local_earthengine.values.image import Band, Image

Batch = NDArray[Any]
Kind = Callable[..., PixelType]


def _floating(*kinds: PixelType) -> PixelType:
    """Return float if all are, else double."""
    return kinds[0].floating if len({kind.floating for kind in kinds}) == 1 else DOUBLE


def _same(kind: PixelType) -> PixelType:
    return kind


def _products(one: PixelType, other: PixelType) -> PixelType:
    """Return the union; of integers the widest, as sums of products leave their range."""
    kind = one.union(other)
    return LONG if kind.precision == "int" else kind


@dataclass(frozen=True)
class _Operation:
    function: Callable[..., Any]
    kind: Kind
    dimensions: int = 2


_UNARY: Final[Mapping[str, _Operation]] = {
    "matrixInverse": _Operation(matrices.inverse, _floating),
    "matrixPseudoInverse": _Operation(matrices.pseudo_inverse, _floating),
    "matrixDeterminant": _Operation(matrices.determinant, _floating, 0),
    "matrixTrace": _Operation(matrices.trace, _floating, 0),
    "matrixFnorm": _Operation(matrices.norm, _floating, 0),
    "matrixDiagonal": _Operation(matrices.diagonal, _same),
    "matrixToDiag": _Operation(matrices.from_diagonal, _same),
}
_BINARY: Final[Mapping[str, _Operation]] = {
    "matrixMultiply": _Operation(matrices.product, _products),
    "matrixSolve": _Operation(matrices.solution, _floating),
}
_DECOMPOSITIONS: Final = {
    "matrixCholeskyDecomposition": (matrices.cholesky, ("L",)),
    "matrixLUDecomposition": (matrices.triangles, ("L", "U", "P")),
    "matrixQRDecomposition": (matrices.orthogonal, ("Q", "R")),
    "matrixSingularValueDecomposition": (matrices.singular, ("U", "S", "V")),
}


def _value(found: Any) -> Batch:
    """Return a batch of one; raise EarthEngineError if it has no result."""
    values, some = found if isinstance(found, tuple) else (found, None)
    if some is not None and not some[0]:
        raise EarthEngineError("The matrix is singular, or not positive definite.")
    whole: Batch = values[0]
    return whole


def _of_arrays(operation: _Operation, *parts: Array) -> Array | float:
    found = _value(operation.function(*(part.values[None] for part in parts)))
    if not operation.dimensions:
        return float(found)
    return array_of(found, operation.kind(*(part.kind for part in parts)))


def _of_bands(name: str, operation: _Operation) -> Callable[..., Node]:
    def node(*parts: Node) -> Node:
        """Return the node of the operation on these bands."""
        kind = operation.kind(*(part.kind for part in parts))
        full = f"Image.{name}"
        return ArrayFunction(full, operation.function, kind, operation.dimensions, parts)

    return node


def _unary(name: str, operation: _Operation) -> None:
    node = _of_bands(name, operation)
    add(f"Array.{name}", lambda array: _of_arrays(operation, array))
    add(f"Image.{name}", lambda image: each_band(image, node))


def _binary(name: str, operation: _Operation) -> None:
    node = _of_bands(name, operation)
    add(f"Array.{name}", lambda left, right: _of_arrays(operation, left, right))
    add(f"Image.{name}", lambda one, other: combined(one, other, node))


def _decomposition(
    name: str, function: Callable[[Batch], dict[str, Any]], parts: tuple[str, ...]
) -> None:
    def of_array(array: Array) -> dict[str, Array]:
        """Return the parts by their names."""
        found = function(array.values[None])
        return {part: array_of(_value(found[part]), DOUBLE) for part in parts}

    def band(part: str, source: Band) -> Band:
        """Return the band of one part."""

        def only(batch: Batch) -> Any:
            """Return that part alone."""
            return function(batch)[part]

        node = ArrayFunction(f"Image.{name}", only, DOUBLE, 2, [source.node])
        return Band(part, node, source.projection)

    def of_image(image: Image) -> Image:
        """Return a band for each part of the only band."""
        if len(image.bands) != 1:
            raise EarthEngineError(f"Expected an image of one band, not of {len(image.bands)}.")
        return image.with_bands([band(part, image.bands[0]) for part in parts])

    add(f"Array.{name}", of_array)
    add(f"Image.{name}", of_image)


for _name, _operation in _UNARY.items():
    _unary(_name, _operation)
for _name, _operation in _BINARY.items():
    _binary(_name, _operation)
for _name, (_function, _parts) in _DECOMPOSITIONS.items():
    _decomposition(_name, _function, _parts)


@algorithm("Array.eigen")
def eigen(array: Array) -> Array:
    """Return rows of an eigenvalue and its vector of length 1, greatest first.

    Unsettled: a vector's sign, the order of vectors of one eigenvalue, and what stands for the
    vectors that a defective matrix does not have: they come from Earth Engine's own library.
    """
    return array_of(matrices.eigen(array.values[None])[0], DOUBLE)


@algorithm("Image.matrixIdentity")
def identity(size: int) -> Image:
    """Return the identity matrix everywhere, in a band `constant`."""
    if size < 1:
        raise EarthEngineError(f"'size' must be positive: {size}.")
    check_size(size * size)
    node = ArrayConstant(integer(0, 1), np.eye(size))
    return Image(bands=(Band("constant", node),))
