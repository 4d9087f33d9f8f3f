"""The report as HTML, with the marked note beside it: no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

from debulk.render import _view as view
from debulk.render._findings import findings
from debulk.render._note import marked
from debulk.render.markup import Html, tag, void
from debulk.values import STATUSES, Report


def html(report: Report, note: str) -> str:
    """The report and its note as one page that needs nothing else."""
    title = f"debulk: {view.one_line(report.id)}"
    head = tag(
        "head",
        void("meta", charset="utf-8"),
        void("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("style", Html(style())),
    )
    body = tag("body", tag("main", tag("h1", title), Html(fragment(report, note))))
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}"


def fragment(report: Report, note: str) -> str:
    """The report and its note as one `article`, for a page that has `style()`."""
    view.verify(report, note)
    # Each pane scrolls by itself, so that a link into the note leaves the findings where they are;
    # each can have the focus, so that the keyboard scrolls it.
    panes = tag(
        "div",
        tag(
            "div",
            *findings(report, note),
            class_="findings",
            tabindex="0",
            role="region",
            aria_label="Findings",
        ),
        _note(report, note),
        class_="panes",
    )
    return tag("article", _head(report), panes, _foot(report), class_="report", id="report")


@cache
def style() -> str:
    """The one style sheet of the report and the coder's page."""
    return (resources.files("debulk") / "render" / "style.css").read_text(encoding="utf-8")


def _head(report: Report) -> Html:
    primary = report.primary
    parts: list[str] = [
        tag("span", view.words(report.decision), class_=f"decision {report.decision}")
    ]
    if primary:
        parts += [
            tag("span", primary.code, class_="code"),
            tag("span", view.one_line(primary.label), class_="label"),
            tag("span", "probability ", tag("b", view.percent(primary.probability)), class_="odds"),
        ]
    elif report.decision != "out_of_scope":
        parts.append(tag("span", "No code can be named", class_="label"))
    return tag(
        "header",
        tag("h2", *_spaced(parts)),
        tag("p", view.one_line(report.reason)),
        class_=report.decision,
    )


def _note(report: Report, note: str) -> Html:
    counts = dict.fromkeys(STATUSES, 0)
    for mention in report.mentions:
        counts[mention.status] = counts.get(mention.status, 0) + 1
    legend = [
        tag("li", tag("mark", view.words(status), class_=f"mention {status}"), f" {count}")
        for status, count in counts.items()
        if count
    ]
    if any(m.cue_start is not None for m in report.mentions):
        legend.append(tag("li", tag("mark", "words that decided a status", class_="cue")))
    return tag(
        "section",
        tag("h3", "The note"),
        tag("ul", *legend, class_="legend") if legend else "",
        tag(
            "div",
            marked(report, note),
            class_="full-note",
            tabindex="0",
            role="region",
            aria_label="The note with its mentions marked",
        ),
        class_="source",
    )


def _foot(report: Report) -> Html:
    rows = [
        ("note", view.one_line(report.id)),
        ("date of service", view.day(report)),
        *view.provenance(report),
    ]
    return tag(
        "footer",
        tag("p", *_spaced(tag("span", f"{name} ", tag("b", kept)) for name, kept in rows)),
        tag(
            "p",
            "A suggestion for a coder to check. Code labels are our own wording; CPT is the "
            "American Medical Association's.",
        ),
    )


def _spaced(parts: Iterable[str]) -> Sequence[str]:
    return [piece for part in parts for piece in (part, " ")]
