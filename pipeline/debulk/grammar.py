"""Action x anatomy: what was done to what, read off the terms of a sentence.

"The uterus, tubes and ovaries were removed en bloc", "we then took the omentum off the colon",
"removal of the nodules", "It was then divided and handed off".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from debulk import named, tables, words
from debulk.lexicon import Hit, Term
from debulk.page import FINITE, Extent, Page
from debulk.roles import Roles, is_passive

BASINS = ("pelvic", "paraaortic", "inguinal")
_AGENTS = frozenset("i we he she surgeon resident fellow team dr".split())
_PRONOUNS = frozenset("it they these this both which those that all specimen latter each former them everything".split())
_CLAUSE_STARTS = frozenset("after while when because since until once before whereupon".split())
_LIMITS = frozenset(
    "from to above below level up down distal proximal until caudad cephalad bifurcation beginning "
    "origin takeoff off crossing insertion between".split()
)
_SAMPLES = frozenset(
    "snip snippet sliver fragment bit sample wedge strip piece edge tag corner nubbin tip core".split()
)
_HEAVY = frozenset("small_bowel colon rectosigmoid liver bladder_wall vagina abdomen incision bowel".split())
_CUT = frozenset("divided transected stapled stapler gia resected anastomosis".split())


_CLAIMED = frozenset(
    "omentectomy hysterectomy salpingo_oophorectomy oophorectomy salpingectomy appendectomy splenectomy "
    "cholecystectomy distal_pancreatectomy pelvic_lymphadenectomy paraaortic_lymphadenectomy".split()
)
_HINTS = frozenset("omentum uterus adnexa ovary tube appendix spleen gallbladder".split())
_ROOMS = frozenset("operating recovery or pacu icu room intensive floor theater surgery".split())
_OPENINGS = frozenset("midline xiphopubic subcostal chevron xiphoid xiphoid-to-pubis pfannenstiel".split())
_NO_OPENING = frozenset("trocar port scar hernia closure closed prior previous old history defect veress lap".split())
_TURNS = frozenset("but except conserved preserved spared retained kept leaving sparing preserving left".split())
_AROUND = frozenset({"peritoneum", "bladder_wall", "vagina", "diaphragm", "bowel", "elsewhere"})  # a rim of it leaves with a tumour
_COMPANY = frozenset({"with", "together", "along", "including", "plus", "attached"})
_TAKEN = frozenset("taken obtained done performed sent collected made carried off submitted random multiple".split())
_BIOPSY_OF = {
    "omentum": "omental_biopsy", "peritoneum": "peritoneal_biopsy", "peritoneal_site": "peritoneal_biopsy", "diaphragm": "peritoneal_biopsy",
    "liver": "liver_biopsy", "tumor": "peritoneal_biopsy",
}  # fmt: skip
_UNDONE = frozenset("not no n/a none nil normal soft negative neg deferred enlarged mass tumor nodule opened".split())
_LISTED = frozenset("omentum uterus adnexa ovary tube".split())
_LOOKED = frozenset(
    "normal soft nodular cake thin unremarkable clean smooth free adherent involved replaced enlarged lifted "
    "palpated inspected seen looked appeared retracted packed reflected elevated shrunken fatty held brought "
    "flipped surveyed healthy intact fine ok".split()
)


class Find(NamedTuple):
    """A mention found: its concept, its words, the head words that named it, its attributes."""

    concept: str
    start: int
    end: int
    head: Extent
    attributes: dict[str, str]
    verb: Extent | None  # the action, where one was told
    fate: str  # the status that a fate ("left in situ", "absent") gives, else ""


@dataclass(frozen=True)
class Rule:
    """A row of `knowledge/grammar.tsv`."""

    concept: str
    attributes: dict[str, str]
    needs: frozenset[str]
    bars: frozenset[str]


@cache
def rules() -> dict[tuple[str, str, str], tuple[Rule, ...]]:
    """The grammar by organ, action and region."""
    found: dict[tuple[str, str, str], tuple[Rule, ...]] = {}
    for row in tables.rows("grammar"):
        rule = Rule(
            row["concept"],
            tables.attributes(row["attributes"]),
            frozenset(w for term in tables.terms(row["needs"]) for w in words.norms(term)),
            frozenset(w for term in tables.terms(row["bars"]) for w in words.norms(term)),
        )
        key = (row["organ"], row["action"], row["region"])
        found[key] = (*found.get(key, ()), rule)
    return found


@cache
def _regional() -> frozenset[str]:
    return frozenset(organ for organ, _, region in rules() if region)


@cache
def _fates() -> dict[str, str]:
    return {
        " ".join(words.norms(term)): row["status"]
        for row in tables.rows("fates")
        for term in tables.terms(row["terms"])
    }


@cache
def _usual() -> dict[str, tuple[str, ...]]:
    """The usual removal of an organ."""
    return {row["organ"]: tuple(row["concept"].split()) for row in tables.rows("spared")}


class Reader:
    """Reads the sentences of one page in order; carries subjects from one to the next."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.norms = page.norms
        self.carried: list[Hit] = []
        self.opened = False
        self.idle = 0  # sentences since then
        self.topic: list[str] = []  # the node basins last spoken of

    def finds(self) -> Iterator[Find]:
        """The mentions of the page in reading order."""
        sentences = self.page.sentences
        headings = {w for s in self.page.sections for w in range(s.heading, s.start)}
        body = [h for h in self.page.hits if h.start not in headings]
        for index, hits in enumerate(_by_extent(sentences, body)):
            self.idle += 1
            if self.idle > 3:
                self.carried = []
            if not any(h.term.kind in ("procedure", "organ", "region", "action") for h in hits):
                continue
            following = sentences[index + 1] if index + 1 < len(sentences) else None
            yield from self._sentence(sentences[index], following, hits)

    def _sentence(
        self, sentence: Extent, following: Extent | None, hits: Sequence[Hit]
    ) -> Iterator[Find]:
        spoken = _outermost([h for h in hits if h.term.kind == "procedure"])
        free = [h for h in hits if not any(n.start <= h.start and h.end <= n.end for n in spoken)]
        organs = _outermost([h for h in free if h.term.kind == "organ"])
        covered = {i for o in organs for i in range(o.start, o.end)}
        regions = [h for h in free if h.term.kind == "region"]
        basins = [r for r in regions if r.start not in covered]
        for term, start, end, head, basin in named.procedures(self.page, sentence, spoken, regions):
            if term.name == "nodes":
                yield from self._unnamed_nodes(term, start, end, head, basin)
            elif term.name != "ignore":
                fate = "not_performed" if self._unchecked(start) else ""
                at = Extent(start - 2, start) if fate else None
                if term.name.endswith("_biopsy") and (low := self._needle(start, end)):
                    fate, at = "historical", low
                yield Find(term.name, start, end, head, dict(term.attributes), at, fate)
        self._note_topic(basins, spoken)
        yield from self._opened(sentence)
        yield from _Told(self, sentence, following, organs, regions, basins, free).finds()
        if self.page.section_of[sentence.start] not in ("narrative", "findings", "addendum"):
            self.carried = []

    def _needle(self, start: int, end: int) -> Extent | None:
        """A core or image-guided biopsy, or one that "showed" something, came before the operation."""
        for at in range(max(0, start - 4), end):
            if self.norms[at] in ("core", "needle", "guided", "percutaneous", "image-guided", "ct-guided", "ir"):
                return Extent(at, at + 1)
        for at in range(end, min(end + 4, len(self.norms))):
            if self.norms[at] in ("showed", "revealed", "proved", "confirmed", "demonstrated", "proven"):
                return Extent(at, at + 1)
        return None

    def _unchecked(self, start: int) -> bool:
        """A box of a template that was left empty: "[ ] PLND"."""
        return self.norms[max(0, start - 2) : start] == ["[", "]"]

    def _opened(self, sentence: Extent) -> Iterator[Find]:
        """ "Midline, 25 cm." - a terse surgeon's way to say that the abdomen was opened."""
        if self.page.section_of[sentence.start] != "narrative" or self.opened:
            return
        inside = self.norms[sentence.start : sentence.end]
        if not _OPENINGS.intersection(inside) or any(n in FINITE for n in inside):
            return
        if _NO_OPENING.intersection(inside):
            return
        at = sentence.start + next(i for i, n in enumerate(inside) if n in _OPENINGS)
        if at - sentence.start > 9:
            return
        self.opened = True
        yield Find("exploratory_laparotomy", at, at + 1, Extent(at, at + 1), {}, None, "")

    def _unnamed_nodes(
        self, term: Term, start: int, end: int, head: Extent, basins: Sequence[str]
    ) -> Iterator[Find]:
        """ "A lymph node dissection": the basins of its clause, else left to its status."""
        for basin in basins or ("pelvic", "paraaortic"):
            attributes = dict(term.attributes)
            if not basins:
                attributes["basin"] = "topic" if basin in self.topic else "unstated"
            yield Find(f"{basin}_lymphadenectomy", start, end, head, attributes, None, "")

    def _note_topic(self, regions: Sequence[Hit], spoken: Sequence[Hit]) -> None:
        found = [r.term.name for r in regions if r.term.name in BASINS]
        found += [n.term.name.split("_")[0] for n in spoken if n.term.name.endswith("_lymphadenectomy")]
        if found:
            self.topic = list(dict.fromkeys(found))


class _Told:
    """The mentions of one sentence that are told by action and anatomy."""

    def __init__(
        self,
        reader: Reader,
        sentence: Extent,
        following: Extent | None,
        organs: Sequence[Hit],
        regions: Sequence[Hit],
        basins: Sequence[Hit],
        hits: Sequence[Hit],
    ) -> None:
        self.reader, self.page, self.norms = reader, reader.page, reader.norms
        self.sentence, self.following, self.regions = sentence, following, regions
        self.roles = Roles(reader.page, sentence, hits)
        vessels = [
            Hit(r.start, r.end, r.term._replace(kind="organ", name="vessel"))
            for r in basins
            if r.term.name in BASINS
            and not self.roles.landmark(r.start)
            and not any(r.end <= o.start <= r.end + 3 and o.term.name == "node" for o in organs)
        ]
        self.things = sorted([*organs, *vessels], key=lambda h: h.start)
        starts = {h.end: h for h in organs}
        self.actions = [
            h for h in hits if h.term.kind == "action" and self._acts(h, starts)
        ]
        self.done: set[tuple[int, str]] = set()
        self.told: dict[tuple[int, str], int] = {}
        # A sentence that names only the instrument leans on the one before it.
        self.organless = all(o.term.name in ("argon", "specimen") for o in organs)

    def _acts(self, hit: Hit, organ_ends: dict[int, Hit]) -> bool:
        """A bare "out" removes only right behind an organ ("appendix out, omentum out")."""
        after = self.norms[hit.end : hit.end + 4]
        if self.norms[hit.end - 1] == "taken" and after[:1] == ["to"] and _ROOMS.intersection(after):
            return False
        if hit.end - hit.start == 1 and self.norms[hit.start] == "left":
            return self.norms[hit.start - 1] in ("was", "were", "drain", "stent")
        if hit.end - hit.start == 1 and self.norms[hit.start] in ("out", "off"):
            bare = (".", ",", ";", "whole", "in", "with", "intact", "and", "en")
            organ = hit.start in organ_ends or (
                self.norms[hit.start - 1] == "all" and hit.start - 1 in organ_ends
            )
            return organ and ((after[:1] or ["."])[0] in bare or after[0].isdigit())
        return True

    def finds(self) -> Iterator[Find]:
        """The mentions in reading order."""
        reader = self.reader
        if not self.things and not (self.actions and reader.carried):
            return
        roles = self.roles.of(self.things)
        yield from self._boxes()
        yield from self._acted(roles)
        yield from self._biopsied()
        yield from self._lacking()
        yield from self._fated(roles)
        section = self.page.section_of[self.sentence.start]
        if section in ("specimens", "title"):
            yield from self._specimens(roles, section)
        elif section == "narrative":
            yield from self._hinted(roles)
        subjects = [h for h in self.things if roles[h.start] != "landmark" and h.term.name != "vessel"]
        if subjects:
            reader.carried, reader.idle = subjects[-5:], 0

    def _acted(self, roles: dict[int, str]) -> Iterator[Find]:
        norms, sentence = self.norms, self.sentence
        group: list[Hit] = []
        closed = False  # the group has its verb; the next subject starts another
        awaiting: list[Hit] = []  # an active verb or "removal of" that waits for its object
        verb: list[Hit] = []
        vessels: list[Hit] = []  # "the iliac vessels were cleared": no subject of other actions
        position = sentence.start
        for event in self._events():
            first = event[0]
            between = norms[position : first.start]
            if first.term.kind == "organ":
                if roles[first.start] == "landmark":
                    continue
                if awaiting and (_finite(between) or _TURNS.intersection(between)):
                    awaiting = []
                if first.term.name == "vessel":
                    vessels = [first]
                    if awaiting and first.start - awaiting[0].end <= 9:
                        yield from self._emit(first, awaiting)
                    continue
                joined = bool(group) and self.roles.joined(first, group[-1])
                if awaiting and first.term.name in _AROUND and "with" in between:
                    continue
                if awaiting and (first.start - awaiting[0].end <= 9 or joined):
                    yield from self._emit(first, awaiting)
                    group = [*group, first] if joined else [first]
                    closed, verb = True, awaiting
                elif closed and verb and first.term.name not in _AROUND | {"tumor"} and (
                    self._with(verb[0], first) or (joined and group[-1].start > verb[0].start)
                ):
                    yield from self._emit(first, verb)
                    group.append(first)
                else:
                    last = group[-1].end if group else sentence.start
                    if closed or (group and not joined and _finite(norms[last : first.start])):
                        group, closed = [], False
                    group.append(first)
                position = max(position, first.end)
                continue
            near = norms[max(sentence.start, first.start - 8) : first.start]
            past = [h for h in event if h.term.form == "past"]
            base = [h for h in event if h.term.form == "base" or self._of(h)]
            if past:
                agent = any(n in _AGENTS for n in near[-6:])
                targets = self._subjects(group, first, near, agent)
                if len(targets) > 1:  # "the tube and ovary with the sidewall peritoneum"
                    targets = [
                        t for t in targets
                        if t.term.name not in _AROUND or "with" not in norms[max(0, t.start - 4) : t.start]
                    ]  # fmt: skip
                bared = [h for h in past if h.term.name in ("clear", "skeletonize")]
                if vessels and bared:
                    yield from self._emit(vessels[0], bared)
                for organ in targets:
                    yield from self._emit(organ, past)
                if targets:
                    closed, verb = True, past
                if not targets and (agent or not is_passive(near)):
                    awaiting = past
            if base and not past:
                awaiting = base
            elif not past and group and group[-1].end >= first.start - 1 and not closed:
                yield from self._emit(group[-1], event)
            position = max(position, *(h.end for h in event))

    def _of(self, hit: Hit) -> bool:
        return self.norms[hit.end : hit.end + 1] == ["of"]

    def _events(self) -> Iterator[list[Hit]]:
        """Organs one by one, and actions that begin at the same word together."""
        actions: dict[int, list[Hit]] = {}
        for hit in self.actions:
            actions.setdefault(hit.start, []).append(hit)
        organs = {hit.start: [hit] for hit in self.things}
        for start in sorted({*actions, *organs}):
            yield organs.get(start) or actions[start]

    def _biopsied(self) -> Iterator[Find]:
        """ "A biopsy was taken of the edge of the omentum", "biopsies of both gutters were sent"."""
        norms, sentence = self.norms, self.sentence
        inside = norms[sentence.start : sentence.end]
        if "biopsy" not in inside:
            if _SAMPLES.intersection(inside) and {"cut", "clipped", "snipped", "taken"} & set(inside):
                at = sentence.start + next(i for i, n in enumerate(inside) if n in _SAMPLES)
                near = [h for h in self.things if h.term.name == "omentum" and 0 < h.start - at < 14]
                if near and not any((h.start, c) in self.done for h in near for c in _CLAIMED):
                    yield from self._samples_of(at)
            return
        if not _TAKEN.intersection(inside):
            return
        at = sentence.start + inside.index("biopsy")
        yield from self._samples_of(at)

    def _samples_of(self, at: int) -> Iterator[Find]:
        for hit in self.things:
            concept = _BIOPSY_OF.get(hit.term.name)
            if concept is None or not -3 <= hit.start - at <= 30 or (hit.start, concept) in self.done:
                continue
            if any((hit.start, c) in self.done for c in ("omentectomy", "peritonectomy", "tumor_excision")):
                continue
            self.done.add((hit.start, concept))
            start, end = min(at, hit.start), max(at + 1, hit.end)
            head = Extent(at, at + 1)
            yield Find(concept, start, end, head, {}, None, "")

    def _with(self, verb: Hit, event: Hit) -> bool:
        """ "... was removed with the cervix, both ovaries and tubes"."""
        between = self.norms[verb.end : event.start]
        if _finite(between) or len(between) > 14 or "." in between or ";" in between:
            return False
        if _COMPANY.intersection(between[-4:]) and _COMPANY.intersection(between[:5]):
            return True
        # "the uterus was removed and the tubes and ovaries": nothing is said of them behind it.
        rest = self.norms[event.end : self.sentence.end]
        acted = any(a.start > event.start for a in self.actions) or _finite(rest)
        return between[:1] == ["and"] and len(between) < 5 and not acted

    def _subjects(
        self, group: Sequence[Hit], event: Hit, near: Sequence[str], agent: bool
    ) -> list[Hit]:
        """What a past form acts upon: its subject, or what the sentence before spoke of."""
        norms, sentence = self.norms, self.sentence
        if norms[event.end : event.end + 1] in (["it"], ["them"], ["this"], ["these"]):
            return list(group) or [h for h in self.reader.carried if self._carries(h)]
        relative = self._relative(event)
        if relative is not None:
            return [relative]
        if group:
            gap = norms[group[-1].end : event.start]
            if agent and not is_passive(near):
                return []
            if any(n in _CLAUSE_STARTS for n in gap):
                return []
            return list(group)
        if agent and not is_passive(near):
            return []
        lead = norms[sentence.start : event.start][:9]
        bare = event.start - sentence.start <= 3 and all(
            n in ("then", "and", "was", "were", ",", "also", "subsequently") for n in lead
        )
        if (any(n in _PRONOUNS for n in lead) and not self._spoken_before(event)) or bare:
            return [h for h in self.reader.carried if self._carries(h)]
        return []

    def _spoken_before(self, event: Hit) -> bool:
        return any(h.end <= event.start and h.term.name in _HINTS for h in self.things)

    def _relative(self, event: Hit) -> Hit | None:
        """The antecedent of "which was then removed": the thing just before "which"."""
        for at in range(event.start - 1, max(self.sentence.start, event.start - 7), -1):
            if self.norms[at] in ("which", "that") and (
                self.norms[at + 1] in FINITE or self.norms[at + 1] in _AGENTS
            ):
                before = [h for h in self.things if h.end <= at]
                if before and at - before[-1].end <= 3:
                    return before[-1]
        return None

    def _carries(self, hit: Hit) -> bool:
        if hit.term.name not in _HEAVY:
            return True
        low = max(0, self.sentence.start - 40)
        return bool(_CUT.intersection(self.norms[low : self.sentence.end]))

    def _emit(self, organ: Hit, actions: Sequence[Hit]) -> Iterator[Find]:
        for action in actions:
            yield from self._apply(organ, action)

    def _apply(self, organ: Hit, action: Hit) -> Iterator[Find]:
        name, act = organ.term.name, action.term.name
        options = rules()
        where = [""]
        if name in _regional():
            where = self._where(organ, action) or [""]
            if where == [""] and name == "node" and self._nodal(organ):
                where = ["pelvic", "paraaortic"]
        inside = self.sentence.start <= organ.start < self.sentence.end
        for region in where:
            found = options.get((name, act, region), ()) or options.get((name, act, ""), ())
            for rule in found:
                concept = self._sampled(rule.concept, organ, action)
                first = self.told.get((organ.start, concept))
                if first is not None and not (act == "remove" and action.start - first > 6):
                    continue
                sampled = concept != rule.concept
                weak = {} if sampled or self._allowed(rule) else {"weak": "yes"}
                if weak and (rule.bars or concept not in _CLAIMED):
                    continue
                again = (organ.start, concept) in self.done and first is not None
                self.done.add((organ.start, concept))
                self.told[(organ.start, concept)] = action.start
                start = min(organ.start, action.start) if inside else action.start
                end = max(organ.end, action.end) if inside else action.end
                if end - start > 28:
                    start, end = (organ.start, organ.end) if inside else (action.start, action.end)
                if again:  # told once more, of another moment: "never removed before ... now handed off"
                    start, end = action.start, action.end
                attributes = {**organ.term.attributes, **rule.attributes, **weak}
                if name == "node" and len(where) > 1 and not self.regions:
                    attributes["basin"] = "topic" if region in self.reader.topic else "unstated"
                if not inside:
                    attributes["carried"] = self.norms[organ.start]
                whole = inside and not again
                head = Extent(organ.start, organ.end) if whole else Extent(action.start, action.end)
                yield Find(
                    concept, start, end, head, attributes, Extent(action.start, action.end), ""
                )

    def _nodal(self, organ: Hit) -> bool:
        return any(
            n in ("node", "nodal", "lymph", "lymphatic", "lymphadenopathy")
            for n in self.norms[organ.start : organ.end]
        )

    def _sampled(self, concept: str, organ: Hit, action: Hit) -> str:
        """A snip of the omentum for diagnosis is a biopsy."""
        if concept == "omentectomy":
            if self._small_piece(organ):
                return "omental_biopsy"
            between = self.norms[organ.end : action.start]
            if _SAMPLES.intersection(between) and {"small", "tiny", "cm"} & set(between):
                return "omental_biopsy"
            low = max(self.sentence.start, organ.start - 7)
            before = self.norms[low : organ.start]
            if "of" in before[-3:] and _SAMPLES.intersection(before[-5:]):
                return "omental_biopsy"
            after = self.norms[organ.end : organ.end + 4]
            if {"small", "tiny"} & set(before[-3:]) and _SAMPLES.intersection(after):
                return "omental_biopsy"
        return concept

    def _small_piece(self, organ: Hit) -> bool:
        """ "A 1.5 cm portion of the omentum": a piece of up to 4 cm is taken for diagnosis."""
        low = max(self.sentence.start, organ.start - 12)
        before = self.norms[low : organ.start]
        if "of" not in before or not ({"cm", "mm"} & set(before)):
            return False
        sizes = [float(n) for n in before if n.replace(".", "", 1).isdigit()]
        return bool(sizes) and max(sizes) <= (4 if "cm" in before else 40)

    def _allowed(self, rule: Rule) -> bool:
        if not rule.needs and not rule.bars:
            return True
        end = self.following.end if self.following else self.sentence.end
        start = max(0, self.sentence.start - (25 if self.organless else 0))
        if rule.concept == "adhesiolysis":
            end = self.sentence.end
        if rule.needs and not rule.needs.intersection(self.norms[start:end]):
            return False
        return not rule.bars.intersection(self.norms[self.sentence.start : self.sentence.end])

    def _where(self, organ: Hit, action: Hit) -> list[str]:
        """The regions an organ lies in: its own clause first, then the sentence, then the topic."""
        regions = self.regions
        if organ.term.name == "vessel":
            return [r.term.name for r in regions if r.start == organ.start and r.term.name in BASINS]
        inside = self.sentence.start <= organ.start < self.sentence.end
        near = regions
        if inside and len(regions) > 1:
            clauses = self.page.clauses(self.sentence)
            own = next((c for c in clauses if c.start <= organ.start < c.end), self.sentence)
            near = [r for r in regions if own.start <= r.start < own.end] or regions
        if organ.term.name != "node":
            return list(dict.fromkeys(r.term.name for r in near))[:3]
        own = [
            r for r in near
            if organ.start - 9 <= r.start < organ.start and not self.roles.landmark(r.start)
            or organ.start <= r.start <= max(action.end, organ.end)
        ]  # fmt: skip
        if own and inside:
            near = own
        firm = [r for r in near if not self._is_limit(r)]
        chosen = [r.term.name for r in (firm or near)]
        if not firm and "paraaortic" in chosen and not any(
            self.norms[r.start] in ("obturator", "external", "hypogastric") for r in near
        ):
            chosen = ["paraaortic"]
        basins = [name for name in dict.fromkeys(chosen) if name in BASINS]
        if basins or any(r.term.name == "celiac" for r in near):
            return basins
        negated = {"not", "no", "neither", "none"} & set(self.norms[self.sentence.start : self.sentence.end])
        if (self._nodal(organ) and not negated) or not inside:
            return list(self.reader.topic)
        return []

    def _is_limit(self, region: Hit) -> bool:
        return any(
            n in _LIMITS for n in self.norms[max(self.sentence.start, region.start - 4) : region.start]
        )

    def _fated(self, roles: dict[int, str]) -> Iterator[Find]:
        """Organs that were left, or found to be gone."""
        if not self.things:
            return
        for clause in self.page.clauses(self.sentence):
            fate, at = _fate(self.norms, clause)
            if not fate:
                continue
            inside = [h for h in self.things if clause.start <= h.start < clause.end]
            short = self.norms[at.start : at.end] in (["left"], ["was", "left"], ["were", "left"], ["kept"])
            for hit in inside:
                if short and not 0 <= at.start - hit.end <= 4:
                    continue
                if roles[hit.start] == "landmark" and fate != "historical":
                    continue
                if hit.term.name == "node" and fate == "historical":
                    continue
                if any(place == hit.start for place, _ in self.done):
                    continue
                if any(hit.end <= r.start and r.end <= at.start + 1 and at.start - r.end <= 1 for r in self.regions):
                    continue  # "the aortic chain out to the renal vein, IMA spared"
                for concept, extra in self._usual_of(hit):
                    start, end = min(hit.start, at.start), max(hit.end, at.end)
                    if end - start > 14:
                        start, end = hit.start, hit.end
                    self.done.add((hit.start, concept))
                    attributes = {**hit.term.attributes, **extra}
                    yield Find(concept, start, end, Extent(hit.start, hit.end), attributes, at, fate)

    def _usual_of(self, hit: Hit) -> list[tuple[str, dict[str, str]]]:
        name = hit.term.name
        if name != "node":
            return [(concept, {}) for concept in _usual().get(name, ())]
        basins = self._where(hit, hit)
        if not basins and not self._nodal(hit):
            return []
        extra = {} if basins else {"basin": "unstated"}
        return [
            (concept, extra)
            for basin in basins or ("pelvic", "paraaortic")
            for concept in _usual().get(f"node@{basin}", ())
        ]

    def _boxes(self) -> Iterator[Find]:
        """Boxes of a template: "[ ] Uterus  [x] Omentum"."""
        for hit in self.things:
            left = self.norms[max(self.sentence.start - 3, hit.start - 3, 0) : hit.start]
            if not left or left[-1] != "]":
                continue
            empty, ticked = left[-2:] == ["[", "]"], left[-3:] == ["[", "x", "]"]
            after = self.norms[hit.end : hit.end + 1]
            alone = after in ([], ["["], ["("], [","], ["removed"], ["/"]) or hit.end == self.sentence.end
            if not (empty or ticked) or not alone:
                continue
            for concept, extra in self._usual_of(hit):
                if extra.get("basin") and ticked:
                    continue
                self.done.add((hit.start, concept))
                self.told[(hit.start, concept)] = hit.start + 99
                fate = "not_performed" if empty else "performed"
                at = Extent(hit.start - len(left[-3:] if ticked else left[-2:]), hit.start)
                yield Find(
                    concept, hit.start, hit.end, Extent(hit.start, hit.end),
                    {**hit.term.attributes, **extra}, at, fate,
                )  # fmt: skip

    def _lacking(self) -> Iterator[Find]:
        """ "No uterus, no adnexa", "left without uterus, tubes, ovaries or omentum"."""
        norms = self.norms
        if any(a.term.name in ("remove", "take", "biopsy") for a in self.actions):
            return
        lacking = False
        last: Hit | None = None
        for hit in self.things:
            before = norms[max(self.sentence.start, hit.start - 2) : hit.start]
            if {"no", "without"} & set(before):
                lacking = hit.term.name in _HINTS
            elif not (lacking and last is not None and self.roles.joined(hit, last)):
                lacking = False
            last = hit
            if lacking and hit.term.name in _HINTS and norms[hit.end : hit.end + 1] not in (["left"],):
                for concept, _ in self._usual_of(hit):
                    self.done.add((hit.start, concept))
                    at = Extent(max(self.sentence.start, hit.start - 1), hit.start)
                    yield Find(
                        concept, hit.start, hit.end, Extent(hit.start, hit.end),
                        dict(hit.term.attributes), at, "historical",
                    )  # fmt: skip

    def _hinted(self, roles: dict[int, str]) -> Iterator[Find]:
        """Organs spoken of in the narrative: too little alone, enough beside a procedure list."""
        inside = self.norms[self.sentence.start : self.sentence.end]
        if _finite(inside) and (not self.actions or _LOOKED.intersection(inside)):
            if not any(a.term.name in ("remove", "take") for a in self.actions):
                return
        if not _finite(inside) and not _UNDONE.intersection(inside):
            for region in self.regions:
                if region.term.name in ("pelvic", "paraaortic"):
                    extent = Extent(region.start, region.end)
                    concept = f"{region.term.name}_lymphadenectomy"
                    yield Find(concept, *extent, extent, {"weak": "yes"}, None, "")
        for hit in self.things:
            if roles[hit.start] == "landmark" or any(place == hit.start for place, _ in self.done):
                continue
            if hit.term.name not in _HINTS:
                continue
            for concept, extra in self._usual_of(hit):
                if concept in _CLAIMED and not extra:
                    attributes = {**hit.term.attributes, "weak": "yes"}
                    extent = Extent(hit.start, hit.end)
                    yield Find(concept, hit.start, hit.end, extent, attributes, None, "")

    def _specimens(self, roles: dict[int, str], section: str) -> Iterator[Find]:
        """A specimen list tells what left the body; a procedure list may name the organ alone."""
        inside = self.norms[self.sentence.start : self.sentence.end]
        if section == "title" and (_finite(inside) or _LOOKED.intersection(inside)):
            return
        for hit in self.things:
            if section == "title" and (roles[hit.start] == "landmark" or hit.term.name not in _LISTED):
                continue
            if self.norms[max(0, hit.start - 2) : hit.start] == ["[", "]"]:
                continue
            if any(place == hit.start for place, _ in self.done) or hit.term.name in ("tumor", "vessel"):
                continue
            if any(n in ("biopsy", "from") for n in self.norms[max(0, hit.start - 4) : hit.end + 3]):
                continue
            for concept, extra in self._usual_of(hit):
                if extra.get("basin") or concept == "ostomy":
                    continue
                self.done.add((hit.start, concept))
                attributes = {**hit.term.attributes, **extra, "from": section}
                extent = Extent(hit.start, hit.end)
                yield Find(concept, hit.start, hit.end, extent, attributes, None, "")


def _fate(norms: Sequence[str], clause: Extent) -> tuple[str, Extent]:
    table = _fates()
    for length in (5, 4, 3, 2, 1):
        for at in range(clause.start, clause.end - length + 1):
            status = table.get(" ".join(norms[at : at + length]))
            if status and not _is_side(norms, at, length):
                return status, Extent(at, at + length)
    return "", clause


def _is_side(norms: Sequence[str], at: int, length: int) -> bool:
    """A bare "left" is the side of something unless nothing follows that it could belong to."""
    if norms[at + length - 1] != "left" or length > 2:
        return False
    following = norms[at + length] if at + length < len(norms) else "."
    before = norms[at - 1] if at else ""
    return following not in (".", ",", ";", "alone", "there", "untouched", "undisturbed", "behind") or (
        before in ("the", "on", "and")
    )


def _finite(norms: Sequence[str]) -> bool:
    return any(n in FINITE for n in norms)


def _outermost(hits: Sequence[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if not kept or hit.start >= kept[-1].end or (
            (hit.start, hit.end) == (kept[-1].start, kept[-1].end)
            and hit.term.kind == "procedure"
            and hit.term.name != kept[-1].term.name
        ):
            kept.append(hit)
    return kept


def _by_extent(extents: Sequence[Extent], hits: Sequence[Hit]) -> list[list[Hit]]:
    found: list[list[Hit]] = [[] for _ in extents]
    index = 0
    for hit in hits:
        while index < len(extents) and hit.start >= extents[index].end:
            index += 1
        if index >= len(extents):
            break
        if hit.start >= extents[index].start and hit.end <= extents[index].end:
            found[index].append(hit)
    return found
