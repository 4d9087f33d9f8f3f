"""A `.parquet` with the columns `id`, `text`, `date_of_service`, `codes` and any others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from debulk.archive.record import Record, damaged, from_row, named_columns
from debulk.errors import InputError, UsageError

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError as missing:
    raise UsageError("Reading .parquet needs pyarrow: pip install 'debulk[parquet]'.") from missing

_ROWS = 64  # at once in memory


def read(source: Path) -> Iterator[Record]:
    """The notes, a row each, row group by row group."""
    try:
        table = pq.ParquetFile(source)
    except (pa.ArrowException, ValueError):
        raise InputError(f"{source} is not Parquet or is cut short: copy it again.") from None
    seen = 0
    with table:
        columns = named_columns(table.schema_arrow.names, source)
        batches = table.iter_batches(batch_size=_ROWS)
        while True:
            try:
                batch = next(batches, None)
            except (pa.ArrowException, OSError):
                yield damaged(source, seen, "is damaged: copy it again")
                return
            if batch is None:
                return
            rows = _microseconds(batch).rename_columns(columns).to_pylist()
            for row in rows:
                seen += 1
                yield from_row(row, f"{source.stem}-{seen}")


def _microseconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with times as Python can hold them."""
    fields = [
        field.with_type(pa.timestamp("us", field.type.tz))
        if pa.types.is_timestamp(field.type) and field.type.unit == "ns"
        else field
        for field in batch.schema
    ]
    return batch.cast(pa.schema(fields), safe=False)
