"""Misspelled surgery: scispaCy's candidate generator over the words of the knowledge tables.

"omentecotmy", "splenectomey" and "yureter" are read as what they are. A word is corrected only
when English does not hold it, the nearest table word is close by character 3-grams, and few
letters differ; everything else stays as the surgeon wrote it.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from debulk.tables import wordset

SHORTEST = 6
CLOSE = 0.55  # cosine similarity of character 3-grams
ALIKE = 0.84  # share of letters in order

_PREFIXES = wordset("prefixes")


class Spelling:
    """Corrects a single word by the vocabulary of the knowledge tables."""

    def __init__(self, vocabulary: set[str], known: set[str] | None = None) -> None:
        self.vocabulary = frozenset(w for w in vocabulary if len(w) >= SHORTEST and w.isalpha())
        self._known = frozenset(vocabulary | (known or set()))
        self._edges = {w[:3] for w in self.vocabulary} | {w[-5:] for w in self.vocabulary}

    def correct(self, word: str) -> tuple[str, ...] | None:
        """The table word that a misspelled word stands for, None where there is none."""
        if len(word) < SHORTEST or not word.isalpha() or word in self._known:
            return None
        if word[:3] not in self._edges and word[-5:] not in self._edges:
            return None
        if word in self._english:
            return None
        best, score = "", 0.0
        for candidate in self._generator([word], 6)[0]:
            alike = SequenceMatcher(None, word, candidate.concept_id).ratio()
            if max(candidate.similarities) >= CLOSE and alike > score:
                best, score = candidate.concept_id, alike
        if score < ALIKE or (word.endswith(best) and word[: -len(best)] in _PREFIXES):
            return None  # "avascular" is no misspelled "vascular"
        return (best,)

    @cached_property
    def _english(self) -> Any:
        from spellchecker import SpellChecker

        return SpellChecker(language="en").word_frequency.dictionary

    @cached_property
    def _generator(self) -> Any:
        """scispaCy's candidate generator with a brute-force index, built from its parts.

        Its own `create_tfidf_ann_index` writes sparse half floats, which current scipy refuses.
        """
        import nmslib
        from scispacy.candidate_generation import CandidateGenerator
        from scispacy.linking_utils import Entity, KnowledgeBase
        from sklearn.feature_extraction.text import TfidfVectorizer

        words = sorted(self.vocabulary)
        vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3))
        index = nmslib.init(
            method="brute_force",
            space="cosinesimil_sparse",
            data_type=nmslib.DataType.SPARSE_VECTOR,
        )
        index.addDataPointBatch(vectorizer.fit_transform(words))
        index.createIndex(print_progress=False)
        knowledge = KnowledgeBase([Entity(w, w, [w]) for w in words])
        return CandidateGenerator(index, vectorizer, words, knowledge)
