"""The report on a terminal."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from debulk.render import _view as view
from debulk.values import Report, Requirement, Warning

_DECISION = {"suggest": "bold green", "review": "bold yellow", "out_of_scope": "bold blue"}
_SEVERITY = {"error": "bold red", "caution": "bold yellow", "note": "bold cyan"}
_QUOTES = 2  # quotes shown under one statement
_NARROWEST = 40


def text(
    report: Report,
    note: str,
    *,
    width: int = 88,
    color: bool = False,
    warnings_first: bool = False,
) -> str:
    """The report for a terminal, `width` columns wide, with ANSI colours if `color`."""
    view.verify(report, note)
    out = io.StringIO()
    console = Console(
        file=out,
        width=max(width, _NARROWEST),
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
    )
    console.print(_head(report))
    sections = _sections(report, note)
    if warnings_first:
        sections.sort(key=lambda section: section[0] != "warnings")
    for title, items in sections:
        if items:
            console.print(Text(f"\n{title.upper()}", "bold"))
            console.print(*(Padding(item, (0, 0, 0, 2)) for item in items), sep="", end="")
    console.print(_foot(report))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n")).strip("\n")


def _sections(report: Report, note: str) -> list[tuple[str, Sequence[RenderableType]]]:
    requirements = report.primary.requirements if report.primary else ()
    return [
        ("requirements", [_requirement(report, note, item) for item in requirements]),
        ("warnings", [_warning(report, note, item) for item in view.by_severity(report.warnings)]),
        ("separate work: may be reported beside the code", list(_separate(report, note))),
        ("ask the surgeon", list(_gaps(report))),
        ("conflicts in the note", list(_conflicts(report, note))),
        ("other codes considered", list(_alternatives(report))),
        ("facts", [_facts(report)] if report.facts else []),
        ("lengths in the note", list(_measures(report, note))),
    ]


def _head(report: Report) -> RenderableType:
    decision = view.words(report.decision).upper()
    line = Text(decision, _DECISION.get(report.decision, "bold"))
    if report.primary:
        line.append(f"  {view.one_line(report.primary.code)}", "bold")
        line.append(f"  {view.one_line(report.primary.label)}")
        line.append(f"; probability {view.percent(report.primary.probability)}")
    elif report.decision != "out_of_scope":
        line.append("  no code can be named")
    return Group(line, Text(view.one_line(report.reason)))


def _requirement(report: Report, note: str, item: Requirement) -> RenderableType:
    return _item(
        "met" if item.met else "NOT MET",
        Text.assemble(
            (view.words(item.name), "bold"),
            f": needed {view.value(item.needed)}, found {view.value(item.found)}",
        ),
        *_quotes(report, note, item.evidence),
        *(
            Text.assemble(f'"{before}[', (hit, "underline"), f']{after}"')
            for before, hit, after in view.places(note, item.quotes)
        ),
        style="green" if item.met else "bold red",
    )


def _warning(report: Report, note: str, item: Warning) -> RenderableType:
    return _item(
        view.words(item.severity),
        Text.assemble((view.one_line(item.code), "bold"), f"  {view.bundling(item)}"),
        Text(view.one_line(item.message)),
        *_quotes(report, note, item.evidence),
        Text(view.one_line(f"source: {item.source} (rule {item.rule})"), "dim"),
        style=_SEVERITY.get(item.severity, "bold"),
    )


def _separate(report: Report, note: str) -> Iterator[RenderableType]:
    for item in report.separate:
        yield _item(
            view.one_line(", ".join(item.codes)) or "no code",
            Text(view.words(item.concept), "bold"),
            Text(view.one_line(item.message)),
            *_quotes(report, note, item.evidence),
        )


def _gaps(report: Report) -> Iterator[RenderableType]:
    for number, gap in enumerate(report.gaps, 1):
        query = Text(view.one_line(gap.query), "bold")
        yield _item(f"{number}.", query, Text(view.one_line(gap.message)))


def _conflicts(report: Report, note: str) -> Iterator[RenderableType]:
    for item in report.conflicts:
        yield _item(
            "conflict",
            Text.assemble((view.words(item.concept), "bold"), f": {view.words(item.name)}"),
            Text(view.one_line(item.message)),
            *_quotes(report, note, item.evidence),
        )


def _alternatives(report: Report) -> Iterator[RenderableType]:
    for item in report.alternatives:
        lines = [Text(f"{view.percent(item.probability)}, {view.one_line(item.why_not)}")]
        if item.would_need:
            lines.append(Text(f"would need: {view.one_line(item.would_need)}", "dim"))
        yield _item(view.one_line(item.code), *lines)


def _measures(report: Report, note: str) -> Iterator[RenderableType]:
    for item in report.measures:
        counts = "counts" if item.counts else "does not count"
        before, hit, after = view.around(note, item.start, item.end)
        yield _item(
            f"{item.cm:g} cm",
            Text(f"{counts}: {view.one_line(item.reason)}"),
            Text(f'"{before}[{hit}]{after}"', "dim"),
        )


def _facts(report: Report) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for _ in range(2):
        table.add_column(style="dim", overflow="fold")
        table.add_column(overflow="fold")
    cells = [(view.words(name), view.value(found)) for name, found in report.facts.items()]
    half = (len(cells) + 1) // 2
    for at in range(half):
        right = cells[half + at] if half + at < len(cells) else ("", "")
        table.add_row(*(Text(cell) for cell in (*cells[at], *right)))
    return table


def _foot(report: Report) -> RenderableType:
    versions = "; ".join(f"{name} {kept}" for name, kept in view.provenance(report))
    return Group(
        Text(f"\n{view.one_line(report.id)}; date of service {view.day(report)}", "dim"),
        Text(versions, "dim"),
    )


def _quotes(report: Report, note: str, evidence: Iterable[int]) -> Iterator[RenderableType]:
    found = view.quotes(report, note, evidence)
    for quote in found[:_QUOTES]:
        yield Text.assemble(
            (f"{quote.section}: ", "dim"),
            f'"{quote.before}[',
            (quote.hit, "underline"),
            f']{quote.after}"',
        )
    if len(found) > _QUOTES:
        yield Text(f"and {len(found) - _QUOTES} more in the note", "dim")


def _item(mark: str, *lines: RenderableType, style: str = "bold") -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(width=8, style=style, overflow="fold")
    table.add_column(overflow="fold", ratio=1)
    table.add_row(Text(mark), Group(*lines))
    return table
