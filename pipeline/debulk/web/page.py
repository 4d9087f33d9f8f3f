"""The coder's one page: the form, and below it what went wrong or the report."""

from __future__ import annotations

from collections.abc import Mapping

from debulk.render.markup import Html, tag, void


def page(
    form: Mapping[str, str] | None = None, *, problem: str = "", report: str | None = None
) -> str:
    """The page, the form filled as before, `report` being HTML of `render.fragment`."""
    head = tag(
        "head",
        void("meta", charset="utf-8"),
        void("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", "debulk"),
        void("link", rel="stylesheet", href="/style.css"),
    )
    masthead = tag(
        "div",
        tag("h1", "debulk"),
        tag("p", "Which tumor debulking code does the operative note support?"),
        class_="masthead",
    )
    alert = tag("p", problem, class_="problem", role="alert", id="report") if problem else ""
    body = tag(
        "body", tag("main", masthead, alert, _form(form or {}, bool(report)), Html(report or ""))
    )
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}"


def _form(form: Mapping[str, str], reported: bool) -> Html:
    note = tag(
        "textarea",
        # A browser drops the first line break of a text area: give it one to drop.
        Html("\n"),
        form.get("text", ""),
        id="text",
        name="text",
        rows="7" if reported else "22",
        required=True,
        autofocus=not form,
        spellcheck="false",
        autocomplete="off",
        aria_describedby="text-hint",
    )
    day = void(
        "input",
        id="date_of_service",
        name="date_of_service",
        type="date",
        value=form.get("date_of_service", ""),
        aria_describedby="date-hint",
    )
    codes = void(
        "input",
        id="codes",
        name="codes",
        type="text",
        value=form.get("codes", ""),
        placeholder="58958, 49255-59",
        autocomplete="off",
        spellcheck="false",
        aria_describedby="codes-hint",
    )
    fields = tag(
        "div",
        _field(
            "date_of_service",
            "Date of service",
            day,
            "date-hint",
            "Empty: as read from the note, else today.",
        ),
        _field(
            "codes",
            "Codes already chosen",
            codes,
            "codes-hint",
            "Optional. Each code with its modifiers, separated by commas.",
        ),
        tag("button", "Check the note", type="submit"),
        class_="fields",
    )
    return tag(
        "form",
        _field(
            "text",
            "Operative note",
            note,
            "text-hint",
            "The full text. It stays on this computer and is not stored.",
        ),
        fields,
        method="post",
        # The browser goes on to the report, below the form.
        action="/#report",
        autocomplete="off",
    )


def _field(name: str, label: str, control: Html, hint_id: str, hint: str) -> Html:
    return tag(
        "div", tag("label", label, for_=name), control, tag("span", hint, id=hint_id, class_="hint")
    )
