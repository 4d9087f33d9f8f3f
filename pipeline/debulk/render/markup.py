"""HTML that is escaped by construction: a plain string is text, only `Html` is markup."""

from __future__ import annotations

import html
from collections.abc import Iterable

from debulk.render._view import clean


class Html(str):
    """A string that is markup already."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: str | bool | None) -> Html:
    """An element; `class_` is `class`, `data_n` is `data-n`, True a bare attribute, None none."""
    return Html(f"{_open(name, attributes)}{join(children)}</{name}>")


def void(name: str, /, **attributes: str | bool | None) -> Html:
    """An element without content."""
    return Html(_open(name, attributes))


def join(children: Iterable[str]) -> Html:
    """The children one after the other, plain strings escaped."""
    return Html("".join(c if isinstance(c, Html) else escape(c) for c in children))


def escape(text: str) -> Html:
    """The text as markup, characters that cannot be shown replaced."""
    return Html(html.escape(clean(text)))


def _open(name: str, attributes: dict[str, str | bool | None]) -> str:
    parts = [name]
    for key, kept in attributes.items():
        if kept is None or kept is False:
            continue
        key = key.rstrip("_").replace("_", "-")
        parts.append(key if kept is True else f'{key}="{escape(kept)}"')
    return f"<{' '.join(parts)}>"
