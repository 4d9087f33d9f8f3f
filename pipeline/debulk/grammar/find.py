"""A find: where a procedure is told, before its status is known."""

from __future__ import annotations

from typing import NamedTuple

from debulk.page import Extent


class Find(NamedTuple):
    """A mention found: its concept, its words, the head words that named it, its attributes."""

    concept: str
    start: int
    end: int
    head: Extent
    attributes: dict[str, str]
    verb: Extent | None = None  # the action, where one was told
    fate: str = ""  # the status that a fate ("left in situ", "absent") gives
