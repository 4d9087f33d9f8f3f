"""debulk: which code of the tumour debulking family an operative note supports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from debulk.coder import Coder

__all__ = ["Coder", "__version__", "load"]


def load(model: str | None = None) -> Any:
    """The spaCy pipeline that reads operative notes: sections, mentions, status, measures."""
    from debulk.model import load_pipeline

    return load_pipeline(model)


def __getattr__(name: str) -> Any:
    if name == "Coder":
        from debulk.coder import Coder

        return Coder
    raise AttributeError(f"module 'debulk' has no attribute {name!r}")
