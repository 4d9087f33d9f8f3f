"""The report as text, JSON and HTML, on a real note and on every odd text."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web.sample import NOTE, bare, report, whole

from debulk import render
from debulk.errors import UsageError
from debulk.render import _view as view

ODD = [
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>&amp;",
    "lone \ud800 surrogate \udfff",
    "bell \x07 escape \x1b[31m null \x00 del \x7f c1 \x9b31m",
    "reversed \u202e text \u2066 and \u2028 lines \x85",
    "cr lf\r\nlone cr\rtab\tend",
    "[bold]not markup[/bold] :smile: {braces} %s",
    "e\u0301 \U0001f469\u200d\u2695\ufe0f \u0410 \ufffe",
    " ",
]


class Reader(HTMLParser):
    """Collects the elements of a page, and the text of its note as a browser shows it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.note, self.inside = "", 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if attributes.get("class") == "entities":
            self.inside = len(self.open) + 1
        if tag == "br":
            self.note += "\n" if self.inside else ""
        elif tag not in ("meta", "link", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.inside = self.inside if len(self.open) >= self.inside else 0

    def handle_data(self, data: str) -> None:
        self.note += data if self.inside else ""

    def attributes(self, tag: str, name: str) -> list[str]:
        return [kept[name] or "" for found, kept in self.elements if found == tag and name in kept]


def shown(text: str) -> str:
    """The text as a browser shows it: odd characters replaced, one line break a line end."""
    return view.clean(text).replace("\r\n", " \n").replace("\r", "\n").strip()


# --- text


@pytest.mark.parametrize(
    "line",
    [
        "SUGGEST  58958  debulking of recurrent cancer with pelvic and limited para-aortic nodes",
        "Every requirement of 58958 is documented",
        "met       para-aortic nodes: needed dissection, found dissection",
        'narrative: "...was removed on both sides. The [para-aortic nodes were cleared from the',
        "error     49255  included in 58958; no modifier allows it",
        "error     38780  included in 58958; a modifier only as said below",
        "source: PTP 2024-07-01 (rule U101)",
        "38100     splenectomy",
        "1.        What was the longest dimension of each tumor removed, in centimeters?",
        "conflict  adhesiolysis: listed not described",
        "49187     1%, both node basins were dissected",
        "tumor lengths, sum (cm)  8.5",
        "24 cm     does not count: incision",
        "note-17; date of service 2025-03-14 (read from the note)",
        "debulk 0.1.0; model ab12ab12ab12; knowledge cd34cd34cd34; ncci none",
    ],
)
def test_text_says(line: str) -> None:
    assert line in render.text(report(), NOTE, width=100)


def test_text_puts_the_gravest_warning_first() -> None:
    found = re.findall(r"^  (error|caution|note) ", render.text(report(), NOTE), re.MULTILINE)
    assert found == ["error", "error", "caution", "caution", "note"]


def test_text_puts_the_warnings_before_the_requirements_when_asked() -> None:
    said = render.text(report(), NOTE, warnings_first=True)
    assert 0 < said.index("\nWARNINGS") < said.index("\nREQUIREMENTS")


def test_text_quotes_the_body_before_the_title() -> None:
    mentions = [quote.mention for quote in view.quotes(report(), NOTE, (2, 14))]
    assert mentions == [14, 2]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_quotes_are_cut_at_words(ends: str) -> None:
    note = NOTE.replace("\n", ends)
    made = report(note)
    for quote in view.quotes(made, note, range(len(made.mentions))):
        around = f"{quote.before.removeprefix('...')}{quote.hit}{quote.after.removesuffix('...')}"
        assert [word for word in around.split() if word not in NOTE.split()] == []


@pytest.mark.parametrize("width", [1, 60, 88, 140])
def test_text_keeps_to_its_width(width: int) -> None:
    lines = render.text(report(), NOTE, width=width).split("\n")
    assert max(map(len, lines)) <= max(width, 40)


def test_text_is_coloured_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in render.text(report(), NOTE)
    assert "\x1b[1;32mSUGGEST" in render.text(report(), NOTE, color=True)


def test_text_without_a_code() -> None:
    assert render.text(bare(), "").startswith("OUT OF SCOPE\nNo code fits.")
    assert "no code can be named" in render.text(bare(decision="review"), "")


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.0, "0.0%"),
        (0.0004, "under 0.1%"),
        (0.5, "50%"),
        (0.996, "99.6%"),
        (0.99996, "over 99.9%"),
    ],
)
def test_a_probability_never_rounds_to_certainty(probability: float, said: str) -> None:
    assert view.percent(probability) == said


# --- JSON


def test_json_is_the_contract() -> None:
    assert json.loads(render.json_text(report())) == report().to_dict()
    assert json.loads(render.jsonl(report())) == report().to_dict()
    assert list(json.loads(render.json_text(report())))[:5] == [
        "schema_version", "id", "date_of_service", "date_source", "decision",
    ]  # fmt: skip


# --- HTML


def test_html_is_one_page_that_needs_nothing_else() -> None:
    page = render.html(report(), NOTE)
    reader = Reader(page)
    assert reader.open == []
    assert {tag for tag, _ in reader.elements}.isdisjoint({"script", "link", "img", "iframe"})
    assert "url(" not in page
    assert "@import" not in page
    assert all(link.startswith("#") for link in reader.attributes("a", "href"))


def test_html_links_every_quote_to_its_mention() -> None:
    reader = Reader(render.html(report(), NOTE))
    targets = reader.attributes("a", "id")
    assert targets == [f"m{number}" for number in range(1, len(report().mentions) + 1)]
    assert {link[1:] for link in reader.attributes("a", "href")} == set(targets)


def test_html_shows_the_note_to_the_letter() -> None:
    assert Reader(render.html(report(), NOTE)).note.strip() == NOTE.strip()


@pytest.mark.parametrize(
    "title",
    [
        "3. omentectomy, extent total: performed",
        '22. appendectomy: not performed; decided by "not"\n'
        "decides 22. appendectomy: not performed",
        '23. ureteral stent, side bilateral: by other; decided by "Dr. Lee of Urology"',
        # Two mentions over the same words.
        "4. pelvic lymphadenectomy, extent dissection, side bilateral: performed\n"
        "5. para-aortic lymphadenectomy, extent dissection: performed",
    ],
)
def test_html_tells_of_every_mark_what_and_why(title: str) -> None:
    assert title in Reader(render.html(report(), NOTE)).attributes("mark", "title")


def test_html_says_what_the_text_says() -> None:
    page = html.unescape(re.sub(r"<[^>]+>", "", render.fragment(report(), NOTE)))
    made = report()
    said = [made.reason, *(w.message for w in made.warnings), *(w.source for w in made.warnings)]
    said += [gap.query for gap in made.gaps] + [c.message for c in made.conflicts]
    said += [item.message for item in made.separate] + [a.why_not for a in made.alternatives]
    assert [sentence for sentence in said if sentence not in page] == []


# --- every text


@pytest.mark.parametrize("note", ODD)
def test_odd_text_is_shown_and_changes_nothing(note: str) -> None:
    check_odd(note)


@given(st.text(st.characters(), min_size=1))
def test_any_text_is_shown_and_changes_nothing(note: str) -> None:
    check_odd(note)


def check_odd(note: str) -> None:
    made = whole(note)
    plain = Reader(render.html(whole("x"), "x"))
    page = render.html(made, note)
    page.encode()
    reader = Reader(page)
    assert reader.note.strip() == shown(note)
    # The note adds no element and no attribute of its own.
    kinds = [(tag, sorted(kept)) for tag, kept in reader.elements if tag != "br"]
    assert kinds == [(tag, sorted(kept)) for tag, kept in plain.elements]

    said = render.text(made, note)
    said.encode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", said)

    for dumped in (render.json_text(made), render.jsonl(made)):
        dumped.encode()
        assert json.loads(dumped) == made.to_dict()
    assert len(render.jsonl(made).splitlines()) == 1


@given(
    st.text("a \r\n", min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=5),
)
def test_overlapping_mentions_keep_the_note(note: str, places: list[tuple[int, int]]) -> None:
    made = bare(mentions=tuple(_mention(note, *sorted(place)) for place in places))
    assert Reader(render.html(made, note)).note.strip() == shown(note)


def _mention(note: str, start: int, end: int):  # type: ignore[no-untyped-def]
    first = whole(note).mentions[0]
    start, end = min(start, len(note)), min(end, len(note))
    return type(first)("ostomy", "performed", "narrative", start, end, note[start:end])


def test_another_note_is_refused() -> None:
    for show in (render.text, render.html, render.fragment):
        with pytest.raises(UsageError, match="not the one the report was made from"):
            show(report(), NOTE[1:])
