"""The tables of the store; quarters are YYYYQ, days YYYYMMDD, 99999999 a day that never comes."""

from __future__ import annotations

VERSION = 1

SCHEMA = (
    """CREATE TABLE file (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL,
        quarter INTEGER, part INTEGER NOT NULL, version TEXT NOT NULL, setting TEXT NOT NULL,
        rows INTEGER NOT NULL, imported_at TEXT NOT NULL)""",
    "CREATE INDEX file_kind ON file (kind, quarter)",
    "CREATE TABLE rationale (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)",
    # The quarter stands first so that a new quarter is appended and an old one cut out whole.
    # A pair may stand several times, with other dates or, deleted and live, with the same first.
    """CREATE TABLE ptp (
        quarter INTEGER, column1 TEXT, column2 TEXT, effective INTEGER, deleted INTEGER,
        modifier INTEGER, rationale INTEGER NOT NULL, file INTEGER NOT NULL,
        PRIMARY KEY (quarter, column1, column2, effective, deleted, modifier)) WITHOUT ROWID""",
    # From when to when any pair with the code is in force: what the PTP table says of validity.
    """CREATE TABLE ptp_code (
        file INTEGER, code TEXT, first INTEGER NOT NULL, last INTEGER NOT NULL,
        PRIMARY KEY (file, code)) WITHOUT ROWID""",
    """CREATE TABLE mue (
        quarter INTEGER, code TEXT, value INTEGER NOT NULL, indicator TEXT NOT NULL,
        rationale TEXT NOT NULL, file INTEGER NOT NULL,
        PRIMARY KEY (quarter, code)) WITHOUT ROWID""",
    """CREATE TABLE addon (
        quarter INTEGER, code TEXT, primary_code TEXT, effective INTEGER, deleted INTEGER,
        edit_type TEXT, file INTEGER NOT NULL,
        PRIMARY KEY (quarter, code, primary_code, effective, deleted, edit_type)) WITHOUT ROWID""",
    """CREATE TABLE fees (
        quarter INTEGER, code TEXT, modifier TEXT, status TEXT NOT NULL, work_rvu REAL,
        nonfacility_pe_rvu REAL, facility_pe_rvu REAL, malpractice_rvu REAL,
        nonfacility_total REAL, facility_total REAL, global_days TEXT NOT NULL,
        multiple_procedure TEXT NOT NULL, bilateral TEXT NOT NULL, assistant TEXT NOT NULL,
        co_surgeon TEXT NOT NULL, team_surgeon TEXT NOT NULL, file INTEGER NOT NULL,
        PRIMARY KEY (quarter, code, modifier)) WITHOUT ROWID""",
    """CREATE TABLE descriptors (
        file INTEGER, code TEXT, text TEXT NOT NULL,
        PRIMARY KEY (file, code)) WITHOUT ROWID""",
)

# The tables that hold the rows of a file of each kind.
TABLES = {
    "ptp": ("ptp", "ptp_code"),
    "mue": ("mue",),
    "addon": ("addon",),
    "fees": ("fees",),
    "descriptors": ("descriptors",),
}
