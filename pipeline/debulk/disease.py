"""Approach, malignancy, primary site and disease status: facts told by words, not by work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from debulk.lexicon import Hit
from debulk.page import BODY
from debulk.reading import Reading
from debulk.values import Fact

_DIAGNOSES = frozenset({"preop_diagnosis", "postop_diagnosis"})
_TODAY = BODY | {"title", "header", "postop_diagnosis", "preop_diagnosis", "complications"}
_SUSPICION = frozenset(
    "suspected suspicious possible probable presumed likely concerning concern rule ? vs versus "
    "question questionable worrisome suggestive presumptive r/o differential consistent suspicion fear "
    "feared suspect if should whether pending".split()
)
_NEGATION = frozenset("no not without negative denies free never nor rather excluded".split())
_HISTORY = frozenset("history prior previous remote past mother father sister aunt family grandmother".split())
_GENERIC = frozenset(
    "ovarian ovary uterine endometrial cervical adrenal colorectal cecal appendiceal carcinoid sarcoma "
    "ca disease".split()
)
_CANCER = frozenset(
    "cancer carcinoma adenocarcinoma malignancy malignant sarcoma tumor serous carcinosarcoma ca "
    "neoplasm hgsoc primary leiomyosarcoma metastatic grade recurrence mass hgsc recurrent origin".split()
)
_NOT_CANCER = frozenset(
    "vessel ligament artery vein laryngeal infection uti hernia obstruction fossa remnant pedicle stump "
    "dystocia os canal cyst effusion dvt pneumonia sbo urinary stenosis symptom pleural bleeding".split()
)


class Said(NamedTuple):
    """A context term, with what stands around it."""

    value: str
    section: str
    hit: Hit
    before: list[str]
    after: list[str]

    @property
    def negated(self) -> bool:
        return bool(_NEGATION.intersection(self.before[-4:]))

    @property
    def suspected(self) -> bool:
        return bool(_SUSPICION.intersection(self.before[-6:] + self.after[:3]))


def _said(reading: Reading, fact: str) -> Iterator[Said]:
    page = reading.page
    bounds = page.sentences
    index = 0
    for hit in page.hits:
        if hit.term.kind != "context" or hit.term.name != fact:
            continue
        while index < len(bounds) - 1 and bounds[index].end <= hit.start:
            index += 1
        sentence = bounds[index]
        yield Said(
            hit.term.attributes["value"],
            page.section_of[hit.start],
            hit,
            page.norms[max(sentence.start, hit.start - 10) : hit.start],
            page.norms[hit.end : min(sentence.end, hit.end + 8)],
        )


def _quotes(reading: Reading, said: list[Said]) -> tuple[tuple[int, int], ...]:
    words = reading.page.words
    return tuple((words[s.hit.start].start, words[s.hit.end - 1].end) for s in said[:4])


def approach(reading: Reading) -> Fact:
    """How the abdomen was reached at the end of the operation."""
    told: dict[str, list[Said]] = {}
    for said in _said(reading, "approach"):
        if said.section not in _TODAY or said.negated:
            continue
        around = said.before + said.after
        if any(n in ("prior", "previous", "status", "history", "ago", "if", "possible", "risk", "diagnostic-only") for n in said.before[-5:]):
            continue
        if any(n in ("sponge", "pad", "tape", "count", "pack") for n in said.after[:1]):
            continue
        if said.value == "converted" and any(n in ("not", "need", "without", "avoid", "no", "might", "chemotherapy", "thoracotomy") for n in around[-10:]):
            continue
        if any(m.start <= reading.page.words[said.hit.start].start < m.end and m.status != "performed" for m in reading.mentions):
            continue
        told.setdefault(said.value, []).append(said)
    opened = [
        i for i, m in enumerate(reading.mentions)
        if m.concept == "exploratory_laparotomy" and m.status == "performed"
    ]  # fmt: skip
    scoped = [
        i for i, m in enumerate(reading.mentions)
        if m.concept == "diagnostic_laparoscopy" and m.status in ("performed", "attempted")
    ]  # fmt: skip
    open_words, scope_words = told.get("open", []), told.get("laparoscopic", [])
    body_scope = [s for s in scope_words if s.section in BODY]
    if "converted" in told and (scope_words or scoped or told.get("robotic")):
        return Fact("approach", "converted", tuple(opened), _quotes(reading, told["converted"]))
    is_open = bool(opened) or len(open_words) >= 1
    minimal = len(scope_words) + len(told.get("robotic", []))
    if told.get("robotic") and len(told["robotic"]) >= 1 and not opened:
        return Fact("approach", "robotic", (), _quotes(reading, told["robotic"]))
    if opened and (body_scope or scoped) and minimal >= 2:
        return Fact("approach", "converted", tuple(opened), _quotes(reading, body_scope))
    if minimal and not opened and minimal >= len(open_words):
        return Fact("approach", "laparoscopic", tuple(scoped), _quotes(reading, scope_words))
    if is_open:
        return Fact("approach", "open", tuple(opened), _quotes(reading, open_words))
    if told.get("vaginal"):
        return Fact("approach", "vaginal", (), _quotes(reading, told["vaginal"]))
    return Fact("approach", "unknown")


def malignancy(reading: Reading) -> Fact:
    """Confirmed by a stated diagnosis, histology or frozen section; else suspected, benign."""
    confirmed: list[Said] = []
    suspected: list[Said] = []
    benign: list[Said] = []
    firm_benign: list[Said] = []
    borderline: list[Said] = []
    for said in _said(reading, "malignancy"):
        if said.section in ("other", "consent", "staff"):
            continue
        if said.value == "confirmed":
            if said.suspected:
                suspected.append(said)
            elif said.negated:
                benign.append(said)
            elif not _HISTORY.intersection(said.before[-5:]) or said.section in _DIAGNOSES:
                confirmed.append(said)
        elif said.value == "suspected":
            suspected.append(said)
        elif said.value == "borderline":
            borderline.append(said)
        elif not said.suspected:
            context = set(said.before + said.after)
            firm = said.section == "postop_diagnosis" or context & {
                "frozen", "pathology", "section", "final", "pathologist", "returned", "histology",
            }  # fmt: skip
            (firm_benign if firm else benign).append(said)
    diagnosed = [s for s in confirmed if s.section in _DIAGNOSES | {"findings"}]
    frozen = [
        s for s in confirmed
        if {"frozen", "pathology", "pathologist", "biopsy", "proven", "histology", "cytology"} & set(s.before + s.after)
    ]  # fmt: skip
    if firm_benign and not frozen and not [s for s in diagnosed if s.section == "postop_diagnosis"]:
        return Fact("malignancy", "benign", (), _quotes(reading, firm_benign))
    if diagnosed or frozen:
        return Fact("malignancy", "confirmed", (), _quotes(reading, diagnosed or frozen))
    if confirmed and not (suspected and len(suspected) >= len(confirmed)):
        return Fact("malignancy", "confirmed", (), _quotes(reading, confirmed))
    if suspected:
        return Fact("malignancy", "suspected", (), _quotes(reading, suspected))
    if borderline:
        return Fact("malignancy", "suspected", (), _quotes(reading, borderline))
    if benign:
        return Fact("malignancy", "benign", (), _quotes(reading, benign))
    return Fact("malignancy", "unknown")


def primary_site(reading: Reading) -> Fact:
    """Where the cancer comes from: the diagnosis lists first, then the rest of the note."""
    votes: Counter[str] = Counter()
    quotes: dict[str, list[Said]] = {}
    for said in _said(reading, "primary_site"):
        if said.section in ("other", "consent", "staff") or said.negated:
            continue
        words = reading.page.norms[said.hit.start : said.hit.end]
        if len(words) == 1 and words[0] in _GENERIC:
            if not _CANCER.intersection(said.after[:4]) and not (
                _CANCER.intersection(said.before[-3:]) and "of" in said.before[-3:]
            ):
                continue
            if _NOT_CANCER.intersection(said.after[:1]):
                continue
        weight = 4 if said.section in _DIAGNOSES else 2 if said.section in ("indications", "history", "header", "title", "findings") else 1
        if _HISTORY.intersection(said.before[-4:]) and said.section not in _DIAGNOSES:
            weight = 0.5  # type: ignore[assignment]
        weight *= 1 + 0.5 * (len(words) > 1)
        votes[said.value] += weight  # type: ignore[assignment]
        quotes.setdefault(said.value, []).append(said)
    if not votes:
        return Fact("primary_site", "unknown")
    best = max(votes, key=lambda value: votes[value])
    return Fact("primary_site", best, (), _quotes(reading, quotes[best]))


def disease_status(reading: Reading, cancer: Fact) -> Fact:
    """Recurrent, interval, initial or unclear; inferred as initial where nothing is said."""
    told: dict[str, list[Said]] = {}
    for said in _said(reading, "disease_status"):
        if said.section in ("other", "consent", "staff", "disposition"):
            continue
        if said.negated or _NOT_CANCER.intersection(said.after[:2]):
            continue
        if {"risk", "avoid", "prevent", "future", "surveillance"} & set(said.before[-4:]):
            continue
        if said.section == "residual":
            continue
        told.setdefault(said.value, []).append(said)
    firm = {
        value: [s for s in found if s.section in _DIAGNOSES | {"title", "indications", "header"}]
        for value, found in told.items()
    }
    if cancer.value not in ("confirmed", "suspected") and not firm.get("recurrent"):
        return Fact("disease_status", "unknown")
    if firm.get("unclear") and not firm.get("recurrent"):
        return Fact("disease_status", "unclear", (), _quotes(reading, firm["unclear"]))
    if told.get("recurrent") and (firm.get("recurrent") or not told.get("interval")):
        return Fact("disease_status", "recurrent", (), _quotes(reading, told["recurrent"]))
    if told.get("interval"):
        return Fact("disease_status", "interval", (), _quotes(reading, told["interval"]))
    if told.get("initial"):
        return Fact("disease_status", "initial", (), _quotes(reading, told["initial"]))
    if told.get("unclear") and not any(s.section in BODY for s in told["unclear"]):
        return Fact("disease_status", "unclear", (), _quotes(reading, told["unclear"]))
    return Fact("disease_status", "initial", (), (), False)
