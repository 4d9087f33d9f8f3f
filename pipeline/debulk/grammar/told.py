"""What a sentence tells by action and anatomy, passive and active, object carried over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from debulk.grammar.emit import emit
from debulk.grammar.find import Find
from debulk.grammar.roles import is_passive
from debulk.grammar.sentence import Sentence, finite
from debulk.lexicon import Hit
from debulk.page import FINITE
from debulk.tables import wordset

_AGENTS = wordset("agents")
_PRONOUNS = wordset("pronouns")
_CLAUSE_STARTS = wordset("clause_starts")
_TURNS = wordset("turns")
_AROUND = wordset("around")
_COMPANY = wordset("company")
_HEAVY = wordset("heavy_organs")
_CUT = wordset("cutting")
_HINTS = wordset("hint_organs")
_PARTITIVES = wordset("partitives")
_OPENED = wordset("opened")
_HELD = wordset("held")
_MOVED = frozenset({"colon", "spleen", "liver", "small_bowel", "rectosigmoid"})
_PARTED = frozenset({"omentum"})
_WATCHED = frozenset({"ureter", "spleen", "bladder", "liver"})
_DEMONSTRATIVE = frozenset({"all", "both", "each", "this", "that", "these", "those"})
_PIECES = wordset("samples") | frozenset(
    "of tissue specimen portion segment mass nodule tumor was were then also is are , too".split()
)
_NOT_BARE = frozenset({"suture", "time", "edge", "surface", "margin", "end"})
_OBJECT_OPENS = wordset("object_opens")
_NEEDED = frozenset({"need", "require", "needed", "required", "have"})
_ONE = frozenset({"it", "this"})
_OBJECT_PRONOUNS = frozenset({"it", "them", "this", "these"})


def told(s: Sentence) -> Iterator[Find]:
    """The finds of a sentence, read from left to right."""
    return _Reading(s).finds()


class _Reading:
    """One pass over the events of a sentence: organs wait for verbs, verbs for objects."""

    def __init__(self, s: Sentence) -> None:
        self.s = s
        self.group: list[Hit] = []  # the organs spoken of since the last verb
        self.closed = False  # the group has its verb; the next subject starts another
        self.awaiting: list[Hit] = []  # an active verb, or "removal of", that waits for its object
        self.verb: list[Hit] = []
        self.vessels: list[Hit] = []  # "the iliac vessels were cleared": no subject of other verbs
        self.position = s.start

    def finds(self) -> Iterator[Find]:
        for event in self._events():
            if event[0].term.kind == "organ":
                yield from self._organ(event[0])
            else:
                yield from self._action(event)

    def _events(self) -> Iterator[list[Hit]]:
        """Organs one by one, and actions that begin at the same word together."""
        actions: dict[int, list[Hit]] = {}
        for hit in self.s.actions:
            actions.setdefault(hit.start, []).append(hit)
        # "Implants: argon": without a verb the instrument says what was done.
        verbless = not finite(self.s.inside)
        organs = {
            hit.start: [hit]
            for hit in self.s.things
            if not (verbless and hit.term.name == "argon" and hit.start in actions)
        }
        for start in sorted({*actions, *organs}):
            yield organs.get(start) or actions[start]

    def _organ(self, organ: Hit) -> Iterator[Find]:
        s, norms = self.s, self.s.norms
        if s.role[organ.start] == "landmark":
            return
        if (
            organ.term.name in _WATCHED
            and "with" in norms[max(s.start, organ.start - 3) : organ.start]
        ):
            return  # "with the ureter in view"
        if self._is_passed(organ):
            return
        between = norms[self.position : organ.start]
        if "|" in between:
            self.group, self.awaiting, self.verb, self.closed = [], [], [], False
        if self.awaiting and (finite(between) or _turns(between)):
            self.awaiting = []
        waits = bool(self.awaiting) and organ.start - self.awaiting[0].end <= 9
        if organ.term.name == "vessel":
            self.vessels = [organ]
            if waits:
                yield from emit(s, organ, self.awaiting)
            return
        if self.awaiting and organ.term.name in _AROUND and "with" in between:
            return  # a rim of it leaves with the tumour
        joined = bool(self.group) and s.roles.joined(organ, self.group[-1])
        if self.awaiting and (waits or joined):
            yield from emit(s, organ, self.awaiting)
            self.group = [*self.group, organ] if joined else [organ]
            self.closed, self.verb = True, self.awaiting
        elif self._leaves_with(organ, joined) or self._next_basin(organ):
            yield from emit(s, organ, self.verb)
            self.group.append(organ)
        else:
            last = self.group[-1].end if self.group else s.start
            new = self.group and not joined and finite(norms[last : organ.start])
            if self.closed or new:
                self.group, self.closed = [], False
            self.group.append(organ)
        self.position = max(self.position, organ.end)

    def _is_passed(self, organ: Hit) -> bool:
        """ "Peritoneum scored", "spleen retracted", "lifted with the peritoneum": no object."""
        norms, name = self.s.norms, organ.term.name
        near = norms[max(self.s.start, organ.start - 4) : organ.start]
        if name == "peritoneum":
            rim = "with" in near and (self.group or self.verb)
            after = norms[organ.end : organ.end + 2]
            return bool(rim or _OPENED.intersection(after) or _OPENED.intersection(near[-3:]))
        after = norms[organ.end : organ.end + 4]
        return name in _MOVED and bool(_HELD.intersection(after)) and "out" not in after

    def _next_basin(self, organ: Hit) -> bool:
        """ "I cleared the iliac groups ..., and the group on the aorta": another object of it."""
        if organ.term.name != "node" or not (self.closed and self.verb and self.group):
            return False
        norms, last = self.s.norms, self.group[-1]
        return (
            last.term.name == "node"
            and norms[organ.start - 2 : organ.start] in (["and", "the"], ["then", "the"])
            and not finite(norms[last.end : organ.start])
        )

    def _leaves_with(self, organ: Hit, joined: bool) -> bool:
        """ "... was removed with the cervix, both ovaries and tubes"."""
        if not (self.closed and self.verb) or organ.term.name in _AROUND | {"tumor"}:
            return False
        s, verb = self.s, self.verb[0]
        if joined and self.group[-1].start > verb.start:
            return True
        between = s.norms[verb.end : organ.start]
        if not _TURNS.isdisjoint(s.norms[organ.end : organ.end + 2]):
            return False  # "... was removed with the ovaries kept"
        if finite(between) or len(between) > 14 or "." in between or ";" in between:
            return False
        if _COMPANY.intersection(between[-4:]) and _COMPANY.intersection(between[:5]):
            return True
        # "the uterus was removed and the tubes and ovaries": nothing is said of them behind it.
        behind = s.norms[organ.end : s.end]
        acted = any(a.start > organ.start for a in s.actions) or finite(behind)
        acted = acted or not _TURNS.isdisjoint(behind[:2])
        return between[:1] == ["and"] and len(between) < 5 and not acted

    def _action(self, event: list[Hit]) -> Iterator[Find]:
        s, first = self.s, event[0]
        near = s.norms[max(s.start, first.start - 8) : first.start]
        past = [h for h in event if h.term.form == "past"]
        base = [h for h in event if h.term.form == "base" or s.norms[h.end : h.end + 1] == ["of"]]
        if past:
            agent = bool(_AGENTS.intersection(near[-6:])) or self._goes_on(first)
            agent = agent or s.norms[first.start] == "took"  # never a passive
            if is_passive(near[-4:]):
                past = [h for h in past if h.term.name != "part"]  # active verbs with a particle
            targets = self._subjects(first, near, agent)
            bared = [h for h in past if h.term.name in ("clear", "skeletonize")]
            if self.vessels and bared:
                yield from emit(s, self.vessels[0], bared)
            found = [find for organ in targets for find in emit(s, organ, past)]
            if not found and targets and targets[0].start < s.start:
                # "It" was not what the sentence before opened with.
                rest = [h for h in s.memory.carried if h not in targets]
                light = [h for h in rest if h.term.name not in _HEAVY]
                found = [find for organ in light for find in emit(s, organ, past)]
            yield from found
            if targets:
                self.closed, self.verb = True, past
            elif agent or not is_passive(near):
                self.awaiting = past
        elif base:
            self.awaiting = base
        if not past and self.group and not self.closed and self.group[-1].end >= first.start - 1:
            yield from emit(s, self.group[-1], event)  # "omental resection"
        elif base and not past and self.group and not self.closed and self._needless(first):
            yield from emit(s, self.group[-1], base)
        self.position = max(self.position, *(h.end for h in event))

    def _needless(self, verb: Hit) -> bool:
        """ "The colon did not need resecting", "was not thought to require removal"."""
        between = self.s.norms[self.group[-1].end : verb.start]
        return 0 < len(between) < 7 and "not" in between and not _NEEDED.isdisjoint(between)

    def _goes_on(self, verb: Hit) -> bool:
        """ "I turned the duodenum up, and took the fat ...": the subject of the verb before."""
        s, norms = self.s, self.s.norms
        following = norms[verb.end] if verb.end < s.end else "."
        if following not in _OBJECT_OPENS and not following.isdigit():
            return False
        lead = norms[s.start : verb.start]
        return (
            not is_passive(lead[-5:])
            and not _AGENTS.isdisjoint(lead)
            and not _CLAUSE_STARTS.intersection(lead[-5:])
        )

    def _subjects(self, verb: Hit, near: Sequence[str], agent: bool) -> list[Hit]:
        """What a past form acts upon: its subject, or what the sentence before spoke of."""
        s, norms = self.s, self.s.norms
        both = norms[verb.end : verb.end + 2] in (["both", "with"], ["both", "."], ["both", ","])
        if both or (norms[verb.end : verb.end + 1] and norms[verb.end] in _OBJECT_PRONOUNS):
            return list(self.group) or self._carried()
        relative = self._relative(verb)
        if relative is not None:
            return [relative]
        if agent and not is_passive(near):
            return []
        if self.group:
            if _CLAUSE_STARTS.intersection(norms[self.group[-1].end : verb.start]):
                return []
            return self._without_rims()
        lead = norms[s.start : verb.start][:9]
        behind = norms[verb.end] if verb.end < s.end else "."
        bare = (
            behind not in _NOT_BARE
            and verb.start - s.start <= 3
            and all(n in ("then", "and", "was", "were", ",", "also", "subsequently") for n in lead)
        )
        if _PARTITIVES.intersection(lead) and not finite(lead[:-1]):
            # "The dependent portion was clamped": of the organ spoken of before.
            return [h for h in s.memory.carried if h.term.name in _PARTED]
        if verb.term.name == "biopsy" and any(h.start >= verb.end for h in s.things):
            return []  # "Biopsies were taken of the peritoneum": its own object
        if bare or (_pronoun(lead) and not self._spoken_before(verb)):
            return self._carried()
        return []

    def _without_rims(self) -> list[Hit]:
        """ "The tube and ovary with the sidewall peritoneum": the peritoneum is a rim."""
        if len(self.group) < 2:
            return list(self.group)
        norms = self.s.norms
        return [
            h
            for h in self.group
            if h.term.name not in _AROUND or "with" not in norms[max(0, h.start - 4) : h.start]
        ]

    def _relative(self, verb: Hit) -> Hit | None:
        """The antecedent of "which was then removed": the thing just before "which"."""
        s, norms = self.s, self.s.norms
        for at in range(verb.start - 1, max(s.start, verb.start - 7), -1):
            if norms[at] in ("which", "that") and norms[at + 1] in FINITE | _AGENTS:
                before = [h for h in s.things if h.end <= at]
                if before and at - before[-1].end <= 3:
                    return before[-1]
        return None

    def _spoken_before(self, verb: Hit) -> bool:
        return any(h.end <= verb.start and h.term.name in _HINTS for h in self.s.things)

    def _first_group(self, spoken: Sequence[Hit]) -> list[Hit]:
        group = list(spoken[:1])
        for hit in spoken[1:]:
            if not self.s.roles.joined(hit, group[-1]):
                break
            group.append(hit)
        return group

    def _carried(self) -> list[Hit]:
        """What was spoken of before; bowel only where something was cut."""
        s = self.s
        before = s.memory.carried
        if not _ONE.isdisjoint(s.norms[s.start : s.start + 4]):
            # "It" is what the sentence before was about, and what was joined to that.
            before = self._first_group(before)
        cut = bool(_CUT.intersection(s.norms[max(0, s.start - 40) : s.end]))
        return [h for h in before if cut or h.term.name not in _HEAVY]


def _turns(between: Sequence[str]) -> bool:
    """Does a word end the reach of a verb? "Left" does not where it is a side."""
    return any(
        norm in _TURNS
        and (norm != "left" or (between[at + 1 : at + 2] and between[at + 1] in _OBJECT_OPENS))
        for at, norm in enumerate(between)
    )


def _pronoun(lead: Sequence[str]) -> bool:
    """Does a word stand for what was spoken of before? "All packs" does not."""
    for at, norm in enumerate(lead):
        following = lead[at + 1] if at + 1 < len(lead) else ""
        if norm in _PRONOUNS and (
            norm not in _DEMONSTRATIVE
            or not following
            or following in FINITE
            or following in _PIECES
        ):
            return True
    return False
