"""What tells one run from another: the source as it lies on the disk, and the coder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from debulk.archive.readers import folder


def of_source(source: Path) -> str:
    """SHA-256 over path, size and time of the source, for a folder of each of its notes."""
    digest = hashlib.sha256(str(source.resolve()).encode("utf-8", "surrogateescape"))
    for path in folder.files(source):
        state = path.stat()
        name = path.relative_to(source).as_posix() if path != source else ""
        line = f"\0{name}\0{state.st_size}\0{state.st_mtime_ns}"
        digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def of_coder(provenance: Mapping[str, Any]) -> str:
    """SHA-256 over the provenance of a coder."""
    written = json.dumps(provenance, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()
