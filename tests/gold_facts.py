"""The gold facts of one recurrent debulking with both node basins, 58958."""

from __future__ import annotations

from typing import Any

FACTS: dict[str, Any] = {
    "approach": "open", "malignancy": "confirmed", "primary_site": "ovary",
    "disease_status": "recurrent", "hysterectomy": "prior", "adnexa": "prior",
    "omentectomy": "none", "pelvic_nodes": "dissection", "paraaortic_nodes": "dissection",
    "debulking": True, "staging_only": False, "tumor_lengths_cm": [4.0],
    "tumor_length_sum_cm": 4.0,
}  # fmt: skip
