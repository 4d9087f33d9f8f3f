"""Is the disease new, after chemotherapy, come back, or not told?"""

from __future__ import annotations

import re
from itertools import pairwise

from debulk.page import BODY
from debulk.reading import Reading
from debulk.said import ASIDE, DIAGNOSES, PAST, Said, quotes, statements
from debulk.values import Fact

_FIRM = DIAGNOSES | {"title", "header", "indications", "addendum"}
_DATED = frozenset({"history", "indications", "narrative", "header", "preop_diagnosis"})
_YEAR = re.compile(r"(?:19|20)\d\d|\d{1,2}/\d{2,4}")
_TIMES = re.compile(r"x\d{1,2}|\d{1,2}x")
_CANCER_WORK = frozenset(
    "tumor_debulking tumor_excision tumor_destruction omentectomy omental_biopsy "
    "pelvic_lymphadenectomy paraaortic_lymphadenectomy hysterectomy salpingo_oophorectomy "
    "oophorectomy staging_laparotomy peritonectomy diaphragm_stripping diaphragm_resection "
    "pelvic_exenteration peritoneal_biopsy".split()
)
_TUMOUR_WORK = frozenset(
    "tumor_debulking tumor_excision tumor_destruction peritonectomy diaphragm_stripping".split()
)
_ACCESS = frozenset({"exploratory_laparotomy", "diagnostic_laparoscopy", "drain_placement"})
_GIVEN = frozenset(
    "got after following downstaged received completed completing status had treated finished "
    "underwent gave given s/p post-neoadjuvant responded response".split()
)
_LABELS = frozenset("status setting timing disease presentation indication surgery type".split())
_EARLIER = frozenset("previous previously prior ago earlier history since year".split())
_CANCER = frozenset(
    "cancer carcinoma tumor disease sarcoma adenocarcinoma malignancy ca lesion deposit serous "
    "endometrioid ovarian leiomyosarcoma carcinosarcoma".split()
)
_TREATED = frozenset(
    "debulking cytoreduction cytoreductive platinum platinum-sensitive platinum-resistant dfi pfi "
    "tfi desktop".split()
)
_REPORT = frozenset(
    "frozen pathology pathologist report result biopsy fs section cytology washing specimen "
    "to".split()
)
_COME_BACK = frozenset({"recurrent", "unclear"})
_BESIDE = frozenset(
    "hysterectomy omentectomy omental_biopsy peritoneal_biopsy peritoneal_washings "
    "pelvic_lymphadenectomy paraaortic_lymphadenectomy".split()
)
_NODES = frozenset({"pelvic_lymphadenectomy", "paraaortic_lymphadenectomy"})
_RESERVED = frozenset({"restricted", "reserved", "limited", "confined"})
_BEYOND = frozenset({"outside", "beyond", "elsewhere", "apart", "above", "in", "on"})
_FROZEN = frozenset({"frozen", "fs"})
_SINCE = frozenset({"after", "since", "following", "from", "at"})
_COUNTS = frozenset("two three four five six 2 3 4 5 6 several".split())
_FIRST = frozenset({"front", "upfront", "up-front", "beforehand", "preoperatively"})
_FIRST_WORK = frozenset("operation surgery treatment debulking cytoreduction laparotomy".split())
_EARLIER_DAY = frozenset(
    "january february march april may june july august september october november december jan feb "
    "mar apr jun jul aug sep sept oct nov dec spring summer autumn fall winter last ago elsewhere "
    "outside another county district community".split()
)
"""Words of the place and the day of a first operation that is not this one."""
_OF_DISEASE = frozenset("tumor disease cancer carcinoma cake nodule what".split())
_GROWTH = _CANCER | frozenset("plate plaque cake mass nodule implant omental pelvic".split())
_HAD_BEEN = (("had", "been"), ("had", "consisted"), ("had", "included"), ("was", "done"))
_BODILY = frozenset("tumor_debulking omentectomy salpingo_oophorectomy oophorectomy".split())


def disease_status(reading: Reading, cancer: Fact) -> Fact:
    """Recurrent, interval, initial or unclear; inferred as initial where nothing is said."""
    told = _told(reading)
    planned = [
        s for name in ("interval_chemo", "chemo_given") for s in told.get(name, ())
        if _to_come(reading, s)
    ]  # fmt: skip
    chemo = [
        s._replace(value="interval", qualities=s.qualities - {"history"})
        for s in told.pop("interval_chemo", []) if _was_given(s) and s not in planned
    ]  # fmt: skip
    # "No evidence of disease outside of the ovary" tells of today.
    remission = [
        s for s in told.pop("remission", [])
        if s.section != "findings" and _BEYOND.isdisjoint(s.after[:3])
    ]  # fmt: skip
    if back := [s for s in told.pop("returned", []) if _disease(s)]:
        told.setdefault("recurrent", []).extend(back)
    looked = told.pop("second_look", [])
    past = [s for s in told.pop("past_remission", []) if s.section not in BODY]
    cycles = [s for s in told.pop("chemo_given", []) if s not in planned]
    chemo += [s for s in cycles if _was_given(s) and not _FIRST.isdisjoint(s.after[:6])]
    if chemo:
        told.setdefault("interval", []).extend(chemo)
    if (left := told.pop("left", [])) and not (remission or past) and _left_over(reading, told):
        told.setdefault("unclear", []).extend(left)
    labelled = [s for found in told.values() for s in found if _labelled(s)]
    if labelled:
        return _fact(reading, labelled[0].value, labelled[:1])
    begins = [*told.pop("begins", []), *planned]
    firm = {
        value: [s for s in found if s.section in _FIRM and not _past(s)]
        for value, found in told.items()
    }
    everything = [s for found in told.values() for s in found]
    corrected = sorted((s for s in everything if s.section == "addendum"), key=lambda s: s.start)
    if corrected:
        value = corrected[-1].value
        return _fact(reading, value, [s for s in corrected if s.value == value])
    if not told and not cycles and not begins and not _begins(reading):
        past_work = bool(past) and bool(
            {m.concept for m in reading.mentions if m.status == "performed"} & _TUMOUR_WORK
        )
        if not past_work:
            return Fact("disease_status", "unknown", (), quotes(reading, remission))
    if not (firm.get("recurrent") or firm.get("unclear")) and not _works_on_cancer(reading):
        return Fact("disease_status", "unknown")
    if cancer.value == "benign":
        return Fact("disease_status", "unknown")
    if cancer.value == "unknown" and not any(map(_of_cancer, firm.get("recurrent", ()))):
        return Fact("disease_status", "unknown")  # tonsils are recurrently inflamed
    done = {m.concept for m in reading.mentions if m.status == "performed"} & _CANCER_WORK
    if past and not told and done & _TUMOUR_WORK:
        return _fact(reading, "recurrent", past)  # tumour taken after a time without disease
    if not told and not cycles and (remission or not (cancer.in_body or done)):
        return Fact("disease_status", "unknown", (), quotes(reading, remission))
    if looked and (remission or cycles) and not told.keys() & _COME_BACK:
        return Fact("disease_status", "unknown", (), quotes(reading, looked))
    return _resolved(reading, told, firm, cycles)


def _told(reading: Reading) -> dict[str, list[Said]]:
    """The statements about today's disease by what they say."""
    told: dict[str, list[Said]] = {}
    passed: dict[str, list[Said]] = {}
    for said in statements(reading, "disease_status", framed=True):
        if said.value == "interval" and _to_come(reading, said):
            continue
        if _counts(said):
            told.setdefault(said.value, []).append(said)
        elif said.section in ("staff", "other") and _counts(said._replace(section="narrative")):
            passed.setdefault(said.value, []).append(said)
    # Where the layout took the telling for a list of names, that list is read.
    return passed if passed and not told.keys() - {"begins", "remission"} else told


def _resolved(
    reading: Reading, told: dict[str, list[Said]], firm: dict[str, list[Said]], cycles: list[Said]
) -> Fact:
    recurrent = told.get("recurrent", [])
    certain = [s for s in recurrent if not s.has("suspected") and not _past(s)]
    unclear = firm.get("unclear", [])
    both = any({"recurrent", "recurrence"} & {*s.words} for s in unclear)
    if unclear and (both or not firm.get("recurrent")):
        return _fact(reading, "unclear", unclear)
    if firm.get("recurrent"):
        return _fact(reading, "recurrent", firm["recurrent"])
    if certain:
        return _fact(reading, "recurrent", recurrent)
    if firm.get("interval"):
        return _fact(reading, "interval", firm["interval"])
    for value in ("interval", "initial", "recurrent", "unclear"):
        past = value in ("initial", "interval")
        found = [s for s in told.get(value, ()) if not (past and s.has("history"))]
        if found:
            return _fact(reading, value, found)
    if cycles:
        today = {m.concept for m in reading.mentions if m.status == "performed"}
        before = {m.concept for m in reading.mentions if m.status == "historical"} & _BODILY
        # What is taken today was not taken before: "omental cake gone" tells of the response.
        earlier = bool(before - (today if "hysterectomy" in today else set()))
        given = [s for s in cycles if _was_given(s) and not _dated(s)]
        if given and not earlier:
            return _fact(reading, "interval", given)
        if given:
            return _fact(reading, "unclear", given)
    return Fact("disease_status", "initial", (), (), False)


def _left_over(reading: Reading, told: dict[str, list[Said]]) -> bool:
    """Was tumour left at an operation that took organs, and never told as gone or come back?"""
    if told.keys() & {"recurrent", "interval"}:
        return False
    gone = {m.concept for m in reading.mentions if m.status == "historical"}
    return not gone.isdisjoint(_BODILY | {"hysterectomy"})


def _of_cancer(said: Said) -> bool:
    """Is it a tumour that came back, by the words or by those beside them?"""
    near = {*said.before[-4:], *said.words, *said.after[:5]}
    return not _CANCER.isdisjoint(near) or not _TREATED.isdisjoint(said.words)


def _disease(said: Said) -> bool:
    """Did the disease come back, and not a report or the patient?"""
    near = said.before[-9:]
    return not _CANCER.isdisjoint(near) and _REPORT.isdisjoint(near[-4:])


def _labelled(said: Said) -> bool:
    """ "Disease status: recurrent", "Timing of surgery - interval"."""
    if ":" in said.words:
        return True
    return said.before[-1:] in ((":",), ("-",)) and not _LABELS.isdisjoint(said.before[-4:-1])


def _past(said: Said) -> bool:
    """An earlier event; "underwent removal of recurrent tumor" may tell of today."""
    if not said.has("history"):
        return False
    return not (
        "underwent" in said.before and _EARLIER.isdisjoint(said.before) and not _dated(said)
    )


def _begins(reading: Reading) -> bool:
    """Does the work itself show that treatment starts: organs still there, a first diagnosis?"""
    done = {m.concept for m in reading.mentions if m.status == "performed"}
    gone = {m.concept for m in reading.mentions if m.status == "historical"} & _BODILY
    adnexa = done & {"salpingo_oophorectomy", "oophorectomy"}
    whole = adnexa and done & _BESIDE and not gone
    whole = whole or ("hysterectomy" in done and bool(done & _NODES))
    if whole or "staging_laparotomy" in done:
        return True
    found = statements(reading, "malignancy", framed=True)
    return (
        any(
            (s.value == "suspected" and s.section in _FIRM)
            or (s.value == "confirmed" and s.section in BODY and _FROZEN & {*s.before, *s.after})
            for s in found
        )
        and not gone
    )


def _works_on_cancer(reading: Reading) -> bool:
    """Work on the cancer, or none told at all; a hernia repair after cancer is neither."""
    done = {m.concept for m in reading.mentions if m.status in ("performed", "attempted")} - _ACCESS
    return not done or not done.isdisjoint(_CANCER_WORK)


def _fact(reading: Reading, value: str, said: list[Said]) -> Fact:
    return Fact("disease_status", value, (), quotes(reading, said))


def _counts(said: Said) -> bool:
    """A statement about today's disease, neither denied nor about something else."""
    if said.section in ASIDE | {"residual"}:
        return False
    another = said.has("elsewhere") and said.section in PAST
    if another or said.has("family", "erroneous", "not_disease"):
        return False
    if not _RESERVED.isdisjoint(said.before[-8:]):
        return False  # "chemotherapy, which is restricted to recurrent disease"
    if said.has("negated") and said.value != "initial":
        return False
    if said.has("hypothetical") and said.value in ("interval", "interval_chemo", "initial"):
        return said.section in ("title", "postop_diagnosis")
    if said.value in ("initial", "interval") and _dated(said):
        return False
    if said.value == "initial" and (
        _SINCE.intersection(said.before[-3:]) or said.after[:2] in _HAD_BEEN or _another_day(said)
    ):
        return False  # "after her first operation", "her first treatment had been"
    if said.value == "unclear" and said.words[-1] in ("persist", "persisted", "persisting"):
        return not _OF_DISEASE.isdisjoint((*said.before[-5:], *said.words))
    told = said.section == "narrative" or (
        said.words == ("persistent",) and said.section in ("indications", "history", "findings")
    )
    if said.value != "unclear" or not told or len(said.words) > 1:
        return True
    # Oozing persists too, and work progresses; a margin's persistent tumour is no status.
    return not said.has("proof") and not _GROWTH.isdisjoint(said.after[:1])


def _another_day(said: Said) -> bool:
    """ "First operation in January in a district hospital"."""
    if _FIRST_WORK.isdisjoint(said.words[-1:]) or said.section in DIAGNOSES | {"title", "addendum"}:
        return False
    return not _EARLIER_DAY.isdisjoint((*said.before[-2:], *said.after[:7]))


def _dated(said: Said) -> bool:
    """ "Primary debulking 2019" is an earlier operation."""
    near = (*said.before[-2:], *said.after[:4])
    return said.section in _DATED and any(_YEAR.fullmatch(n) for n in near)


def _to_come(reading: Reading, said: Said) -> bool:
    """Chemotherapy named after all the work is told, and not as given, is the plan."""
    if said.section in _FIRM - {"addendum"} or not _GIVEN.isdisjoint(
        {*said.before, *said.after} - _SINCE
    ):
        return False
    place = reading.page.words[said.start].start
    return all(m.start < place for m in reading.mentions if m.status == "performed")


def _was_given(said: Said) -> bool:
    if said.has("negated", "hypothetical"):
        return False
    if said.section in DIAGNOSES | {"title"}:
        return True
    if any(_TIMES.fullmatch(n) and to == "-" for n, to in pairwise(said.after[:6])):
        return False  # "x3-4": how many will be given is not known
    near = {*said.before[-8:], *said.after[:8]} | (_GIVEN & {*said.words})  # "after chemo"
    if said.section in PAST and "cycle" in said.words and not _COUNTS.isdisjoint(said.before[-2:]):
        return True  # "three cycles, scan much better, so today"
    if _GIVEN & near or "cycle" in near:
        return True
    return any(_TIMES.fullmatch(n) for n in near)
