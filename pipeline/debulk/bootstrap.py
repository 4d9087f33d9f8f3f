"""Intervals by drawing notes again: what a score might have been on other notes of the kind."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def interval(
    items: Sequence[Item],
    measure: Callable[[Sequence[Item]], float],
    *,
    resamples: int = 1000,
    seed: int = 7,
) -> dict[str, float]:
    """A measure of the items with its 95 % bootstrap interval; the same seed, the same draws."""
    rng = random.Random(seed)
    drawn = sorted(measure(rng.choices(items, k=len(items))) for _ in range(resamples))
    return {
        "value": round(measure(items), 4),
        "low": round(drawn[int(0.025 * resamples)], 4),
        "high": round(drawn[int(0.975 * resamples) - 1], 4),
    }


def exact_interval(count: int, total: int) -> tuple[float, float]:
    """The 95 % Clopper-Pearson interval of a share: what few wrong answers can prove."""
    from scipy.stats import beta

    low = float(beta.ppf(0.025, count, total - count + 1)) if count else 0.0
    high = float(beta.ppf(0.975, count + 1, total - count)) if count < total else 1.0
    return round(low, 4), round(high, 4)
