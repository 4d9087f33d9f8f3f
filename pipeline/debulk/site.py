"""Where the cancer comes from, composed from the cancer named and the organ named beside it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from debulk.lexicon import Hit
from debulk.page import BODY
from debulk.reading import Reading
from debulk.said import ASIDE, DIAGNOSES, PAST, Said, qualified, quotes, statements, told
from debulk.values import Fact

_FAR = 12
_STATED = 3.0
_OF = frozenset(
    "of the a an in arising arizing from left right bilateral both her primary ( = r l likely "
    "on origin one either stage distal proximal".split()
)
_TO = frozenset("to involving invading onto on from against along around over under near".split())
_STOP = frozenset(
    ". : ; was were is are wa wer and or with without to from for by on in at of after before "
    "status no not the which that had has involving who s/p then".split()
)
_SIDE = frozenset("left right bilateral both l r the".split())
_LABEL = frozenset({"primary", "origin", "organ"})
_REPORTS = frozenset(
    "show showed shown showing reveal revealed returned confirmed confirming positive proved "
    "= :".split()
)
_GROWTHS = frozenset("growth mass tumor cyst lesion neoplasm".split())
_BEGAN = frozenset("started arose began originated originating arising arisen".split())
_SAMPLES = frozenset({"biopsy", "emb", "curettage", "curetting"})
_BESIDE = frozenset({"and", "with"})
_LISTED = frozenset({"uterus", "tube", "omentum"})
_TELLING = BODY - {"findings", "addendum"}
_STATING = DIAGNOSES | {"header", "title", "indications", "history"}
_CLEAN = frozenset("normal uninvolved unremarkable clean spared free".split())
_ADJECTIVES = frozenset("ovarian tubal endometrial uterine peritoneal".split())
_AS_CANCER = frozenset("recurrent advanced metastatic relapsed platinum-sensitive".split())
_STAGED = frozenset({"stage", "figo"})
_STAGE = re.compile(r"(?:i{1,3}|iv|[1-4])[abc]?[1-3]?")
_ARISING = frozenset({"ovary", "tube", "uterus"})
"""Organs in which a cancer is found because it began there; in others it may be spread."""
_SIZE = re.compile(r"\d+(?:\.\d+)?(?:cm|mm)?")
_BESIDES = frozenset(
    "cm mm x by across in size diameter measuring about almost only just carcinoma cancer "
    "adenocarcinoma type grade focus".split()
)
_WEIGHTS = {
    "postop_diagnosis": 5.0, "preop_diagnosis": 4.0, "addendum": 6.0, "title": 2.5, "header": 3.0,
    "indications": 2.0, "history": 2.0, "findings": 1.5,
}  # fmt: skip


def primary_site(reading: Reading) -> Fact:
    """The site with the most weight: diagnoses count most, the rest of the note less."""
    votes: Counter[str] = Counter()
    named: dict[str, list[Said]] = {}
    likely: Counter[str] = Counter()
    found = [(said, weight * _weight(said)) for said, weight in _evidence(reading)]
    # What a diagnosis states outdoes what is copied or told from earlier.
    stated = any(
        weight >= _STATED and s.section in DIAGNOSES and not s.value.startswith("likely_")
        and not s.has("suspected")
        for s, weight in found
    )  # fmt: skip
    # What the diagnosis after the operation names outdoes the one before it.
    final = {
        s.value for s, weight in found
        if weight > 0 and s.section == "postop_diagnosis" and not s.value.startswith("likely_")
    }  # fmt: skip
    for said, weight in found:
        site = said.value
        if weight <= 0 or (final and said.section == "preop_diagnosis" and site not in final):
            continue
        if stated and said.section in PAST:
            weight *= 0.3
        if site.startswith("likely_"):
            likely[site.removeprefix("likely_")] += weight  # type: ignore[assignment]
            site = site.removeprefix("likely_")
        else:
            votes[site] += weight  # type: ignore[assignment]
        named.setdefault(site, []).append(said)
    if not votes and not likely:
        return Fact("primary_site", "unknown")
    best = max(votes or likely, key=lambda site: (votes or likely)[site])
    return Fact("primary_site", best, (), quotes(reading, named[best]))


def _weight(said: Said) -> float:
    weight = _WEIGHTS.get(said.section, 1.0)
    if said.section in ASIDE:
        weight = 0.3  # a heading the layout took for another must not hide the only diagnosis
    if said.has("negated", "family", "erroneous") or not _CLEAN.isdisjoint(said.after[:2]):
        return 0.0
    if said.has("suspected"):
        weight *= 0.5
    if said.has("history") and not said.has("proof"):
        weight *= 0.4
    if said.has("proof"):
        weight *= 1.3
    return weight


def _evidence(reading: Reading) -> Iterator[tuple[Said, float]]:
    for said in statements(reading, "primary_site"):
        yield said, 1.5
    page = reading.page
    yield from _labelled(reading)
    yield from _staged(reading)
    organs, cancers = _close(told(page, "site_organ"), told(page, "site_cancer"))
    named = list(qualified(page, cancers))
    index = 0
    for organ in qualified(page, organs):
        while index < len(named) and named[index].end < organ.start - _FAR:
            index += 1
        weight, cancer = _linked(page.norms, organ, named[index : index + 8])
        if cancer is None:
            continue
        start, end = min(organ.start, cancer.start), max(organ.end, cancer.end)
        both = organ.qualities | cancer.qualities
        yield organ._replace(start=start, end=end, low=start, high=end, qualities=both), weight


def _labelled(reading: Reading) -> Iterator[tuple[Said, float]]:
    """ "Primary site: fallopian tube", "Origin: left ovary"."""
    norms = reading.page.norms
    hits = []
    for hit in told(reading.page, "site_organ"):
        at = hit.start - 1
        while at > 0 and norms[at] in _SIDE:
            at -= 1
        if norms[at] == ":" and not _LABEL.isdisjoint(norms[max(0, at - 3) : at]):
            hits.append(hit)
    for said in qualified(reading.page, hits):
        yield said, 4.0


def _staged(reading: Reading) -> Iterator[tuple[Said, float]]:
    """ "Stage IVA ovarian", "recurrent endometrial": an organ told as the cancer it has."""
    norms = reading.page.norms
    hits = [
        hit for hit in told(reading.page, "site_organ")
        if hit.start and norms[hit.start] in _ADJECTIVES
        and (
            norms[hit.start - 1] in _AS_CANCER
            or (norms[max(0, hit.start - 2)] in _STAGED and _STAGE.fullmatch(norms[hit.start - 1]))
        )
    ]  # fmt: skip
    for said in qualified(reading.page, hits):
        if _GROWTHS.isdisjoint(said.after[:2]):
            yield said, 1.2


def _close(organs: Sequence[Hit], cancers: Sequence[Hit]) -> tuple[list[Hit], list[Hit]]:
    """The organs that stand near a cancer, and those cancers: few of all the organs of a note."""
    starts = [cancer.start for cancer in cancers]
    kept: list[Hit] = []
    used: set[int] = set()
    for organ in organs:
        low = bisect_left(starts, organ.start - _FAR)
        high = bisect_right(starts, organ.end + _FAR)
        if low < high:
            kept.append(organ)
            used.update(range(low, high))
    return kept, [cancers[at] for at in sorted(used)]


def _linked(
    norms: Sequence[str], organ: Said, cancers: Sequence[Said]
) -> tuple[float, Said | None]:
    """How firmly an organ is tied to a cancer near it, and to which."""
    for cancer in cancers:
        if cancer.start >= organ.end:
            between = norms[organ.end : cancer.start]
            if len(between) > 6 or cancer.section != organ.section:
                break
            weight = _named_by(organ, cancer, between)
        else:
            between = norms[cancer.end : organ.start]
            if len(between) > 9 or "." in between:
                continue
            weight = _arisen_in(organ, cancer, between)
        if weight:
            return weight, cancer
    return 0.0, None


def _named_by(organ: Said, cancer: Said, between: Sequence[str]) -> float:
    """ "Fallopian tube high grade carcinoma", "endometrial biopsy showed carcinoma"."""
    biopsied = not _SAMPLES.isdisjoint((*organ.words, *organ.before[-4:], *between))
    if biopsied and not _REPORTS.isdisjoint(between):
        return 1.5
    if between and between[0] in _GROWTHS and not _REPORTS.isdisjoint(between) and len(between) < 7:
        return 1.2  # "the ovarian mass proved to be an adenocarcinoma"
    if not _STOP.isdisjoint(between) or not _TO.isdisjoint(organ.before[-1:]):
        return 0.0
    if cancer.value == "soft":
        if "of" in organ.before[-2:]:
            return 0.0
        return {"ovary": 0.4 * (len(between) < 4), "uterus": 0.2 * (len(between) < 2)}.get(
            organ.value, 0.0
        )
    if cancer.value == "kind" and (len(between) > 2 or organ.section in _TELLING):
        return 0.0
    return 1.5


def _within(between: Sequence[str]) -> bool:
    """ "Serous carcinoma, 1.1 cm, in the left fimbria"."""
    if "in" not in between[-4:]:
        return False
    rest = [n for n in between if n != "," and n not in _OF and n not in _BESIDES]
    return all(map(_SIZE.fullmatch, rest))


def _arisen_in(organ: Said, cancer: Said, between: Sequence[str]) -> float:
    """ "Carcinoma of the left ovary", "ca ovary", "clear cell carcinoma, stage IC, right ovary"."""
    if cancer.value == "soft":
        # "Mass of the left ovary" says as little as "left ovarian mass".
        of = between[:1] == ["of"] and len(between) < 4
        return {"ovary": 0.4, "uterus": 0.2}.get(organ.value, 0.0) if of else 0.0
    if not _BEGAN.isdisjoint(between) and len(between) < 7:
        return 1.4  # "cancer that started in the tube"
    inner = [n for n in between if n not in _OF and n != ","]
    if cancer.value == "kind":
        return 1.0 if "of" in between and not inner else 0.0
    if organ.value in _ARISING and _within(between):
        return 1.2
    tied = "of" in between[:1] or (
        "of" in between and between[-1] in ("of", "the", "left", "right")
    )
    if tied and len(inner) <= 3 and _BESIDE.isdisjoint(between):
        return 1.5
    if organ.value == "peritoneum":
        return 0.0
    listed = "," in between
    if not inner:
        return 0.0 if listed and organ.section in _TELLING else 1.2 if listed else 1.4
    stated = listed and len(inner) <= 3 and organ.section in _STATING
    return 0.8 if stated and _STOP.isdisjoint(inner) and _LISTED.isdisjoint(inner) else 0.0
