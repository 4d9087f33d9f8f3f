"""`.parquet`: our columns, the carried-through ones typed, and the report as JSON in `report`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from debulk.archive.record import Row
from debulk.archive.writers import Rows, flat
from debulk.errors import UsageError

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError as missing:
    raise UsageError("Writing .parquet needs pyarrow: pip install 'debulk[parquet]'.") from missing

_ROWS = 256  # to a row group


def write(rows: Rows, path: Path) -> None:
    """Write all rows; the types of the carried-through columns are found in a first pass."""
    ours = {name: pa.string() for name in flat.COLUMNS} | {"probability": pa.float64()}
    columns = ours | _extra_types(rows) | {"report": pa.string()}
    schema = pa.schema(list(columns.items()))
    with pq.ParquetWriter(path, schema, compression="zstd") as table:
        for group in _groups(rows()):
            lines = [_line(row) for row in group]
            arrays = [
                _array([line.get(name) for line in lines], kind) for name, kind in columns.items()
            ]
            table.write_table(pa.Table.from_arrays(arrays, schema=schema))


def read_ids(path: Path) -> Iterator[tuple[str, bool]]:
    """The id of each row, and whether it failed."""
    with pq.ParquetFile(path) as table:
        for batch in table.iter_batches(columns=["id", "error"]):
            for row in batch.to_pylist():
                yield row["id"], row["error"] is not None


def _line(row: Row) -> dict[str, Any]:
    report = None if row["report"] is None else flat.as_json(row["report"])
    return flat.cells(row) | flat.extra(row) | {"report": report}


def _groups(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while group := list(islice(rows, _ROWS)):
        yield group


def _extra_types(rows: Rows) -> dict[str, pa.DataType]:
    types: dict[str, pa.DataType] = {}
    for group in _groups(rows()):
        lines = [flat.extra(row) for row in group]
        for name in dict.fromkeys(name for line in lines for name in line):
            found = _type_of([line.get(name) for line in lines])
            types[name] = _wider(types.get(name, pa.null()), found)
    return types


def _type_of(values: list[Any]) -> pa.DataType:
    try:
        kind = pa.array(_clean(values)).type
    except (pa.ArrowException, OverflowError, ValueError, TypeError):
        return pa.string()
    return kind if _storable(kind) else pa.string()


def _wider(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    """The type that holds the values of both; text where they have none."""
    schemas = [pa.schema([("value", kind)]) for kind in (one, other)]
    try:
        return pa.unify_schemas(schemas, promote_options="permissive").field("value").type
    except pa.ArrowException:
        return pa.string()


def _storable(kind: pa.DataType) -> bool:
    """Whether Parquet holds the type: it has no record without fields."""
    inner = [kind.field(at).type for at in range(kind.num_fields)]
    return all(map(_storable, inner)) and (bool(inner) or not pa.types.is_struct(kind))


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(kind):
        return pa.array([flat.as_text(value) for value in values], kind)
    return pa.array(_clean(values), kind)


def _clean(value: Any) -> Any:
    """The value with every text printable."""
    if isinstance(value, str):
        return flat.printable(value)
    if isinstance(value, dict):
        return {flat.printable(str(key)): _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, (list, tuple)) else value
