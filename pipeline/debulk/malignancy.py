"""Is cancer confirmed, suspected or ruled out?"""

from __future__ import annotations

from functools import cache

from debulk import tables, words
from debulk.page import BODY
from debulk.reading import Reading
from debulk.said import ASIDE, DIAGNOSES, PAST, Said, quotes, statements
from debulk.values import Fact

_STATED = DIAGNOSES | PAST | {"title", "header", "findings", "addendum"}
_FINAL = frozenset({"postop_diagnosis", "addendum"})
_SCISSORS = frozenset("sharp sharply scissor bovie dissection using curved metz".split())
_TREATED_AS = frozenset(
    "recurrent persistent relapse recurrence stage interval secondary known".split()
)
_KNOWN = frozenset(
    "recurrent recurring relapsed relapsing persistent relapse recurrence known proven neoadjuvant "
    "chemotherapy nact".split()
)
_ASKED = frozenset("frozen fs pathologist pathology histology histologist fresh permanent".split())
_ANSWERED = frozenset(
    "answer answered call called phone phoned telephone telephoned rang ring verdict speaker "
    "report reported reading read say said show showed word result returned back".split()
)
_ANSWER = 45  # words between the question to the pathologist and what he said
_UNPROVEN = frozenset("exclude rule prove confirm establish diagnose".split())
_SEEN_AS = frozenset("cell lesion growth tumor tissue process".split())


def malignancy(reading: Reading) -> Fact:
    """Confirmed by a diagnosis, histology or frozen section; a final benign one outweighs all."""
    kinds: dict[str, list[Said]] = {}
    for said in statements(reading, "malignancy", framed=True):
        if said.value in ("confirmed", "benign", "infection") and _answered(reading, said):
            said = said._replace(qualities=said.qualities | {"answer"})
        kind = _kind(said)
        if kind and not (said.value == "confirmed" and _mistaken(reading, said)):
            kinds.setdefault(kind, []).append(said)
    confirmed = kinds.get("confirmed", [])
    benign, borderline = kinds.get("benign", []), kinds.get("borderline", [])
    suspected, pending = kinds.get("suspected", []), kinds.get("pending", [])
    final = [s for s in confirmed if s.section in _FINAL]
    proven = [s for s in confirmed if s.has("proof") and not s.has("pending")]
    firm_benign = [
        s for s in benign
        if (s.section in _FINAL or s.has("proof", "answer")) and not s.has("other_part")
    ]  # fmt: skip
    opening = max(len(reading.page.words) // 4, 40)
    stated = [s for s in confirmed if s.section in _STATED or s.start < opening]
    corrected = [s for s in (*final, *firm_benign) if s.section == "addendum"]
    if corrected:
        last = max(corrected, key=lambda s: s.start)
        value = "confirmed" if last in final else "benign"
        return _fact(reading, value, [last])
    if final or proven:
        return _fact(reading, "confirmed", final or proven)
    if [s for s in firm_benign if s.section == "postop_diagnosis"]:
        return _fact(reading, "benign", firm_benign)
    if [s for s in borderline if s.section == "postop_diagnosis"]:
        return _fact(reading, "suspected", borderline)
    # What is known from before does not wait for today's report.
    if stated and (any(map(_known, stated)) or not (pending and suspected)):
        return _fact(reading, "confirmed", stated)
    if borderline and not confirmed:
        return _fact(reading, "suspected", borderline)
    if firm_benign and not stated and not (pending and all(map(_only_answered, firm_benign))):
        return _fact(reading, "benign", firm_benign)
    if confirmed and not pending and len(suspected) < len(confirmed):
        return _fact(reading, "confirmed", confirmed)
    told = [s for s in benign if s.section in BODY and not s.has("other_part", "history")]
    if not confirmed and not pending and (len(told) > 1 or any(s.has("proof") for s in told)):
        firm_benign = firm_benign or told
        return _fact(reading, "benign", firm_benign)
    if suspected or pending:
        return _fact(reading, "suspected", [*pending[:2], *suspected])
    if kinds.get("history"):
        return Fact("malignancy", "confirmed", (), quotes(reading, kinds["history"]), in_body=False)
    if benign or kinds.get("beside"):
        return _fact(reading, "benign", benign or kinds["beside"])
    return Fact("malignancy", "unknown")


def infected(reading: Reading) -> bool:
    """Is an infection told that passed for a cancer? It has no site of origin."""
    return any(
        _kind(said) for said in statements(reading, "malignancy") if said.value == "infection"
    )


def _kind(said: Said) -> str:
    """What a statement says of today's disease; "" where it says nothing of it."""
    # "Not a single malignant cell" is an answer, "not ovarian cancer" corrects an entry.
    seen = said.has("negated") and not _SEEN_AS.isdisjoint(said.after[:1])
    if said.has("family") or (said.has("erroneous") and not seen):
        return ""
    if said.section in ASIDE and said.value != "confirmed" and not said.has("proof", "answer"):
        return ""
    if said.value == "confirmed":
        if said.words[0] == "stage" and said.has("not_disease"):
            return ""
        if said.has("negated") and not _UNPROVEN.isdisjoint(said.before[-5:]):
            return "suspected"  # "could neither confirm nor exclude a malignant process"
        if said.has("negated") and not (said.has("suspected") and "frozen" in said.after[:2]):
            return "benign"
        if said.has("suspected", "hypothetical"):
            return "suspected"
        if said.has("consistent") and not said.has("proof"):
            return "suspected"
        if said.section in ASIDE:
            return "history"
        if said.has("history") and not said.has("today"):
            return "confirmed" if _TREATED_AS & {*said.before, *said.words} else "history"
        return "confirmed"
    if said.value == "infection":
        if said.has("negated", "suspected", "history", "hypothetical"):
            return ""
        return "benign" if said.section in _FINAL or said.has("proof", "answer") else "beside"
    if said.value in ("benign", "benign_side"):
        if said.has("negated", "suspected", "history"):
            return ""
        # Endometriosis or fibroids beside a cancer settle nothing, unless they are the diagnosis.
        settles = said.value == "benign" or said.section == "postop_diagnosis"
        return "benign" if settles else "beside"
    if said.value == "borderline" and said.has("negated"):
        return ""
    return said.value


def _known(said: Said) -> bool:
    """A cancer told as known or treated before: "recurrent", "after neoadjuvant chemotherapy"."""
    return not _KNOWN.isdisjoint((*said.before[-4:], *said.words, *said.after[:4]))


def _only_answered(said: Said) -> bool:
    """An answer that no later report has yet confirmed."""
    return said.section not in _FINAL and not said.has("proof")


def _answered(reading: Reading, said: Said) -> bool:
    """Is this what the pathologist said, a sentence or two after the tissue went to him?"""
    if said.section in DIAGNOSES | PAST:
        return False
    near = reading.page.norms[max(0, said.start - _ANSWER) : said.start]
    return not _ASKED.isdisjoint(near) and not _ANSWERED.isdisjoint(near)


def _mistaken(reading: Reading, said: Said) -> bool:
    """ "CA ligament" and "criteria were met" are no cancers."""
    if said.words == ("ca",):
        near = {*said.before[-3:], *said.after[:3]}
        return said.section not in _STATED and near.isdisjoint(_organs()) and not said.has("proof")
    first, last = reading.page.words[said.start], reading.page.words[said.end - 1]
    written = reading.page.text[first.start : last.end].lower()
    if said.words == ("metastasis",) and written.startswith("met") and len(written) < 5:
        near = {*said.before[-3:], *said.after[:2]}
        return written == "met" or not _SCISSORS.isdisjoint(near)
    return said.words == ("metastasis",) and not written.startswith("m")  # "testes" misread


@cache
def _organs() -> frozenset[str]:
    """Words that tell that "ca" beside them is a cancer."""
    return frozenset(
        word
        for row in tables.rows("contexts")
        if row["fact"].startswith("site_")
        for term in tables.terms(row["terms"])
        for word in words.norms(term)
    )


def _fact(reading: Reading, value: str, said: list[Said]) -> Fact:
    return Fact("malignancy", value, (), quotes(reading, said))
