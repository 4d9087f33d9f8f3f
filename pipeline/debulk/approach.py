"""How the abdomen was reached at the end of the operation."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from debulk.page import BODY
from debulk.reading import Reading
from debulk.said import PAST, Said, quotes, statements
from debulk.values import Fact

_TODAY = BODY | {"title", "header", "complications", "blood_loss", "anesthesia", "date"}
_ACCESS = frozenset(
    "trocar trochar pneumoperitoneum veress insufflation insufflated hasson optiview visiport "
    "port camera scope docked undocked redocked console desufflated exsufflated endocatch "
    "endobag".split()
)
_PUT_IN = frozenset("introduced inserted placed passed advanced put".split())
_BEGUN = frozenset(
    "first attempted attempt started began begun initial initially portion done performed "
    "commenced start out".split()
)
_CUT = frozenset("midline vertical xiphoid pubis symphysis".split())
_CERTAIN = (
    "laparosc",
    "pneumoperi",
    "veress",
    "robot",
    "docked",
    "console",
    "davinci",
    "vinci",
    "hand",
    "tlh",
)
_ABDOMEN = frozenset(
    "peritoneal peritoneum abdomen abdominal belly xiphoid umbilicus umbilical infraumbilical "
    "supraumbilical pubis symphysis xiphopubic laparotomy celiotomy relaparotomy pfannenstiel "
    "maylard cherney balfour bookwalter o'connor omni omni-tract subcostal chevron paramedian "
    "rectus tah hysterectomy ascite liver bowel omentum uterus pelvis pelvic".split()
)
_TURN = frozenset(
    "open laparotomy celiotomy laparoscopic laparoscopy robotic robot midline".split()
)
_OUTSIDE = frozenset(
    "port_placement injury_repair drain_placement cystoscopy inguinal_lymphadenectomy "
    "vaginectomy ureteral_stent hernia_repair".split()
)
"""Concepts that do not show that the abdomen was entered."""
_INSIDE = frozenset(
    "omentectomy diaphragm_stripping diaphragm_resection peritonectomy small_bowel_resection "
    "colectomy rectosigmoid_resection splenectomy pelvic_lymphadenectomy tumor_excision "
    "paraaortic_lymphadenectomy adhesiolysis hipec".split()
)
_LEAK = frozenset(
    "rectum rectal bowel saline air leak sigmoid anastomosis rectosigmoid proctoscope bubble "
    "escape underwater".split()
)
_LISTS = frozenset({"disposition", "staff", "other"})
_GAS = frozenset(
    "trocar trochar pneumoperitoneum veress insufflation insufflated hasson optiview docked gas "
    "robot undocked cutdown".split()
)
_SCOPES = frozenset({"scope", "camera", "telescope"})
_OTHER_SCOPES = frozenset(
    "cystoscope cystoscopy cystoscopic hysteroscope hysteroscopy proctoscope colonoscope "
    "sigmoidoscope rectoscope thoracoscope thoracoscopy urethra orifice endoscope gastroscope "
    "laryngoscope laryngoscopy bronchoscope tracheotomy ureteroscope arthroscope nasal "
    "held".split()
)
_SIZE = re.compile(r"\d+(?:\.\d+)?")
_LONG = 9.0
_AS_HEADING = frozenset({"consent", "consented"})
_BELLY = re.compile(r"lap|celi|coeli|abd|belly|periton|pfann", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_BESIDE = (("cystoscopy",), ("hysteroscopy",))
_UNTICKED = ("[", "]")
_TIMES = frozenset(
    "ago earlier last previous previously prior former formerly outside elsewhere partner "
    "colleague referred since after before week month year had been january february march april "
    "may june july august september october november december original originally "
    "chemotherapy outpatient diagnosed".split()
)
"""Words of the story told before the work: a scope beside them was used at another time."""
_BY_OTHERS = frozenset("partner colleague ago outside elsewhere outpatient".split())
_SITE = frozenset("site scar incision hernia wound".split())
_SEWN = frozenset(
    "closed closure inspected infiltrated sutured made injected hemostatic removed extended "
    "enlarged".split()
)
_NO_TURN = frozenset(
    "general sinus rhythm spinal epidural ga geta lma intubation regional sedation heparin".split()
)
_THROUGH = frozenset("through via along opening reopening within re-entered".split())
_SCAR = frozenset("scar old previous prior".split())
_REOPENED = frozenset(
    "through along over in opened reopened re-opened excized incized entered used via within "
    "down using".split()
)


def approach(reading: Reading) -> Fact:
    """Converted outweighs the parts; scope words to the end outweigh landmarks of the midline."""
    told: dict[str, list[Said]] = {}
    later: dict[str, list[Said]] = {}
    for said in _today(reading):
        told.setdefault(said.value, []).append(said)
        if said.section in BODY or _gas(said):
            later.setdefault(said.value, []).append(said)
    mentioned = tuple(
        i for i, m in enumerate(reading.mentions)
        if m.concept == "exploratory_laparotomy" and m.status == "performed"
    )  # fmt: skip
    opened, weakly = later.get("open", []), later.get("open_weak", [])
    scopes = ("laparoscopic", "robotic", "ports_out")
    scoped = sorted((s for name in scopes for s in later.get(name, ())), key=lambda s: s.start)
    used = [s for s in scoped if _enters(s)]
    minimal = [*told.get("laparoscopic", ()), *told.get("robotic", ())]
    turned = [s for s in told.get("converted", ()) if _NO_TURN.isdisjoint(s.after[:6])]
    if turned and (minimal or any(_names_turn(s) for s in turned)):
        return _fact(reading, "converted", [*turned, *opened[:2]], mentioned)
    out = later.get("ports_out", ())
    # Once the ports are out, even a bare "midline" is the way in.
    through = [
        s for s in weakly
        if _CUT.intersection(s.words) and (
            any(0 < s.start - o.start < 15 for o in out) or _long(s)
        )
    ]  # fmt: skip
    entered = used or (scoped if len(scoped) > 1 else [])
    after = [s for s in (*opened, *through) if entered and s.start > entered[0].start]
    if after and (through or not told.get("extraction") or len(opened) > 2):
        return _fact(reading, "converted", [entered[0], *after[:2]], mentioned)
    inside = any(
        m.concept not in _OUTSIDE
        and m.status in ("performed", "attempted")
        and (m.concept != "exploratory_laparotomy" or _BELLY.search(m.text))
        for m in reading.mentions
    )
    elsewhere = [s for s in told.get("elsewhere", ()) if not inside or s.words not in _BESIDE]
    certain = [s for s in minimal if any(w.startswith(_CERTAIN) for w in s.words)]
    sure = minimal if inside and not elsewhere else certain
    titled = any(s.section == "title" for s in told.get("open", ())) and not any(
        s.section == "title" for s in minimal
    )
    if titled and len(scoped) < 2:
        sure = []
    # A scope held into an open belly for its light is no way in.
    cut = [s for s in weakly if not _CUT.isdisjoint(s.words)]
    if cut and not used and all(s.section in BODY and s.start > cut[0].start for s in minimal):
        sure = []
    if sure and (not opened or (entered and told.get("extraction"))):
        robotic = told.get("robotic")
        if scoped or not told.get("open"):
            return _fact(reading, "robotic" if robotic else "laparoscopic", robotic or sure)
    strong, weak = told.get("open", []), told.get("open_weak", [])
    belly = inside or _abdominal([*strong, *weak])
    # A neck or a knee is cut in the midline too.
    plain = any(_BELLY.search(reading.mentions[i].text) for i in mentioned)
    if plain or ((strong or mentioned) and belly):
        return _fact(reading, "open", opened or strong or weak, mentioned)
    if elsewhere:
        return Fact("approach", "unknown", (), quotes(reading, elsewhere))
    if told.get("vaginal") and not weak:
        return _fact(reading, "vaginal", told["vaginal"])
    if weak and belly:
        return _fact(reading, "open", weak)
    if not told and _deep(reading):
        return Fact("approach", "open", (), (), False)  # no scope, no opening told: inferred
    return Fact("approach", "unknown")


def _deep(reading: Reading) -> bool:
    """Is work told that is done inside the abdomen alone, and a debulking named?"""
    performed = [m for m in reading.mentions if m.status == "performed"]
    named = any(m.concept == "tumor_debulking" for m in performed)
    return named and len({m.concept for m in performed if m.section in BODY} & _INSIDE) > 1


def _today(reading: Reading) -> list[Said]:
    """The statements about the way into this operation."""
    past = _past_sentences(reading)
    norms = reading.page.norms
    starts = [sentence.start for sentence in reading.page.sentences]
    found = [
        s for s in statements(reading, "approach")
        if _counts(s) and not _other_scope(norms, s) and not (
            s.value in ("laparoscopic", "robotic")
            and _ACCESS.isdisjoint(s.words)
            and (_at_another_time(s) or bisect_right(starts, s.start) - 1 in past)
        )
    ]  # fmt: skip
    kept = [s for s in found if s.section in _TODAY or _gas(s)]
    if any(s.value not in ("elsewhere", "vaginal") for s in kept):
        return kept
    # Where the layout took the telling for a consent or another list, that list is read.
    return [s for s in found if s.section not in PAST]


def _gas(said: Said) -> bool:
    """Trocars and gas are told of the work alone, whatever list the layout took it for."""
    return said.section in _LISTS and not _GAS.isdisjoint(said.words)


def _other_scope(norms: Sequence[str], said: Said) -> bool:
    """A scope of the bladder or the bowel, or one held into an open wound for its light."""
    if _SCOPES.isdisjoint(said.words):
        return False
    return not _OTHER_SCOPES.isdisjoint(norms[max(0, said.start - 30) : said.end + 5])


def _long(said: Said) -> bool:
    """ "A 20 cm midline" opens the abdomen; a short one takes a specimen out."""
    near = (*said.before[-4:], *said.after[:4])
    return any(
        unit == "cm" and _SIZE.fullmatch(size) and float(size) >= _LONG
        for size, unit in pairwise(near)
    )


def _past_sentences(reading: Reading) -> frozenset[int]:
    """The sentences that tell of nothing but earlier work."""
    page = reading.page
    starts = [page.words[sentence.start].start for sentence in page.sentences]
    told: dict[int, bool] = {}
    for mention in reading.mentions:
        at = bisect_right(starts, mention.start) - 1
        told[at] = told.get(at, True) and mention.status == "historical"
    return frozenset(at for at, past in told.items() if past)


def _at_another_time(said: Said) -> bool:
    """A scope named without ports or docking, in the words of the story told before the work."""
    if said.section == "title":
        return False
    near = (*said.before, *said.after)
    if not _BY_OTHERS.isdisjoint(near):
        return True
    put_in = not _PUT_IN.isdisjoint((*said.before[-4:], *said.after[:4]))
    return not put_in and not _TIMES.isdisjoint(near)


def _enters(said: Said) -> bool:
    """Does a scope's name tell of its use in this operation?"""
    near = (*said.before[-3:], *said.after[:3])
    if not _ACCESS.isdisjoint(said.words) or not _BEGUN.isdisjoint(near):
        return True
    return not _PUT_IN.isdisjoint((*said.before[-5:], *said.after[:3]))


def _fact(
    reading: Reading, value: str, said: Iterable[Said], evidence: tuple[int, ...] = ()
) -> Fact:
    return Fact("approach", value, evidence, quotes(reading, said))


def _names_turn(said: Said) -> bool:
    """Does a conversion say from or to what? A rhythm is converted too."""
    turns = any(w.startswith(("conver", "laparosc", "robot")) for w in said.words)
    return turns and not _TURN.isdisjoint((*said.words, *said.after[:6]))


def _abdominal(said: Iterable[Said]) -> bool:
    """Do the words around tell of an abdomen? A knee is opened in the midline too."""
    return any(not _ABDOMEN.isdisjoint((*s.before, *s.words, *s.after)) for s in said)


def _counts(said: Said) -> bool:
    """Work of this operation: not an earlier one, not a plan, not a thing that bears the name."""
    if said.has("device", "family") or said.before[-2:] == _UNTICKED:
        return False
    if said.value == "open" and "mm" in said.before[-5:]:
        return False  # a port's
    if said.value == "open_weak" and _SCAR.intersection(said.words):
        # An old scar may be seen or reopened.
        return bool(_REOPENED.intersection((*said.before[-4:], *said.after[:3])))
    if said.words == ("midline",) and _SCAR.intersection(said.before[-1:]):
        return not _THROUGH.isdisjoint(said.before[-4:-1])
    if said.after[:1] and said.after[0] in _SITE and not _ACCESS.isdisjoint(said.words):
        return not _SEWN.isdisjoint(said.after[1:6])  # "scar tissue at the trocar sites"
    if said.value in ("laparoscopic", "robotic") and any(
        _YEAR.fullmatch(n) for n in said.after[:8]
    ):
        return False
    if said.words[0] in ("insufflation", "insufflated") and _LEAK.intersection(
        (*said.before[-6:], *said.after[:8])
    ):
        return False
    if said.words == ("conversion",) and _AS_HEADING.issubset(said.after[:3]):
        return False
    return not said.has("negated", "history", "hypothetical", "earlier")
