"""Studies with three or more arms whose numbers were rounded before they were printed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from corpus.schema.reader import CorpusError
from metaanalysis.network import network_meta_analysis
from metaanalysis.network.studies import is_covariance


def rounded(data: pd.DataFrame, digits: int) -> pd.DataFrame:
    return data.assign(
        effect=data["effect"].round(digits), standard_error=data["standard_error"].round(digits)
    )


@pytest.mark.parametrize("digits", [2, 3, 4])
@pytest.mark.parametrize("seed", range(20))
def test_rounded_studies_are_never_refused(random_table, seed: int, digits: int):
    """Numbers of a true experiment pass however they are rounded, and the estimates move by no more than rounding."""
    data = random_table(seed, 12, 6)
    exact = network_meta_analysis(data).league
    result = network_meta_analysis(rounded(data, digits)).league
    half = 0.5 * 10.0**-digits
    smallest = data["standard_error"].min()
    moved = (exact["effect_common"] - result["effect_common"]).abs().max()
    # each effect moves by half a unit, each weight by twice the relative rounding of its standard error
    assert moved < half + 8 * half / smallest * data["effect"].abs().max()


def test_one_arm_known_almost_exactly_is_mended(table):
    """Rounding has left one arm no variance: the study goes on without it, and a note says so."""
    result = network_meta_analysis(table("1 A B 1.0 0.01\n1 B C 1.0 0.30\n1 A C 2.0 0.31\n2 C D 1.2 0.20"))
    errors = result.league.set_index(["treatment_a", "treatment_b"])["se_common"]
    # half of the last digit, which the frame has left one of for 0.30
    assert errors["A", "B"] == pytest.approx(0.01, abs=0.005)
    assert errors["B", "C"] == pytest.approx(0.30, abs=0.03)
    assert errors["A", "C"] == pytest.approx(0.31, abs=0.005)
    assert "study '1': standard errors mended within their rounding" in result.notes[0]


def test_a_miss_beyond_rounding_is_an_error(table):
    """What rounding cannot explain is refused: effects that miss by a standard error, an arm of negative variance."""
    with pytest.raises(CorpusError, match="do not add up"):
        network_meta_analysis(table("1 A B 1.00 0.2\n1 B C 1.00 0.2\n1 A C 2.20 0.2"))
    with pytest.raises(CorpusError, match="no variance for each arm"):
        network_meta_analysis(table("1 A B 1.00 0.2001\n1 B C 1.00 0.2001\n1 A C 2.00 0.3001"))


def test_effects_may_miss_by_their_rounding(table):
    """Three effects printed to one digit need not add up in the last one."""
    result = network_meta_analysis(table("1 A B 1.0 0.2\n1 B C 1.0 0.2\n1 A C 2.1 0.2\n2 A B 1.1 0.2"))
    assert result.summary["studies"] == 2


@pytest.mark.parametrize(
    ("variances", "possible"),
    [
        ([[0, 2, 2], [2, 0, 2], [2, 2, 0]], True),
        ([[0, 1, 3], [1, 0, 1], [3, 1, 0]], True),
        ([[0, 1, 4], [1, 0, 1], [4, 1, 0]], False),
        ([[0, 1, 5], [1, 0, 1], [5, 1, 0]], False),
    ],
)
def test_a_covariance_needs_standard_errors_that_make_a_triangle(
    variances: list[list[float]], possible: bool
):
    """Three contrasts have a covariance of full rank if each standard error is below the sum of the other two."""
    assert is_covariance(np.array(variances, dtype=float)) == possible


def test_small_negative_weights_count_as_zero():
    """A weight that rounding has made negative is dropped, a large one is a correlation and stays."""
    from metaanalysis.network.weights import StudyBlock

    sizes = np.array([1.0, 1.0, 1.0, 1e4])  # arm variances: the last arm weighs next to nothing
    variances = sizes[:, None] + sizes[None, :]
    variances[0, 3] = variances[3, 0] = variances[0, 3] * 1.0005
    np.fill_diagonal(variances, 0)
    block = StudyBlock(("1",), np.arange(4)[None], np.zeros((1, 4, 4)), variances[None])
    exact, used = block.exact_laplacians(0.0)[0], block.laplacians(0.0)[0]
    assert exact[0, 3] > 0
    assert used[0, 3] == 0
    np.testing.assert_allclose(used.sum(axis=1), 0, atol=1e-12)
