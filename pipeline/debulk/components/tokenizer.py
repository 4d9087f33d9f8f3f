"""scispaCy's tokenizer rules, with words joined by a slash taken apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import spacy
from scispacy.custom_tokenizer import combined_rule_tokenizer
from spacy.language import Language
from spacy.tokenizer import Tokenizer


@spacy.registry.tokenizers("debulk_tokenizer")
def create_tokenizer() -> Callable[[Language], Tokenizer]:
    """A tokenizer by scispaCy's rules for biomedical text."""

    def tokenizer(nlp: Language) -> Any:
        return combined_rule_tokenizer(nlp)

    # spaCy's blank languages hold the exceptions ("Dr.", "vs.") that the rules build upon.
    def create(nlp: Language) -> Any:
        nlp.tokenizer = spacy.util.registry.tokenizers.get("spacy.Tokenizer.v1")()(nlp)
        return tokenizer(nlp)

    return create
