"""The codes a person chose, read from text: `58958,49255-59,38770-RT,96548x4`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from debulk.errors import UsageError

_CODE = re.compile(
    r"(?P<code>\d{5}|\d{4}[A-Z]|[A-Z]\d{4})(?P<modifiers>(?:-[A-Z0-9]{2})*)(?:[X*](?P<units>\d{1,3}))?"
)


@dataclass(frozen=True)
class ChosenCode:
    """One line of a claim: a code with its modifiers and units."""

    code: str
    modifiers: tuple[str, ...] = ()
    units: int = 1

    def __str__(self) -> str:
        units = f"x{self.units}" if self.units != 1 else ""
        return "-".join((self.code, *self.modifiers)) + units


def parse(codes: str | Iterable[str]) -> tuple[ChosenCode, ...]:
    """The lines of a claim, from one text or a list of texts, separated by commas."""
    texts = [codes] if isinstance(codes, str) else list(codes)
    parts = [part.strip() for text in texts for part in text.split(",")]
    if not any(parts):
        raise UsageError("No code was given: write CODE[-MOD][xUNITS], as in 58958,49255-59.")
    return tuple(_line(part) for part in parts if part)


def _line(part: str) -> ChosenCode:
    shown = part[:20].encode("ascii", "replace").decode()
    found = _CODE.fullmatch(part.upper())
    if found is None or not part.isascii():
        raise UsageError(
            f"{shown!r} is not a code: write CODE[-MOD][xUNITS], as in 58958,49255-59,96548x4."
        )
    modifiers = tuple(found["modifiers"].split("-")[1:])
    units = int(found["units"] or 1)
    if units == 0:
        raise UsageError(f"{shown!r} has no units: leave them out for one, or write x1 or more.")
    if len(set(modifiers)) < len(modifiers):
        raise UsageError(f"{shown!r} names a modifier twice: give each modifier once.")
    if len(modifiers) > 4:
        raise UsageError(f"{shown!r} has more than four modifiers: a claim line has room for four.")
    return ChosenCode(found["code"], modifiers, units)
