"""How the abdomen was reached at the end of the operation."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
_LEAK = frozenset(
    "rectum rectal bowel saline air leak sigmoid anastomosis rectosigmoid proctoscope bubble "
    "escape underwater".split()
)
_AS_HEADING = frozenset({"consent", "consented"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_SCAR = frozenset("scar old previous prior".split())
_REOPENED = frozenset(
    "through along over in opened reopened re-opened excized incized entered used via within "
    "down using".split()
)


def approach(reading: Reading) -> Fact:
    """Converted outweighs the parts; scope words to the end outweigh landmarks of the midline."""
    told: dict[str, list[Said]] = {}
    later: dict[str, list[Said]] = {}
    found = [s for s in statements(reading, "approach") if _counts(s)]
    # Where the layout took the telling for a consent or another list, that list is read.
    today = [s for s in found if s.section in _TODAY] or [s for s in found if s.section not in PAST]
    for said in today:
        told.setdefault(said.value, []).append(said)
        if said.section in BODY:
            later.setdefault(said.value, []).append(said)
    mentioned = [
        i for i, m in enumerate(reading.mentions)
        if m.concept == "exploratory_laparotomy" and m.status == "performed"
    ]  # fmt: skip
    evidence = tuple(mentioned)
    opened = later.get("open", [])
    scopes = ("laparoscopic", "robotic", "ports_out")
    scoped = sorted((s for name in scopes for s in later.get(name, ())), key=lambda s: s.start)
    minimal = [*told.get("laparoscopic", ()), *told.get("robotic", ())]
    turned = told.get("converted", ())
    if turned and (minimal or any(_names_turn(s) for s in turned)):
        return _fact(reading, "converted", [*turned, *opened[:2]], evidence)
    entered = [s for s in scoped if _enters(s)] or (scoped if len(scoped) > 1 else [])
    out = later.get("ports_out", ())
    # Once the ports are out, even a bare "midline" is the way in.
    through = [
        s for s in later.get("open_weak", ())
        if _CUT.intersection(s.words) and any(0 < s.start - o.start < 15 for o in out)
    ]  # fmt: skip
    after = [s for s in (*opened, *through) if entered and s.start > entered[0].start]
    if after and (through or not told.get("extraction") or len(opened) > 2):
        return _fact(reading, "converted", [entered[0], *after[:2]], evidence)
    inside = any(
        m.concept not in _OUTSIDE and m.status in ("performed", "attempted")
        for m in reading.mentions
    )
    sure = [s for s in minimal if inside or any(w.startswith(_CERTAIN) for w in s.words)]
    titled = any(s.section == "title" for s in told.get("open", ())) and not any(
        s.section == "title" for s in minimal
    )
    if titled and len(scoped) < 2:
        sure = []
    if sure and (not opened or (entered and told.get("extraction"))):
        robotic = told.get("robotic")
        if scoped or not told.get("open"):
            return _fact(reading, "robotic" if robotic else "laparoscopic", robotic or sure)
    strong, weak = told.get("open", []), told.get("open_weak", [])
    if mentioned or (strong and (inside or _abdominal([*strong, *weak]))):
        return _fact(reading, "open", opened or strong or weak, evidence)
    if told.get("elsewhere"):
        return Fact("approach", "unknown", (), quotes(reading, told["elsewhere"]))
    if told.get("vaginal") and not weak:
        return _fact(reading, "vaginal", told["vaginal"])
    if weak and (inside or _abdominal(weak)):
        return _fact(reading, "open", weak)
    return Fact("approach", "unknown")


def _enters(said: Said) -> bool:
    """Does a scope's name tell of its use in this operation?"""
    near = (*said.before[-3:], *said.after[:3])
    return not _ACCESS.isdisjoint(said.words) or not _BEGUN.isdisjoint(near)


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
    if said.has("device", "family"):
        return False
    if said.value == "open" and "mm" in said.before[-5:]:
        return False  # a port's
    if said.value == "open_weak" and _SCAR.intersection(
        said.words
    ):  # an old scar may be seen or reopened
        return bool(_REOPENED.intersection((*said.before[-4:], *said.after[:3])))
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
