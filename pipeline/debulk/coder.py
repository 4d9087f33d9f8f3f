"""`Coder`: one note in, one report out. The only object that holds state."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from spacy.vocab import Vocab

from debulk import __version__, checks, classifier, coding, dates, edits, tables, unread
from debulk.classifier import Verdict
from debulk.components.tokenizer import RuleTokenizer
from debulk.errors import InputError
from debulk.explanation import explain
from debulk.facts import gather
from debulk.model import Model, load_classifier, load_pipeline
from debulk.reading import read
from debulk.reference import Store, provenance
from debulk.values import Alternative, Case, Primary, Report, Warning

LONGEST = 10_000_000
RUN = 1_000_000
"""Characters read in one memory zone of spaCy: some hundreds of notes."""
_SURROGATES = re.compile("[\ud800-\udfff]")
"""Half characters that no encoding holds: read as the replacement character, kept in the text."""

_SUPPOSED = 0.6
"""From this probability a case that no row fits is put before a person. Chosen on voices held out:
of 550 notes it gives 5 codes more, all of them right; of the 7 from 0.5 on two are wrong."""


class Coder:
    """Reads operative notes and names the code that the documentation supports."""

    def __init__(self, model: str | Path | None = None, *, reference: Store | None = None) -> None:
        """`reference` holds the user's own CMS files; None uses the built-in tables alone."""
        self.reference = reference
        self.nlp = load_pipeline(model)
        self.nlp.max_length = LONGEST + 1
        self._zone: AbstractContextManager[Vocab] | None = None
        self._read = 0
        self.model: Model = load_classifier(model)
        self.provenance: dict[str, Any] = {
            "debulk": __version__,
            "model": self.model.sha256,
            "knowledge": tables.fingerprint(),
            "ncci": None,
        }

    def read(self, text: str) -> Case:
        """The case of a note: its mentions and facts."""
        if len(text) > LONGEST:
            raise InputError(
                f"The note is longer than {LONGEST:,} characters: split it into notes."
            )
        if not text.strip():
            raise InputError("The note is empty: give the text of an operative note.")
        if text.count("\0") > 0:
            raise InputError("The input is binary, not text: export the note as plain text.")
        plain = _SURROGATES.sub("\ufffd", text)
        self._learn(plain)
        self._renew(len(plain))
        with _uncollected():
            reading = read(self.nlp(plain))
            if plain != text:
                reading = reading.of(text)
            return gather(reading)

    def _learn(self, text: str) -> None:
        """Have the tokenizer remember new words, outside the memory zone that would forget them."""
        tokenizer = self.nlp.tokenizer
        if isinstance(tokenizer, RuleTokenizer) and (words := tokenizer.new_words(text)):
            self.close()
            tokenizer.learn(words)

    def _renew(self, size: int) -> None:
        """Begin another memory zone after many characters: the words of a run stay in reach.

        A zone for each note would throw away what the next note needs again; none would let
        the vocabulary grow with every misspelling of an archive.
        """
        self._read += size
        if self._zone is None or self._read > RUN:
            self.close()
            self._zone = self.nlp.memory_zone()
            self._zone.__enter__()
            self._read = size

    def close(self) -> None:
        """Give back the memory of the notes read so far; the coder stays usable."""
        if self._zone is not None:
            self._zone.__exit__(None, None, None)
            self._zone = None

    def suggest(
        self,
        text: str,
        *,
        id: str = "note",
        date_of_service: date | None = None,
        codes: Sequence[str] = (),
    ) -> Report:
        """The report of a note. Raises InputError for a text that cannot be a note."""
        case = self.read(text)
        on, source = date_of_service, "argument"
        if on is None:
            on, source = dates.stated(text), "note"
        if on is None:
            on, source = date.today(), "today"
        return self.report(case, id=id, on=on, date_source=source, codes=codes)

    def report(
        self, case: Case, *, id: str, on: date, date_source: str, codes: Sequence[str] = ()
    ) -> Report:
        """The report of a case on a date: two readers, and `suggest` only where they agree."""
        answer = coding.decide(case, on)
        verdict = self.model.statistics.read(case)
        if _unfitted(case, answer) and _sure(verdict):
            answer = coding.supposed(verdict.best, case, on)
        chances = verdict.chances
        label = answer.case or classifier.OUT_OF_SCOPE
        decision, reason = answer.decision, answer.reason
        doubts = self._doubts(case, on, answer, verdict)
        if decision == "suggest" and doubts:
            decision, reason = "review", doubts[0]
        primary = None
        if answer.code is not None and decision != "out_of_scope":
            primary = Primary(
                answer.code,
                coding.codes()[answer.code].label,
                round(chances.get(label, 0.0), 4),
                answer.requirements,
            )
        return Report(
            id=id,
            date_of_service=on,
            date_source=date_source,
            decision=decision,
            reason=reason[0].upper() + reason[1:] + ("" if reason.endswith(".") else "."),
            primary=primary,
            alternatives=tuple(_alternatives(case, on, answer, chances)) if primary else (),
            facts={name: fact.value for name, fact in case.facts.items()},
            mentions=case.mentions,
            warnings=tuple(self._warnings(primary, case, on, codes)),
            separate=tuple(edits.separate(primary.code, case, on=on)) if primary else (),
            gaps=answer.gaps if decision != "out_of_scope" else (),
            conflicts=case.conflicts,
            measures=case.measures,
            explanation=explain(case, on, answer, verdict, self.model.statistics),
            provenance=self._provenance(on),
        )

    def _provenance(self, on: date) -> dict[str, Any]:
        """What the report rests on: versions, hashes, and the user's own files of that date."""
        ncci = provenance(self.reference, on) if self.reference is not None else None
        return {**self.provenance, "ncci": ncci}

    def _warnings(
        self, primary: Primary | None, case: Case, on: date, codes: Sequence[str]
    ) -> list[Warning]:
        """What must not be added to the primary code, and what is wrong with chosen codes."""
        code = primary.code if primary else None
        found = edits.warnings(code, case, on, reference=self.reference) if code else []
        if not codes:
            return found
        chosen = checks.parse(codes)
        billed = {each.code for each in chosen}
        return [
            *checks.check(chosen, code, case, on, self.reference),
            *(warning for warning in found if warning.code not in billed),
        ]

    def _doubts(self, case: Case, on: date, answer: coding.Answer, verdict: Verdict) -> list[str]:
        """Why a code that the rules support is not suggested without a person's look."""
        found: list[str] = [conflict.message for conflict in case.conflicts]
        found.extend(unread.doubts(case))
        loose = unread.loose_lengths(case)
        if loose and answer.code and answer.by_length:
            lengths = [*case.value("tumor_lengths_cm"), *loose]
            if coding.code_for(answer.case, on, lengths)[0] != answer.code:
                found.append("a length whose tumour could not be told would change the code")
        firm = unread.firm_lengths(case) if answer.code and answer.by_length else []
        apart = answer.by_length and answer.code and firm != case.value("tumor_lengths_cm")
        if apart and coding.code_for(answer.case, on, firm)[0] != answer.code:
            found.append("the code turns on a length whose removal is told elsewhere")
        label = answer.case
        chance = verdict.chances.get(label, 0.0)
        if verdict.best != label:
            found.append("the statistical reader reads another case from this note")
        elif chance < self.model.threshold:
            found.append(
                f"the probability {chance:.2f} is under the threshold "
                f"{self.model.threshold:.2f} that keeps wrong suggestions rare"
            )
        if verdict.distance > self.model.radius:
            found.append("nothing like this note was seen in training")
        return found


@contextmanager
def _uncollected() -> Iterator[None]:
    """No passes of the garbage collector while a note is read.

    Every pass would walk over all words of a long note again, so that its time would grow faster
    than its length. What is left over is collected between notes.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _sure(verdict: Verdict) -> bool:
    """Does the statistical reader read a case of the family, more likely than not?"""
    return verdict.best in coding.case_labels() and verdict.chances[verdict.best] >= _SUPPOSED


def _unfitted(case: Case, answer: coding.Answer) -> bool:
    """Did only the last row fit an open operation for cancer? One fact misread may be the cause."""
    return (
        not answer.rule.conditions
        and case.value("malignancy") == "confirmed"
        and case.value("approach") in ("open", "converted")
    )


def _alternatives(
    case: Case, on: date, answer: coding.Answer, chances: Mapping[str, float]
) -> list[Alternative]:
    """The sibling cases, and for each the documentation that separates it from the answer."""
    found: list[Alternative] = []
    for name, chance in chances.items():
        if name == answer.case or name not in coding.case_labels() or len(found) >= 4:
            continue
        unmet = [r for r in coding.requirements(name, case, on) if not r.met]
        code, _ = coding.code_for(name, on, list(case.value("tumor_lengths_cm")))
        code = code or next(iter(coding.codes_of(name, on)), None)
        if code is None or code == answer.code or not unmet:
            continue
        why = "; ".join(f"{r.name.replace('_', ' ')} is {r.found}" for r in unmet)
        need = "; ".join(f"{r.name.replace('_', ' ')}: {r.needed}" for r in unmet)
        found.append(Alternative(code, round(chance, 4), why, need))
    return found
