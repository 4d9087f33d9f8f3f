"""What a code holds and what stands beside it: one row of cases/*.tsv a case."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from coding_builder import build, operation, table
from debulk_pairs import pairs_store

from debulk import checks, edits
from debulk.values import Warning

HELD = [row for row in table("included") if row["held"] == "yes"]
NOT_HELD = [row for row in table("included") if row["held"] == "no"]
ON = date(2025, 3, 14)


def claimed(row: dict[str, str], mentions: str) -> list[Warning]:
    """The component warnings for the code billed beside the other."""
    on = date.fromisoformat(row["date"])
    chosen = checks.parse([row["beside"], row["code"]])
    found = checks.check(chosen, row["beside"], build(mentions=mentions), on)
    return [
        w
        for w in found
        if w.included_in == row["beside"] and w.rule < "U115" and w.code == row["code"]
    ]


def said(row: dict[str, str], mentions: str) -> set[str]:
    """The codes that a note with these mentions is warned of, its approach untold."""
    on = date.fromisoformat(row["date"])
    case = build("approach=unknown", mentions)
    return {w.code for w in edits.warnings(row["beside"], case, on)}


@pytest.mark.parametrize("row", HELD, ids=lambda r: f"{r['code']} in {r['beside']}")
def test_held(row: dict[str, str]) -> None:
    [found] = claimed(row, f"drain_placement {row['concept']}")
    assert (found.rule, found.severity) == (row["rule"], row["severity"])
    assert found.modifier_allowed == {"0": False, "1": True, "": None}[row["modifier"]]
    assert found.evidence == (1,)
    assert found.source.startswith(row["certainty"]) == (row["certainty"] != "confirmed")
    assert "no PTP file is imported" in found.source
    assert ("is column 1 of the pair" in found.message) == (row["column1"] == "code")
    spoken = {
        "wording": "The wording of", "cpt": "The CPT instructions", "policy": "policy manual",
    }  # fmt: skip
    assert [layer for layer in row["layers"].split() if layer in spoken] == [
        layer for layer in row["layers"].split() if spoken.get(layer, "\0") in found.message
    ]
    assert all(
        (layer in row["layers"].split()) == (words in found.message)
        for layer, words in spoken.items()
    )


@pytest.mark.parametrize("row", HELD, ids=lambda r: f"{r['code']} in {r['beside']}")
def test_said_only_where_documented(row: dict[str, str]) -> None:
    expected = row["said"] == "always"
    assert (row["code"] in said(row, row["concept"])) == expected
    for status in ("not_performed", "planned", "historical", "attempted", "by_other"):
        assert row["code"] not in said(row, f"{row['concept']}:{status}")


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ("approach=open", {"49000"}),
        ("approach=converted", {"49000"}),
        ("approach=robotic", set()),
        ("approach=unknown debulking=yes", {"49186"}),
    ],
)
def test_facts_document_work_that_no_mention_names(facts: str, codes: set[str]) -> None:
    found = edits.warnings("58958", build(facts), ON)
    assert {w.code for w in found} == codes
    assert all("The note documents" in w.message for w in found)


@pytest.mark.parametrize("row", NOT_HELD, ids=lambda r: f"{r['code']} not in {r['beside']}")
def test_not_held(row: dict[str, str]) -> None:
    assert claimed(row, row["concept"]) == []
    assert row["code"] not in said(row, row["concept"])


def test_a_component_stands_once() -> None:
    seen = [(row.code, beside) for row in edits.included() for beside in row.beside]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("row", table("pairs"), ids=lambda r: f"{r['column1']} {r['column2']}")
def test_pairs(row: dict[str, str]) -> None:
    authority = edits.Authority.of(ON, None)
    for first, second in ((row["column1"], row["column2"]), (row["column2"], row["column1"])):
        edit = authority.edit(first, second)
        assert edit.modifier == row["modifier"]
        assert edit.layers == tuple(row["layers"].split())
        if row["pair"] == "yes":
            assert (edit.column1, edit.column2) == (row["column1"], row["column2"])


@pytest.mark.parametrize("row", table("separate"), ids=lambda r: f"{r['mention']} {r['date']}")
def test_separate(row: dict[str, str]) -> None:
    case = build(mentions=f"exploratory_laparotomy {row['mention']}")
    on = date.fromisoformat(row["date"])
    found = [work for work in edits.separate("58958", case, on=on) if work.codes]
    assert [" ".join(work.codes) for work in found] == ([row["codes"]] if row["codes"] else [])
    assert all(work.evidence == (1,) for work in found)
    tag = "" if row["certainty"] in ("confirmed", "") else f"({row['certainty']})"
    assert all(tag in work.message for work in found)
    assert edits.separate("58958", build(), on=on) == []


@pytest.mark.parametrize(
    ("on", "codes"),
    [("2023-12-31", ["96446 96549"]), ("2024-01-01", ["96547 96548"]), (None, ["96547 96548"])],
)
def test_hipec_by_date(on: str | None, codes: list[str]) -> None:
    day = date.fromisoformat(on) if on else None
    found = edits.separate("58958", build(mentions="hipec"), on=day)
    assert [" ".join(work.codes) for work in found] == codes


@pytest.mark.parametrize(
    ("code", "beside", "on", "warned"),
    [
        ("49203", "58958", "2024-12-31", True),
        ("49203", "58958", "2025-01-01", False),
        ("49186", "58958", "2024-12-31", False),
        ("49186", "58958", "2025-01-01", True),
    ],
)
def test_the_tumour_codes_change_with_the_year(
    code: str, beside: str, on: str, warned: bool
) -> None:
    found = edits.warnings(beside, operation("recurrent_nodes"), date.fromisoformat(on))
    assert (code in {w.code for w in found}) == warned


def test_an_appendix_of_its_own_indication_is_not_included() -> None:
    own = build(mentions="appendectomy:performed:indication=own")
    assert "44950" not in {w.code for w in edits.warnings("58958", own, ON)}
    assert "44950" in {w.code for w in edits.warnings("58958", build(mentions="appendectomy"), ON)}


@pytest.mark.parametrize("basin", ["pelvic", "paraaortic"])
def test_nodes_that_only_the_title_lists_are_not_warned_of(basin: str) -> None:
    code = {"pelvic": "38770", "paraaortic": "38780"}[basin]
    listed = build(mentions=f"{basin}_lymphadenectomy", told=False)
    described = build(mentions=f"{basin}_lymphadenectomy")
    on = date(2024, 6, 1)
    assert code not in {w.code for w in edits.warnings("58957", listed, on)}
    assert code in {w.code for w in edits.warnings("58957", described, on)}


IMPORTED = [
    # code beside indicator in the file -> allowed, or "silent" where the warning must go
    ("49255", "58958", "1", True),
    ("49255", "58958", "0", False),
    ("49255", "58958", "", None),  # the wording still holds it
    ("49320", "58958", "0", False),
    ("49320", "58958", "", "silent"),  # rests on the pair alone
    ("38770", "58960", "0", False),  # the file settles a disputed row
    ("50715", "58958", "9", "silent"),
]


@pytest.mark.parametrize(("code", "beside", "indicator", "allowed"), IMPORTED)
def test_an_imported_table_decides(
    tmp_path: Path, code: str, beside: str, indicator: str, allowed: bool | str | None
) -> None:
    rows = [(beside, code, indicator)] if indicator else [("11111", "22222", "0")]
    store = pairs_store(tmp_path, rows)
    concept = {
        "49255": "omentectomy", "49320": "peritoneal_washings", "38770": "pelvic_lymphadenectomy",
        "50715": "ureterolysis",
    }[code]  # fmt: skip
    found = edits.warnings(beside, build(mentions=concept), date(2026, 8, 1), reference=store)
    hits = [w for w in found if w.code == code]
    if allowed == "silent":
        assert hits == []
        return
    assert hits[0].modifier_allowed == allowed
    assert "2026 Q3" in hits[0].source
    assert "built-in" not in hits[0].source


def test_a_quarter_that_lacks_parts_is_silent_about_what_it_has_not(tmp_path: Path) -> None:
    store = pairs_store(tmp_path, [("58958", "49320", "1")], parts=1)
    case = build(mentions="peritoneal_washings omentectomy")
    found = {w.code: w for w in edits.warnings("58958", case, date(2026, 8, 1), reference=store)}
    assert "ccipra-v322r0-f1.TXT" in found["49320"].source
    assert found["49255"].modifier_allowed is False
    assert "lacks parts" in found["49255"].source


def test_a_pair_that_ended_does_not_decide(tmp_path: Path) -> None:
    store = pairs_store(tmp_path, [("58958", "49320", "1", "20241231")])
    case = build("approach=unknown", "peritoneal_washings")
    before = edits.warnings("58958", case, date(2024, 12, 31), reference=store)
    after = edits.warnings("58958", case, date(2025, 1, 1), reference=store)
    assert ([w.code for w in before], [w.code for w in after]) == (["49320"], [])


def test_an_empty_store_says_the_built_in_table(tmp_path: Path) -> None:
    from debulk.reference import Store

    store = Store(tmp_path / "none.sqlite")
    case = build("approach=unknown", "omentectomy")
    [found] = edits.warnings("58958", case, ON, reference=store)
    assert "no PTP file is imported" in found.source
