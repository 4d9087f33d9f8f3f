"""The vocabulary of measuring on one page, and the stretch of text that speaks of a length."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache

from debulk import tables
from debulk.lexicon import Hit, Lexicon, Term
from debulk.page import Extent, Page

_ITEM = re.compile(r"\s*(?:\w{1,2}(?:[-.]\d)?\s*[.):|▸►/]|[#•▸►*>☐☑▪◦\u2460-\u2473-])")
_ENTRY = re.compile(r"[^:\n]{1,40}:\s*\S")  # "Pelvis: 6.0 cm"
_SIZED = re.compile(
    r"[^:\n]{1,40}[\s.]\d[\d.,x ]{0,14}\s?(?:cm|mm)\b[^\n]{0,12}$"
)  # "Pelvis  6.0 cm"
_NO_STOPS = {(word, ".") for word in "approx ca est max diam circ appx dim".split()}
_SHORT = 60  # characters of a line that may be a heading or an entry of a list
_BEHIND, _AHEAD = 120, 60  # words of one sentence that may speak of a length
_LINES = 1500  # characters in which the heading of a list is looked for


@cache
def _lexicon() -> Lexicon:
    return Lexicon(
        (phrase, Term(row["binds"], row["class"], row["counts"], {"reason": row["reason"]}))
        for row in tables.rows("measures")
        for phrase in tables.terms(row["terms"])
    )


class Vocabulary:
    """The terms of `knowledge/measures.tsv` on one page, found sentence by sentence when asked."""

    def __init__(self, page: Page) -> None:
        self.page, self.norms = page, page.norms
        self._sentences = [s.start for s in page.sentences]
        self._word_starts = [word.start for word in page.words]
        self._hits: dict[int, tuple[list[int], list[Hit]]] = {}

    def within(self, start: int, end: int, *kinds: str) -> list[Hit]:
        """The terms of these kinds that begin among these words."""
        if start >= end:
            return []
        found: list[Hit] = []
        for number in range(self.sentence(start), self.sentence(end - 1) + 1):
            starts, hits = self._of_sentence(number)
            low, high = bisect_left(starts, start), bisect_left(starts, end)
            found.extend(hit for hit in hits[low:high] if hit.term.kind in kinds)
        return found

    def _of_sentence(self, number: int) -> tuple[list[int], list[Hit]]:
        known = self._hits.get(number)
        if known is None:
            start, end = self.page.sentences[number]
            found = _lexicon().find(self.norms[start:end])
            hits = [Hit(hit.start + start, hit.end + start, hit.term) for hit in found]
            known = self._hits[number] = ([hit.start for hit in hits], hits)
        return known

    def sentence(self, at: int) -> int:
        """The number of the sentence that holds a word."""
        return max(0, bisect_right(self._sentences, at) - 1)

    def unit(self, at: int) -> Extent:
        """The sentence of a word, or its own line where lines are items of a list or rows."""
        page = self.page
        sentence = page.sentences[self.sentence(at)]
        begin, number = sentence.start, self.sentence(at)
        if number and tuple(self.norms[begin - 2 : begin]) in _NO_STOPS:
            begin = page.sentences[number - 1].start
        sentence = Extent(max(begin, at - _BEHIND), min(sentence.end, at + _AHEAD))
        text, words = page.text, page.words
        low = text.rfind("\n", words[sentence.start].start, words[at].start) + 1
        high = text.find("\n", words[at].start, words[sentence.end - 1].end)
        if not low and high < 0:
            return sentence
        low = low or words[sentence.start].start
        high = high if high >= 0 else words[sentence.end - 1].end
        start = bisect_left(self._word_starts, low, sentence.start, sentence.end)
        end = bisect_left(self._word_starts, high, start, sentence.end)
        line = text[low:high]
        following = text[high : high + 8]
        if "|" in line:
            return Extent(start, end)
        if not _ITEM.match(line):
            start = sentence.start
        if not _ITEM.match(following.lstrip("\n")):
            end = sentence.end
        return Extent(start, end)

    def speaker(self, at: int) -> int:
        """Where the words that speak for a length may begin: a heading over its list, its line."""
        page, words = self.page, self.page.words
        start = self.unit(at).start
        number = self.sentence(at)
        while (
            number and at - start < _BEHIND and page.norms[page.sentences[number].start - 1] == ";"
        ):
            number -= 1
            start = min(start, page.sentences[number].start)
        text = page.text
        floor = max(0, words[start].start - _LINES)
        low = text.rfind("\n", floor, words[start].start) + 1
        own = text[low : words[at].end + 40].split("\n")[0]
        if len(own) > _SHORT and "|" not in own and not _ITEM.match(own):
            return start
        section = page.section_of[at]
        for _ in range(14):
            line_end = low - 1
            low = text.rfind("\n", floor, max(line_end, floor)) + 1
            line = text[low:line_end] if line_end > floor else ""
            if "|" in own and line_end > floor and (not line.strip() or "|" in line):
                continue
            if not line.strip():
                return start
            if not (_ITEM.match(line) or _ENTRY.match(line) or _SIZED.match(line)):
                # A short line without a mark is a heading, a long one is prose.
                first = bisect_left(self._word_starts, low)
                return first if len(line) < _SHORT and page.section_of[first] == section else start
        return start
