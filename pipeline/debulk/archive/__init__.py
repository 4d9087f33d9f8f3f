"""A whole archive of notes to reports: readers, writers, and the run between them."""

from debulk.archive.record import Coder, Record, Row

__all__ = ["Coder", "Record", "Row"]
