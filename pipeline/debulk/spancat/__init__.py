"""A span categoriser: what a small trained network reads of a note, beside the rules.

It scores runs of clauses for each concept with its status. What the rules missed and it is nearly
sure of is added; what the rules found and it gives next to no chance is dropped.
"""

from __future__ import annotations

from debulk.spancat.network import Chance, Label, Network

__all__ = ["Chance", "Label", "Network"]
