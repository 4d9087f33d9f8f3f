"""Words that decide a status, found on a page; and how far such a word reaches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from debulk import tables, words
from debulk.lexicon import Lexicon, Term
from debulk.page import FINITE, Extent


class Cue(NamedTuple):
    """A status cue: words[start:end], what it says, and where its mention stands."""

    status: str
    scope: str  # near, before: in front of its mention; after: behind it; begun, completed
    start: int
    end: int


_NOT = frozenset(
    "n't didnt wasnt werent couldnt wont hasnt havent hadnt isnt arent doesnt dont nt".split()
)
_NEGATORS = frozenset(
    "no not never neither nor none without nobody nothing little scant hardly".split()
)
_NEED = frozenset(
    "reason need indication role call place point occasion cause necessity intention "
    "attempt justification benefit purpose grounds sense merit desire effort value use "
    "advantage requirement plan room case".split()
)
_BUILT = _NEED | {"should", "0", "had", "were"}
_INVERTED = frozenset("the there it she any this we that either".split())
NEGATIVE_SUBJECT = frozenset("no none neither nothing nary".split())
DO = frozenset(
    words.standard(word)
    for word in (
        "perform performed done do carry carried undertake undertaken attempt attempted "
        "remove removed resect resected excise excised dissect dissected sample sampled take "
        "taken require required need needed necessary indicated feasible possible pursue "
        "pursued obtain obtained complete completed disturb disturbed include included biopsy "
        "biopsied create created make made place placed warranted felt thought deemed "
        "considered elected proceed proceeded explored addressed entertained believed judged "
        "harvested safe accomplished achieved executed treated given give repaired freed "
        "divided divide stripped strip ablated ablate added add mobilized chosen offered "
        "justified technically touched touch formally then further again redone repeated "
        "reach reached employed employ used use leave left go gone proceeding continue "
        "continued move moved part feel think believe see want wish embark embarked begin "
        "begun start started commence commenced follow followed open opened convert converted "
        "debulk debulked lyse lysed clear cleared cut free release released drain drained "
        "fashion fashioned bring brought insert inserted sent send undergo have cytoreduce "
        "cytoreduced stage staged sacrifice sacrificed safely routinely ever appropriate "
        "advisable worthwhile beneficial deployed favored ventured contemplated conducted "
        "removable resectable intended planned extracted procured taking enter entered "
        "perfused"
    ).split()
)
"""Verbs and adjectives behind "not" that make it speak of a procedure's doing."""
BARRIERS = frozenset(
    "because since though although whereas which who whom where while until unless lest "
    "so whereupon inasmuch whose".split()
)
THOUGHT = frozenset(
    "felt thought believed judged feel think believe deemed considered consider apparent "
    "clear".split()
)
COMPARED = frozenset(
    "larger bigger smaller wider thicker more less fewer longer greater deeper higher "
    "other doubt".split()
)
_CUTS = frozenset({",", "(", ")", ":", "but", "while"})
STOPS = frozenset({".", ";", "?", "!", "|", "→"})
_SO = frozenset({"therefore", "hence", "thus"})
_CLAUSAL_AS = frozenset("the she it they there her this these all no i we he his its".split())


@cache
def _lexicon() -> Lexicon:
    """The cues in front of a mention, and those behind it, as two kinds that do not compete."""
    entries: list[tuple[str, Term]] = []
    for row in tables.rows("cues"):
        kinds = {"near": ("front",), "before": ("front",), "both": ("front", "back")}
        for kind in kinds.get(row["scope"], ("back",)):
            term = Term(kind, row["status"], row["scope"], {})
            entries.extend((phrase, term) for phrase in tables.terms(row["terms"]))
    return Lexicon(entries)


_WORK = frozenset(
    "debulking cytoreduction cytoreductive resection excision ablation removal reduction".split()
)


def plain(norms: Sequence[str]) -> Sequence[str]:
    """The words with "n't" and its misspellings written "not"."""
    if _NOT.isdisjoint(norms):
        return norms
    return ["not" if norm in _NOT else norm for norm in norms]


def find(norms: Sequence[str], sentence: Extent) -> list[Cue]:
    """The cues of a sentence in order, the neutral phrases taken out with what they cover."""
    inside = norms[sentence.start : sentence.end + 4]  # a cue may run into a heading's words
    found: list[Cue] = []
    neutral = {"front": 0, "back": 0}
    at = sentence.start
    for start, end, term in _lexicon().find(inside):
        if start + at >= sentence.end:
            break
        if term.name == "neutral":
            if inside[end : end + 1] and inside[end] in _WORK:
                # "No tumor debulking": of the work, not of the tumour.
                found.append(Cue("not_performed", "near", start + at, start + at + 1))
                continue
            if inside[start] == "not" and inside[end : end + 1] and inside[end] in ("or", "nor"):
                # "Not injured or removed": the denial goes on.
                found.append(Cue("not_performed", "after", start + at, start + at + 1))
                continue
            neutral[term.kind] = max(neutral[term.kind], end)
        elif end > neutral[term.kind]:
            found.append(Cue(term.name, term.form, start + at, end + at))
    if not _BUILT.isdisjoint(inside):
        found.extend(_built(norms, sentence))
    found.sort(key=lambda c: (c.start, c.end))
    return found


def _built(norms: Sequence[str], sentence: Extent) -> Iterable[Cue]:
    """Cues that no list of terms holds: "no reason for", ", should it bleed", "drain 0"."""
    for at in range(max(1, sentence.start), sentence.end):
        norm = norms[at]
        if norm not in _BUILT:
            continue
        before, after = norms[at - 1], norms[at + 1] if at + 1 < len(norms) else ""
        if norm == "should":
            if before == "," and after != "be":
                yield Cue("planned", "after", at, at + 1)
        elif norm in ("had", "were"):
            # "Had the frozen section been malignant, ...": a condition that was not met.
            if at == sentence.start and after in _INVERTED:
                yield Cue("planned", "before", at, at + 1)
        elif norm == "0":
            if before in ("drain", "stent"):
                yield Cue("not_performed", "after", at, at + 1)
        elif after in ("for", "to", "of", "in", "at"):
            yield from _needless(norms, at)


def _needless(norms: Sequence[str], at: int) -> Iterable[Cue]:
    """ "No reason for", "did not see any need to": not performed, whatever stands between."""
    for back in range(at - 1, max(-1, at - 7), -1):
        if norms[back] in STOPS or norms[back] == ",":
            return
        if norms[back] in _NEGATORS:
            yield Cue("not_performed", "before", back, at + 2)
            return


def barred(norms: Sequence[str], start: int, end: int) -> bool:
    """Do words of another clause stand between a cue and a mention?"""
    for at in range(start, end):
        norm = norms[at]
        if norm in BARRIERS or norm in STOPS:
            return True
        if norm in _SO and norms[at - 1] in (",", "and"):
            return True
        if norm == "case" and norms[at - 1] == "in":
            return True
        if norm == "as" and norms[at + 1 : at + 2] and norms[at + 1] in _CLAUSAL_AS:
            return True
        if norm in ("having", "being") and "," in norms[start:at] and norms[at - 1] != ",":
            return True  # ", the bladder having been dropped": a subject of its own
    return False


def finite(norms: Sequence[str]) -> bool:
    """Is there a finite verb among these words?"""
    return any(n in FINITE for n in norms)


def listed(gap: Sequence[str]) -> bool:
    """Words between a cue and a mention that read as a list, not as another clause."""
    return (
        len(gap) <= 30
        and not finite(gap)
        and any(n in (",", "and", "or", "/", "nor", "&") for n in gap)
    )


def negative_subject(norms: Sequence[str], sentence: Extent, verb: int) -> Extent | None:
    """ "No tumor was debulked", "neither tube nor ovary was removed"."""
    low = max(sentence.start, verb - 5)
    aux = next((i for i in range(verb - 1, low - 1, -1) if norms[i] in FINITE), None)
    if aux is None or any(n in (",", "and") for n in norms[aux:verb]):
        return None
    for at in range(aux - 1, max(sentence.start, aux - 12) - 1, -1):
        norm = norms[at]
        if norm in NEGATIVE_SUBJECT or norm == "nor":
            if norms[at + 1] in COMPARED or (norm == "no" and norms[at - 1] == "with"):
                return None
            return Extent(at, at + 1)
        if norm == "not" and norms[at + 1] in ("a", "one", "any", "single"):
            return Extent(at, at + 2)
        if norm in FINITE or norm in BARRIERS or norm in _CUTS:
            return None
        if norm == "and" and norms[at + 1] in ("the", "a", "both", "all", "this"):
            return None
    return None


def nothing_to(norms: Sequence[str], sentence: Extent, verb: int) -> Extent | None:
    """ "Nothing to debulk", "no adhesions to lyse"."""
    at = verb - 1
    if at < sentence.start or norms[at] != "to":
        return None
    for back in range(at - 1, max(sentence.start, at - 7) - 1, -1):
        norm = norms[back]
        if norm in ("no", "nothing", "none"):
            return Extent(back, at + 1)
        if norm in FINITE or norm in STOPS or norm in (",", "difficulty", "time"):
            return None
    return None
