"""The pictures of the model card: reliability, and risk against coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from debulk.calibration import Said, reliability
from debulk.comparison import Guess, curve

RELIABILITY = "reliability.png"
RISK_COVERAGE = "risk_coverage.png"


def _figure() -> Any:
    from matplotlib.figure import Figure

    return Figure(figsize=(6.4, 4.4), dpi=110, layout="constrained")


def _save(figure: Any, file: Path) -> None:
    # Without the version in it, the same plot has the same bytes.
    figure.savefig(file, format="png", metadata={"Software": None})


def draw_reliability(said: Mapping[str, Sequence[Said]], file: Path) -> None:
    """Told against observed, one line a series; the number of notes beside each point."""
    figure = _figure()
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.6", linestyle="--", label="told as it is")
    for name, pairs in said.items():
        bins = reliability(pairs)
        told, right = [b["told"] for b in bins], [b["right"] for b in bins]
        (line,) = axes.plot(told, right, marker="o", label=f"{name}, {len(pairs)} notes")
        for x, y, one in zip(told, right, bins, strict=True):
            axes.annotate(
                str(one["notes"]), (x, y), textcoords="offset points", xytext=(5, -11),
                fontsize=8, color=line.get_color(),
            )  # fmt: skip
    axes.set(xlabel="probability told", ylabel="share right", xlim=(0, 1.02), ylim=(0, 1.02))
    axes.legend(loc="upper left", fontsize=8)
    _save(figure, file)


def draw_risk_coverage(guesses: Mapping[str, Sequence[Guess]], file: Path) -> None:
    """The share of wrong codes at each coverage, one line a method."""
    figure = _figure()
    axes = figure.subplots()
    axes.axhline(0.01, color="0.6", linestyle="--", label="one wrong in a hundred")
    for name, of_method in guesses.items():
        points = curve(of_method)
        covered, risk = [c for c, _ in points], [r for _, r in points]
        marker = "o" if len(points) == 1 else None
        axes.plot(covered, risk, marker=marker, label=name)
    axes.set(xlabel="coverage of the notes in scope", ylabel="share of wrong codes", xlim=(0, 1.02))
    axes.set_ylim(bottom=-0.005)
    axes.legend(loc="upper left", fontsize=8)
    _save(figure, file)
