"""Linear algebra of arrays and of array images, against numpy and by the defining equations."""

from __future__ import annotations

from typing import Any

import ee
import numpy as np
import pytest
from numpy.typing import NDArray

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import World, native

Matrix = NDArray[Any]
RNG = np.random.default_rng(5)
SQUARE = RNG.normal(size=(3, 3))
TALL = RNG.normal(size=(5, 3))
RIGHT = RNG.normal(size=(5, 2))
SINGULAR = [[1, 2], [2, 4]]


def value(of: Any) -> Any:
    return World().compute(of)


def matrix(of: Any) -> Matrix:
    return np.array(value(of), float)


def array(numbers: Matrix) -> Any:
    return ee.Array(numbers.tolist())


def close(found: Matrix, expected: Matrix) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def by_hand(one: Matrix, other: Matrix) -> Matrix:
    out = np.zeros((one.shape[0], other.shape[1]))
    for i, j, k in np.ndindex(*out.shape, one.shape[1]):
        out[i, j] += one[i, k] * other[k, j]
    return out


def test_products_and_inverses_are_numpys() -> None:
    close(matrix(array(TALL).matrixMultiply(array(SQUARE))), by_hand(TALL, SQUARE))
    close(by_hand(matrix(array(SQUARE).matrixInverse()), SQUARE), np.eye(3))
    pseudo = matrix(array(TALL).matrixPseudoInverse())
    close(by_hand(by_hand(TALL, pseudo), TALL), TALL)
    close(by_hand(by_hand(pseudo, TALL), pseudo), pseudo)
    close(matrix(array(TALL).matrixTranspose()), TALL.T)
    assert value(ee.Array([[100, 100]]).matrixMultiply([[100], [100]])) == [[20000]]


def test_solutions_are_exact_or_of_least_squares() -> None:
    exact = matrix(array(SQUARE).matrixSolve(array(RIGHT[:3])))
    close(by_hand(SQUARE, exact), RIGHT[:3])
    least = matrix(array(TALL).matrixSolve(array(RIGHT)))
    close(by_hand(TALL.T, by_hand(TALL, least) - RIGHT), np.zeros((3, 2)))


def test_determinant_trace_and_norm_are_numpys() -> None:
    (a, b, c), (d, e, f), (g, h, i) = SQUARE
    determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    assert value(array(SQUARE).matrixDeterminant()) == pytest.approx(determinant)
    assert value(array(SQUARE).matrixTrace()) == pytest.approx(a + e + i)
    assert value(array(TALL).matrixFnorm()) == pytest.approx(sum(x * x for x in TALL.flat) ** 0.5)


def test_diagonals_become_vectors_and_back() -> None:
    assert value(ee.Array([[1, 2], [3, 4]]).matrixDiagonal()) == [[1], [4]]
    assert value(ee.Array([[1], [4]]).matrixToDiag()) == [[1, 0], [0, 4]]


@pytest.mark.parametrize(
    "given", [SQUARE @ SQUARE.T, np.array([[2.0, 1, 0], [0, 3, 1], [0, 0, 5]])]
)
def test_eigenvectors_keep_their_direction(given: Matrix) -> None:
    rows = matrix(array(given).eigen())
    assert rows.shape == (3, 4)
    assert list(rows[:, 0]) == sorted(rows[:, 0], reverse=True)
    for number, *vector in rows:
        close(given @ np.array(vector), number * np.array(vector))
        assert np.linalg.norm(vector) == pytest.approx(1)


R = 1 / np.sqrt(2)
# As the official sample prints them, but for vectors that a defective matrix does not have.
PRINTED_EIGEN: list[tuple[list[list[float]], list[list[float]]]] = [
    ([[1, 0], [0, 0]], [[1, 1, 0], [0, 0, 1]]),
    ([[0, 0], [0, 1]], [[1, 0, 1], [0, 1, 0]]),
    ([[1, 1], [0, 0]], [[1, 1, 0], [0, -R, R]]),
    ([[0, 0], [1, 1]], [[1, 0, -1], [0, -R, R]]),
    ([[1, 0], [1, 0]], [[1, R, R], [0, 0, 1]]),
    ([[0, 1], [1, 0]], [[1, R, R], [-1, R, -R]]),
    ([[0, 1], [0, 1]], [[1, R, R], [0, 1, 0]]),
    ([[1, 1], [1, 1]], [[2, R, R], [0, R, -R]]),
    ([[2, 0, 0], [0, 3, 0], [0, 0, 4]], [[4, 0, 0, 1], [3, 0, 1, 0], [2, 1, 0, 0]]),
]


@pytest.mark.parametrize(("given", "printed"), PRINTED_EIGEN)
def test_eigenvectors_are_the_samples_but_for_their_sign(
    given: list[list[float]], printed: list[list[float]]
) -> None:
    for found, expected in zip(matrix(ee.Array(given).eigen()), np.array(printed), strict=True):
        assert found[0] == pytest.approx(expected[0], abs=1e-12)
        assert abs(found[1:] @ expected[1:]) == pytest.approx(1)


@pytest.mark.parametrize("given", [np.zeros((2, 2)), np.eye(3), np.diag([1.0, 0, 0])])
def test_vectors_of_one_eigenvalue_are_a_base(given: Matrix) -> None:
    rows = matrix(array(given).eigen())
    assert list(rows[:, 0]) == sorted(np.diag(given), reverse=True)
    assert abs(np.linalg.det(rows[:, 1:])) == pytest.approx(1)


def parts(of: Any) -> dict[str, Matrix]:
    return {name: np.array(numbers, float) for name, numbers in value(of).items()}


def test_decompositions_multiply_to_the_matrix() -> None:
    positive = SQUARE @ SQUARE.T
    lower = parts(array(positive).matrixCholeskyDecomposition())["L"]
    close(lower @ lower.T, positive)
    close(lower, np.tril(lower))
    cyclic = np.array([[0.0, 1, 2], [0, 0, 3], [4, 5, 6]])  # rows 3, 1, 2 become 1, 2, 3
    lu = parts(array(cyclic).matrixLUDecomposition())
    close(lu["P"] @ cyclic, lu["L"] @ lu["U"])
    close(lu["L"], np.tril(lu["L"]))
    close(np.diag(lu["L"]), np.ones(3))
    close(lu["U"], np.triu(lu["U"]))
    qr = parts(array(TALL).matrixQRDecomposition())
    close(qr["Q"] @ qr["R"], TALL)
    close(qr["Q"].T @ qr["Q"], np.eye(5))
    close(qr["R"], np.triu(qr["R"]))
    svd = parts(array(TALL).matrixSingularValueDecomposition())
    close(svd["U"] @ svd["S"] @ svd["V"].T, TALL)
    close(svd["U"].T @ svd["U"], np.eye(5))
    assert svd["S"].shape == TALL.shape


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: ee.Array(SINGULAR).matrixInverse(), r"Array.matrixInverse: .*singular"),
        (lambda: ee.Array(SINGULAR).matrixSolve([[1], [1]]), r"Array.matrixSolve: .*singular"),
        (lambda: ee.Array([[1, 2]]).matrixSolve([[1]]), r"Array.matrixSolve: .*cannot be solved"),
        (lambda: ee.Array([[1, 2]]).matrixInverse(), r"Array.matrixInverse: Expected square"),
        (lambda: ee.Array([1]).matrixInverse(), r"Array.matrixInverse: Expected matrices"),
        (lambda: ee.Array([[1]]).matrixMultiply([[1], [2]]), r"Array.matrixMultiply: .*cannot be"),
        (lambda: ee.Array([[0, 1], [-1, 0]]).eigen(), r"Array.eigen: .*complex"),
        (lambda: ee.Array([[1, 2], [2, 1]]).matrixCholeskyDecomposition(), r"positive definite"),
    ],
)  # fmt: skip
def test_what_has_no_result_is_refused_by_name(make: Any, words: str) -> None:
    with pytest.raises(EarthEngineError, match=words):
        value(make())


def of_pixels(shape: tuple[int, int], seed: int) -> tuple[World, Any, NDArray[np.float64]]:
    """A world, an image of matrices (rows, columns) over 4 x 3 pixels, and these matrices."""
    rows, columns = shape
    stack = np.random.default_rng(seed).normal(size=(rows * columns, 4, 3))
    made = World()
    everywhere = np.ones((4, 3), bool)
    asset = made.add({f"b{i:02d}": (layer, everywhere) for i, layer in enumerate(stack)})
    image = ee.Image(asset).toArray().arrayReshape(ee.Image([rows, columns]).toArray(), 2)
    return made, image, np.moveaxis(stack, 0, -1).reshape(4, 3, rows, columns)


def flattened(image: Any, rows: int, columns: int) -> Any:
    return image.arrayFlatten([[str(i) for i in range(rows)], [str(i) for i in range(columns)]])


def matrices_of(made: World, image: Any, rows: int, columns: int) -> NDArray[np.float64]:
    found = made.pixels(flattened(image, rows, columns), native(3, 4))
    assert all(valid.all() for _, valid in found.values())
    stack = np.stack([values for values, _ in found.values()], axis=-1)
    return stack.reshape(4, 3, rows, columns)


def test_every_pixel_has_its_own_product() -> None:
    made, image, given = of_pixels((3, 3), 1)
    for name, expected in (
        ("matrixInverse", np.linalg.inv),
        ("matrixTranspose", lambda m: m.T),
        ("matrixPseudoInverse", np.linalg.pinv),
    ):
        found = matrices_of(made, getattr(image, name)(), 3, 3)
        for place in np.ndindex(4, 3):
            close(found[place], expected(given[place]))
    product = matrices_of(made, image.matrixMultiply(image.matrixTranspose()), 3, 3)
    for place in np.ndindex(4, 3):
        close(product[place], by_hand(given[place], given[place].T))
    scalars = ee.Image.cat(image.matrixTrace(), image.matrixDeterminant(), image.matrixFnorm())
    numbers = made.pixels(scalars.rename(["t", "d", "f"]), native(3, 4))
    for place in np.ndindex(4, 3):
        assert numbers["t"][0][place] == pytest.approx(np.trace(given[place]))
        assert numbers["d"][0][place] == pytest.approx(np.linalg.det(given[place]))
        assert numbers["f"][0][place] == pytest.approx(np.linalg.norm(given[place]))


def test_every_pixel_has_its_own_least_squares() -> None:
    made, image, given = of_pixels((6, 3), 2)
    line, right = image.arraySlice(1, 0, 2), image.arraySlice(1, 2, 3)
    found = matrices_of(made, line.matrixSolve(right), 2, 1)
    for place in np.ndindex(4, 3):
        one, other = given[place][:, :2], given[place][:, 2:]
        close(found[place], np.linalg.lstsq(one, other, rcond=None)[0])


def test_every_pixel_has_its_own_decomposition() -> None:
    made, image, given = of_pixels((3, 3), 3)
    found = image.matrixQRDecomposition()
    assert made.compute(found.bandNames()) == ["Q", "R"]
    whole = matrices_of(made, found.select("Q").matrixMultiply(found.select("R")), 3, 3)
    close(whole, given)


def test_a_singular_pixel_is_masked() -> None:
    made = World()
    numbers = np.array([[1.0, 2.0, 0.0]])
    image = ee.Image(made.add({"v": (numbers, np.ones((1, 3), bool))}))
    ones = ee.Image.cat(image, ee.Image(2), ee.Image(2), image)
    whole = ones.toArray().arrayReshape(ee.Image([2, 2]).toArray(), 2)
    values, valid = made.pixels(whole.matrixInverse().arrayGet([0, 0]), native(3, 1))["array"]
    assert valid.tolist() == [[True, False, True]]
    assert values[0, 0] == pytest.approx(1 / (1 - 4))
    assert values[0, 2] == 0


def test_the_identity_is_everywhere() -> None:
    found = World().pixels(flattened(ee.Image.matrixIdentity(2), 2, 2), native(1, 1))
    assert [int(values[0, 0]) for values, _ in found.values()] == [1, 0, 0, 1]
