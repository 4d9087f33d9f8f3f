"""What became of a tumour that the survey measures: the later words that leave, burn or sample it.

A tumour of the findings, with its size, counts when the operation excises tumours. It does not
when the procedure of its region removes nothing, when a later sentence leaves, burns or only
samples the tumour of that place, or when the residual disease has its size.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from debulk.page import Extent
from debulk.resections import TUMOUR_WORK, Resections
from debulk.told_later import CUT, SAMPLED, UNDONE, WORK, Outcome, outcomes_of, place_words
from debulk.told_twice import Told, agree, sites_of

_BIOPSIES = frozenset({"omental_biopsy", "peritoneal_biopsy", "liver_biopsy"})
UNTOLD = "not told as resected"
_REASONS = {
    "left": "left behind",
    "destroyed": "destroyed, not resected",
    "sampled": "only biopsied",
    "inside": "leaves inside an organ that is coded itself",
}
_SIDES = frozenset({"left", "right"})
_WIDE = _SIDES | frozenset("pelvis pelvic liver hepatic mesentery mesenteric diaphragm".split())
_GYNAECOLOGIC = frozenset("hysterectomy salpingo_oophorectomy oophorectomy salpingectomy".split())
_REST = frozenset({"residual", "residuum", "rest", "remaining"})
_LABELS = frozenset(
    "action treatment procedure done therapy management operation surgery outcome step steps "
    "resection handling fate removal intervention technique how".split()
)


def judged(reader: Resections, told: Sequence[Told]) -> list[Told]:
    """The lengths of a note, those whose tumour was left or burnt later no longer counted."""
    open_ = [
        i
        for i, one in enumerate(told)
        if one.reason == UNTOLD or not (one.reason or _own(reader, one))
    ]
    if not open_:
        return list(told)
    outcomes = list(outcomes_of(reader, told[open_[0]].last))
    result = list(told)
    for index in open_:
        one = told[index]
        scope, paired = _scope(reader, one)
        if one.reason:
            fate = _fate(
                reader, one, sites_of(reader.owners, reader.page, told, index), scope, outcomes,
                paired=paired,
            )  # fmt: skip
            cut = fate == CUT or (paired and not fate and _removes(reader, scope))
            if cut and reader.done.isdisjoint(_GYNAECOLOGIC):
                result[index] = one._replace(reason="")
            continue
        reason = ""
        if paired and not _removes(reader, scope):
            reason = UNTOLD
        sites = sites_of(reader.owners, reader.page, told, index)
        reason = reason or _fate(reader, one, sites, scope, outcomes, paired=paired)
        reason = "" if reason == CUT else reason
        reason = reason or _residual(reader, told, index, sites, scope, paired=paired)
        if reason:
            result[index] = one._replace(reason=reason)
    return result


def _own(reader: Resections, one: Told) -> bool:
    """Is the resection told in the very sentence of the size?"""
    sentence = reader.owners.unit(one.at)
    if "|" in reader.norms[sentence.start : sentence.end]:
        return True  # a row of a table tells all of its tumour
    return reader.mention(sentence, TUMOUR_WORK, "performed") is not None or bool(
        reader.owners.within(sentence.start, sentence.end, "removed")
    )


def _scope(reader: Resections, one: Told) -> tuple[Extent, bool]:
    """Where the outcome is told: the procedure of the region, or all that follows."""
    sections = reader.page.sections
    index = bisect_left(sections, one.at + 1, key=lambda s: s.heading) - 1
    rest = Extent(one.last + 1, len(reader.norms))
    if index < 0 or sections[index].kind != "findings":
        return rest, False
    after = sections[min(index + 1, len(sections) - 1)]
    if reader.by_region and after.kind in ("narrative", "title") and after != sections[index]:
        return Extent(after.start, after.end), True
    labelled = _labelled(reader, one)
    return (labelled, True) if labelled is not None else (rest, False)


def _labelled(reader: Resections, one: Told) -> Extent | None:
    """ "Findings: ...\\nAction: excised": the label of the region's work in one section."""
    sentences, norms = reader.page.sentences, reader.norms
    for number in range(one.sentence + 1, min(one.sentence + 6, len(sentences))):
        start = sentences[number].start
        if ":" not in norms[start + 1 : start + 3]:
            continue
        if norms[start] not in _LABELS:
            return None
        last = number
        while last + 1 < len(sentences) and last < number + 8:
            following = sentences[last + 1].start
            if ":" in norms[following + 1 : following + 4]:
                break
            last += 1
        return Extent(start, sentences[last].end)
    return None


def _removes(reader: Resections, scope: Extent) -> bool:
    if reader.mention(scope, WORK, "performed", "by_other") is not None:
        return True
    for hit in reader.owners.within(scope.start, scope.end, "removed"):
        start, end = reader.page.sentences[reader.owners.sentence(hit.start)]
        told = reader.mention(Extent(start, end), _BIOPSIES, "performed") is None
        if told and not (UNDONE | SAMPLED).intersection(reader.norms[start:end]):
            return True
    return False


def _fate(
    reader: Resections,
    one: Told,
    sites: frozenset[str],
    scope: Extent,
    outcomes: Sequence[Outcome],
    *,
    paired: bool,
) -> str:
    noun = reader.norms[one.owner.end - 1] if one.owner is not None else ""
    noun = noun if noun.isalpha() else ""  # "left diaphragm 8 mm" names no noun
    unit = reader.page.sentences[one.sentence]
    low = max(unit.start, min(one.at, one.owner.start if one.owner is not None else one.at) - 9)
    high = min(unit.end, one.last + 9)
    for word in range(one.at - 1, low, -1):
        comma = reader.norms[word] in (",", ";") or (
            reader.norms[word] == "and" and one.owner is not None and one.owner.start > one.at
        )
        if comma and _sized(reader, low, word):
            low = word  # the place of the size before
    for word in range(one.last + 1, high):
        comma = reader.norms[word] in (",", ";") and _sized(reader, word, high + 3)
        if comma or (reader.norms[word] == "and" and _sized(reader, word, word + 5)):
            high = word
            break
    words = place_words(reader, reader.owners.within(low, high, "site"))
    for outcome in outcomes:
        if not scope.start <= outcome.at < scope.end:
            continue
        same = outcome.noun == noun or (paired and not noun)
        if words - _WIDE and outcome.words - _WIDE and not words & outcome.words:
            continue
        if outcome.kind == "cut":
            if (same or outcome.definite) and words & outcome.words - _SIDES:
                return CUT
            if noun and same and outcome.definite and one.reason:
                return CUT
            continue
        if ((same or outcome.definite) and agree(sites, outcome.sites)) or (
            paired and same and not _apart(sites, outcome.sites)
        ):
            return _REASONS[outcome.kind]
    return ""


def _sized(reader: Resections, low: int, high: int) -> bool:
    return bool({"cm", "mm"}.intersection(reader.norms[low:high]))


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and not one & other


def _residual(
    reader: Resections,
    told: Sequence[Told],
    index: int,
    sites: frozenset[str],
    scope: Extent,
    *,
    paired: bool,
) -> str:
    """ "Residual: 9 mm, porta": the size of a tumour that the findings name there."""
    cm = told[index].length.cm
    for number, other in enumerate(told):
        named = _REST.intersection(reader.norms[max(0, other.at - 3) : other.at])
        if other.length.cm != cm or not (named or other.reason == "residual disease"):
            continue
        if scope.start <= other.at < scope.end and (
            paired or agree(sites, sites_of(reader.owners, reader.page, told, number))
        ):
            return "left behind"
    return ""
