"""The user's own CMS and AMA files: imported once into one local store, looked up by date."""

from debulk.reference.catalogue import listing, provenance, remove
from debulk.reference.changes import diff
from debulk.reference.importing import import_files
from debulk.reference.lookup import addon, descriptor, fee_row, mue, pair, valid
from debulk.reference.store import Store
from debulk.reference.values import AddOn, Change, Descriptor, FeeRow, ImportedFile, Mue, Pair

__all__ = [
    "AddOn",
    "Change",
    "Descriptor",
    "FeeRow",
    "ImportedFile",
    "Mue",
    "Pair",
    "Store",
    "addon",
    "descriptor",
    "diff",
    "fee_row",
    "import_files",
    "listing",
    "mue",
    "pair",
    "provenance",
    "remove",
    "valid",
]
