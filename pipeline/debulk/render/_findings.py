"""The findings of a report as HTML sections, the ones a coder acts on first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from debulk.render import _view as view
from debulk.render.markup import Html, tag
from debulk.values import Conflict, Gap, Report, Requirement, Separate, Warning

_QUOTES = 3  # quotes shown under one statement; the rest are links


def findings(report: Report, note: str) -> Iterator[Html]:
    """The sections of the report, those without content left out."""
    needed = report.primary.requirements if report.primary else ()
    code = report.primary.code if report.primary else ""
    yield _list(f"What {code} requires", [_requirement(report, note, item) for item in needed])
    ordered = view.by_severity(report.warnings)
    yield _list("Warnings", [_warning(report, note, item) for item in ordered])
    yield _list(
        "Separate work: may be reported beside the code",
        [_separate(report, note, item) for item in report.separate],
    )
    yield _list("Ask the surgeon", [_gap(item) for item in report.gaps], kind="ol")
    yield _list("Conflicts in the note", [_conflict(report, note, c) for c in report.conflicts])
    yield _table(
        "Other codes considered",
        ("code", "probability", "why not", "would need"),
        [
            (item.code, view.percent(item.probability), item.why_not, item.would_need)
            for item in report.alternatives
        ],
    )
    pairs = [
        tag("div", tag("dt", view.words(name)), tag("dd", view.value(found)))
        for name, found in report.facts.items()
    ]
    if pairs:
        yield tag("section", tag("h3", "Facts"), tag("dl", *pairs, class_="facts"))
    yield _table(
        "Lengths in the note",
        ("length", "counts", "why", "where"),
        [
            (
                f"{m.cm:g} cm",
                view.value(m.counts),
                m.reason,
                "".join(view.around(note, m.start, m.end)),
            )
            for m in report.measures
        ],
    )
    yield _mentions(report)
    names = list(dict.fromkeys(name for item in report.explanation for name in item))
    yield _table(
        "What moved the probability",
        [view.words(name) for name in names],
        [
            [view.value(item[name]) if name in item else "" for name in names]
            for item in report.explanation
        ],
        folded=True,
    )


def _requirement(report: Report, note: str, item: Requirement) -> Html:
    return tag(
        "li",
        tag(
            "p",
            tag("span", "met" if item.met else "not met", class_="badge"),
            " ",
            tag("b", view.words(item.name)),
            f": needed {view.value(item.needed)}, found {view.value(item.found)}",
        ),
        _quotes(report, note, item.evidence),
        _places(note, item.quotes),
        class_="met" if item.met else "unmet",
    )


def _warning(report: Report, note: str, item: Warning) -> Html:
    return tag(
        "li",
        tag(
            "p",
            tag("span", view.words(item.severity), class_="badge"),
            " ",
            tag("b", item.code, class_="code"),
            f" {view.bundling(item)}",
        ),
        tag("p", view.one_line(item.message)),
        _quotes(report, note, item.evidence),
        _small(f"Source: {item.source} (rule {item.rule})"),
        class_=item.severity,
    )


def _separate(report: Report, note: str, item: Separate) -> Html:
    codes = ", ".join(item.codes) or "no code"
    return tag(
        "li",
        tag("p", tag("b", codes, class_="code"), f" {view.words(item.concept)}"),
        tag("p", view.one_line(item.message)),
        _quotes(report, note, item.evidence),
    )


def _gap(item: Gap) -> Html:
    return tag("li", tag("p", tag("b", view.one_line(item.query))), _small(item.message))


def _conflict(report: Report, note: str, item: Conflict) -> Html:
    return tag(
        "li",
        tag("p", tag("b", view.words(item.concept)), f": {view.words(item.name)}"),
        tag("p", view.one_line(item.message)),
        _quotes(report, note, item.evidence),
    )


def _places(note: str, offsets: Iterable[tuple[int, int]]) -> Html:
    lines = [
        tag("li", "\u201c", before, tag("em", hit), after, "\u201d")
        for before, hit, after in view.places(note, offsets)
    ]
    return tag("ul", *lines, class_="quotes") if lines else Html("")


def _quotes(report: Report, note: str, evidence: Iterable[int]) -> Html:
    found = view.quotes(report, note, evidence)
    lines = [
        tag(
            "li",
            tag("a", f"{quote.section} {quote.mention + 1}", href=f"#m{quote.mention + 1}"),
            " \u201c",
            quote.before,
            tag("em", quote.hit),
            quote.after,
            "\u201d",
        )
        for quote in found[:_QUOTES]
    ]
    if rest := found[_QUOTES:]:
        links = [tag("a", str(q.mention + 1), href=f"#m{q.mention + 1}") for q in rest]
        lines.append(tag("li", "also ", *(piece for link in links for piece in (link, " "))))
    return tag("ul", *lines, class_="quotes") if lines else Html("")


def _mentions(report: Report) -> Html:
    rows = [
        (
            tag("a", str(number), href=f"#m{number}"),
            ", ".join([view.words(m.concept), *map(view.words, m.attributes.values())]),
            view.words(m.status),
            view.words(m.section),
            view.one_line(m.cue),
        )
        for number, m in enumerate(report.mentions, 1)
    ]
    headings = ("no.", "procedure", "status", "section", "decided by")
    return _table(f"All {len(rows)} mentions", headings, rows, folded=True)


def _list(title: str, items: Sequence[Html], *, kind: str = "ul") -> Html:
    if not items:
        return Html("")
    return tag("section", tag("h3", title), tag(kind, *items, class_="items"))


def _table(
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    folded: bool = False,
) -> Html:
    if not rows:
        return Html("")
    head = tag("tr", *(tag("th", name, scope="col") for name in headings))
    body = [tag("tr", *(tag("td", cell) for cell in row)) for row in rows]
    table = tag("table", tag("thead", head), tag("tbody", *body))
    if folded:
        return tag("details", tag("summary", title), table)
    return tag("section", tag("h3", title), table)


def _small(text: str) -> Html:
    return tag("p", view.one_line(text), class_="small")
