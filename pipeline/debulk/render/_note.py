"""The whole note with its mentions marked, by displaCy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from debulk.render._view import clean, one_line, words
from debulk.render.markup import Html, escape, tag
from debulk.values import Mention, Report

# displaCy's `span` style stacks overlaps but works by token and re-spaces the text; its `ent`
# style keeps every character but not overlaps. So the note is cut where a mention or a cue
# starts or ends, and each piece is one `ent` that knows all that covers it.
_TEMPLATE = '<mark class="{css}" title="{title}"{number}>{anchors}{text}</mark>'


class _Cover(NamedTuple):
    start: int
    end: int
    mention: int
    cue: bool


def marked(report: Report, note: str) -> Html:
    """The note, every mention and every deciding cue in a `mark` that tells why."""
    # The renderer itself and not `displacy.render`, which keeps the last markup in a module
    # global: two notes at once could be swapped, and a note would outlive its request.
    # Imported here: spaCy takes seconds, and the other renderings do not need it.
    from spacy.displacy.render import EntityRenderer

    renderer = EntityRenderer(options={"template": _TEMPLATE})
    pieces = [_piece(report.mentions, *cut) for cut in _cuts(_covers(report.mentions))]
    # A browser would break the line at a "\r" once more; the offsets must stay.
    text = clean(note).replace("\r\n", " \n").replace("\r", "\n")
    return Html(renderer.render([{"text": text, "ents": pieces, "title": None}]).strip())


def tooltip(number: int, mention: Mention) -> str:
    """What a mention is and why, in one line."""
    details = "".join(f", {words(k)} {words(v)}" for k, v in mention.attributes.items())
    cue = f'; decided by "{one_line(mention.cue)}"' if mention.cue else ""
    return f"{number}. {words(mention.concept)}{details}: {words(mention.status)}{cue}"


def _covers(mentions: Sequence[Mention]) -> list[_Cover]:
    found = [_Cover(m.start, m.end, i, False) for i, m in enumerate(mentions)]
    for i, m in enumerate(mentions):
        if m.cue_start is not None and m.cue_end is not None:
            found.append(_Cover(m.cue_start, m.cue_end, i, True))
    return sorted(cover for cover in found if cover.start < cover.end)


def _cuts(covers: Sequence[_Cover]) -> Iterator[tuple[int, int, list[_Cover]]]:
    edges = sorted({edge for cover in covers for edge in (cover.start, cover.end)})
    active: list[_Cover] = []
    coming = 0
    for start, end in pairwise(edges):
        while coming < len(covers) and covers[coming].start <= start:
            active.append(covers[coming])
            coming += 1
        active = [cover for cover in active if cover.end > start]
        if active:
            yield start, end, active


def _piece(
    mentions: Sequence[Mention], start: int, end: int, covers: Sequence[_Cover]
) -> dict[str, Any]:
    told = [cover for cover in covers if not cover.cue]
    cues = [cover for cover in covers if cover.cue]
    css = [f"mention {mentions[told[-1].mention].status}"] if told else []
    css += ["stacked"] if len(told) > 1 else []
    css += ["cue"] if cues else []
    title = [tooltip(cover.mention + 1, mentions[cover.mention]) for cover in told]
    for cover in cues:
        mention = mentions[cover.mention]
        title.append(
            f"decides {cover.mention + 1}. {words(mention.concept)}: {words(mention.status)}"
        )
    ending = ",".join(str(cover.mention + 1) for cover in told if cover.end == end)
    starting = [cover.mention for cover in told if cover.start == start]
    params = {
        "css": escape(" ".join(css)),
        "title": escape("\n".join(title)),
        "number": f' data-n="{ending}"' if ending else "",
        "anchors": "".join(tag("a", id=f"m{at + 1}") for at in starting),
    }
    return {"start": start, "end": end, "label": "mention", "params": params}
