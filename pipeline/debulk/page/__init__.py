"""How a note is laid out: its words, sections, sentences and clauses, and the terms found there.

Everything here is pure: words in, places out. The components write the result on the Doc.
"""

from __future__ import annotations

from debulk.page.clauses import FINITE
from debulk.page.note import Page, lay_out
from debulk.page.places import BODY, Extent, Section

__all__ = ["BODY", "FINITE", "Extent", "Page", "Section", "lay_out"]
