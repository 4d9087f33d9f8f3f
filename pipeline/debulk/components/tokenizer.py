"""scispaCy's tokenizer rules, keeping the text as it was given beside the Doc."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import spacy
from scispacy.custom_tokenizer import combined_rule_tokenizer
from spacy.attrs import ORTH
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

TEXT = "debulk_text"
_MARKS = ".,:;()"
LEARNT = 40_000
"""Words whose tokens are remembered, at most: bounded, so that memory stays flat over an archive"""


class RuleTokenizer(Tokenizer):  # type: ignore[misc]
    """A tokenizer that notes its text among the Doc's hooks.

    `Doc.text` joins all tokens at every call, which takes half as long as tokenizing; the hook
    is dropped when the Doc is written to bytes.

    spaCy remembers how a word is tokenized, but not of words met inside a memory zone, nor of
    those behind the first exception of a text. `learn` has it remember them word by word.
    """

    def __init__(self, *parts: Any, **named: Any) -> None:
        super().__init__(*parts, **named, max_cache_size=LEARNT)
        self._learnt: set[str] = set()

    def new_words(self, text: str) -> Collection[str]:
        """The words of a text to learn.

        What is learnt outlives the note: no number longer than a count or a size, and no word in
        capitals, which may be a name, unless it was met without them.
        """
        if len(self._learnt) >= LEARNT:
            return ()
        met = set(text.split()) - self._learnt
        found = {word for word in met if word == word.lower() and _is_common(word)}
        for word in met - found:
            lower = word.lower().strip(_MARKS)
            if lower in self._learnt or lower in found:
                found.add(word)
        return found

    def learn(self, words: Collection[str]) -> None:
        """Remember the tokens of words, each on its own; not to be called in a memory zone."""
        for word in words:
            super().__call__(word)
        self._learnt.update(words)

    def __call__(self, string: str) -> Doc:
        doc: Doc = super().__call__(string)
        hooks: dict[str, Any] = doc.user_hooks
        hooks[TEXT] = string
        return doc


def _is_common(word: str) -> bool:
    return len(word) <= 3 or not any(map(str.isdigit, word))


def text_of(doc: Doc) -> str:
    """The text of a Doc, from the note of its tokenizer where there is one."""
    hooks: dict[str, Any] = doc.user_hooks
    text: str | None = hooks.get(TEXT)
    return doc.text if text is None else text


_STATES = frozenset({"Mass.", "Wash.", "Ill.", "Ore.", "Miss.", "Ind.", "Del.", "No.", "no."})


def _without_states(rules: dict[str, Any]) -> dict[str, Any]:
    """The exceptions without those that end a sentence: "A pelvic mass.", "Nodes: no."."""
    return {k: v for k, v in rules.items() if k not in _STATES} | {
        "mL.": [{ORTH: "mL"}, {ORTH: "."}]
    }


@spacy.registry.tokenizers("debulk_tokenizer")  # type: ignore[untyped-decorator]
def create_tokenizer() -> Callable[[Language], Tokenizer]:
    """A tokenizer by scispaCy's rules for biomedical text."""

    def create(nlp: Language) -> Any:
        # The rules build upon spaCy's exceptions ("Dr.", "vs.").
        nlp.tokenizer = spacy.registry.tokenizers.get("spacy.Tokenizer.v1")()(nlp)
        rules = combined_rule_tokenizer(nlp)
        return RuleTokenizer(
            nlp.vocab,
            rules=_without_states(rules.rules),
            prefix_search=rules.prefix_search,
            suffix_search=rules.suffix_search,
            infix_finditer=rules.infix_finditer,
            token_match=rules.token_match,
        )

    return create
