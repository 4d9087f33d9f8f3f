"""Do the probabilities mean what they say? Calibration error, Brier score, conformal sets."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from debulk.bootstrap import interval

BINS = 10


@dataclass(frozen=True)
class Said:
    """A probability that was told, and whether what it was told of is so."""

    chance: float
    right: bool


def reliability(said: Sequence[Said], bins: int = BINS) -> list[dict[str, float]]:
    """For each bin of equal width that holds something: its mean probability and share right."""
    found = []
    for index in range(bins):
        inside = [s for s in said if min(int(s.chance * bins), bins - 1) == index]
        if inside:
            found.append(
                {
                    "notes": len(inside),
                    "told": round(sum(s.chance for s in inside) / len(inside), 4),
                    "right": round(sum(s.right for s in inside) / len(inside), 4),
                }
            )
    return found


def expected_error(said: Sequence[Said], bins: int = BINS) -> float:
    """Expected calibration error: the mean distance between told and right, weighted by notes."""
    sums = [0.0] * bins
    for one in said:
        sums[min(int(one.chance * bins), bins - 1)] += one.chance - one.right
    return sum(abs(value) for value in sums) / len(said)


def brier(said: Sequence[Said]) -> float:
    """The mean squared distance between the probability and what is so."""
    return sum((s.chance - s.right) ** 2 for s in said) / len(said)


def figures(said: Sequence[Said]) -> dict[str, Any]:
    """Calibration error and Brier score with intervals, and the bins of the reliability plot."""
    if not said:
        return {"notes": 0, "bins": []}
    return {
        "notes": len(said),
        "expected calibration error": interval(said, expected_error),
        "Brier score": interval(said, brier),
        "mean probability": round(sum(s.chance for s in said) / len(said), 4),
        "share right": round(sum(s.right for s in said) / len(said), 4),
        "bins": reliability(said),
    }


def conformal_level(held_out: Sequence[tuple[Mapping[str, float], str]], alpha: float) -> float:
    """The probability over which a case belongs to the set, by split conformal prediction.

    `held_out`: what classifiers said of notes they had not seen, with the true case. 0, so that
    every set holds every case, where there are too few notes for the promise.
    """
    true = sorted(chances.get(case, 0.0) for chances, case in held_out)
    rank = math.floor(alpha * (len(true) + 1))
    return true[rank - 1] if rank >= 1 else 0.0


def conformal_sets(
    level: float, read: Sequence[tuple[Mapping[str, float], str]]
) -> dict[str, float]:
    """The sizes of the conformal sets, and the share of them that hold the true case."""
    if not read:
        return {}
    sets = [({c for c, p in chances.items() if p >= level}, case) for chances, case in read]
    sizes = sorted(len(found) for found, _ in sets)
    return {
        "level": round(level, 6),
        "notes": len(sets),
        "mean size": round(sum(sizes) / len(sizes), 3),
        "median size": sizes[len(sizes) // 2],
        "largest size": sizes[-1],
        "sets of one": round(sum(size == 1 for size in sizes) / len(sizes), 4),
        "holds the true case": round(sum(case in found for found, case in sets) / len(sets), 4),
    }
