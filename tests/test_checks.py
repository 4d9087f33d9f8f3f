"""The codes a person chose, checked: cases/billed.tsv, and one table a rule family."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from coding_builder import build, documented, operation, table
from debulk_pairs import pairs_store
from hypothesis import given
from hypothesis import strategies as st

from debulk import checks, coding
from debulk.checks import ChosenCode
from debulk.errors import UsageError
from debulk.values import Warning

BILLED = table("billed")
ON = date(2025, 3, 14)
AUGUST = date(2026, 8, 1)


def check(codes: str, name: str = "recurrent_nodes", on: date = ON, **more: str) -> list[Warning]:
    """The warnings for codes beside a named operation, its primary code decided."""
    case = operation(name, more.get("changes", ""), more.get("mentions", ""))
    return checks.check(checks.parse(codes), coding.decide(case, on).code, case, on)


@pytest.mark.parametrize("row", BILLED, ids=lambda r: r["name"])
def test_billed(row: dict[str, str]) -> None:
    on = date.fromisoformat(row["date"])
    case = operation(row["case"], row["changes"], row["mentions"])
    assert (coding.decide(case, on).code or "") == row["primary"]
    found = checks.check(checks.parse(row["billed"]), row["primary"] or None, case, on)
    assert sorted({w.rule for w in found}) == row["expected"].split()
    for warning in found:
        assert warning.message.endswith(".")
        assert warning.source
        assert all(0 <= i < len(case.mentions) for i in warning.evidence)


def test_the_case_file_is_as_large_as_it_says() -> None:
    clean = [row for row in BILLED if row["name"].startswith("clean: ")]
    assert len(clean) >= 15
    assert len(BILLED) - len(clean) >= 60
    assert all(not row["expected"] for row in clean)
    assert len({row["name"] for row in BILLED}) == len(BILLED)


def test_every_rule_has_a_planted_fault_and_a_line_of_documentation() -> None:
    planted = {rule for row in BILLED for rule in row["expected"].split()}
    assert planted == set(checks.documentation())
    assert all(text.endswith(".") for text in checks.documentation().values())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("58958", [ChosenCode("58958")]),
        (" 58958 , 49255-59 ", [ChosenCode("58958"), ChosenCode("49255", ("59",))]),
        ("38770-rt", [ChosenCode("38770", ("RT",))]),
        ("96548x4", [ChosenCode("96548", (), 4)]),
        ("58720-LT-59X2", [ChosenCode("58720", ("LT", "59"), 2)]),
        ("0071T,g0463", [ChosenCode("0071T"), ChosenCode("G0463")]),
        ("58958,", [ChosenCode("58958")]),
    ],
)
def test_parse(text: str, lines: list[ChosenCode]) -> None:
    assert list(checks.parse(text)) == lines
    assert list(checks.parse(text.split(","))) == lines


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "No code was given"),
        (" , ", "No code was given"),
        ("5895", "'5895' is not a code"),
        ("589588", "is not a code"),
        ("58958-5", "is not a code"),
        ("58958-599", "is not a code"),
        ("58958 59", "is not a code"),
        ("58958x", "is not a code"),
        ("58958x0", "has no units"),
        ("58958x1000", "is not a code"),
        ("58958-59-59", "names a modifier twice"),
        ("58958-59-51-RT-22-62", "more than four modifiers"),
        ("omentectomy", "is not a code"),
        ("\u0665\u0668\u0669\u0665\u0668", "is not a code"),
        ("=HYPERLINK(1)", "is not a code"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        checks.parse(text)
    assert str(caught.value).count("\n") == 0
    assert str(caught.value).endswith(".")


@given(
    st.lists(
        st.builds(
            ChosenCode,
            st.from_regex(r"[0-9]{5}|[0-9]{4}[A-Z]|[A-Z][0-9]{4}", fullmatch=True).filter(
                str.isascii
            ),
            st.lists(st.from_regex(r"[A-Z0-9]{2}", fullmatch=True), max_size=4, unique=True).map(
                tuple
            ),
            st.integers(1, 999),
        ),
        min_size=1,
    )
)
def test_a_claim_written_is_read_again(lines: list[ChosenCode]) -> None:
    assert list(checks.parse(",".join(map(str, lines)))) == lines


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = checks.parse(text)
    except UsageError as refused:
        said = str(refused)
    else:
        said = ",".join(map(str, read))
        assert checks.parse(said) == read
    assert said
    assert "\n" not in said


@given(
    st.sampled_from(sorted(documented())),
    st.lists(
        st.tuples(
            st.sampled_from(
                [*sorted({row["code"] for row in table("included")}), "58954", "99213"]
            ),
            st.sampled_from(["", "-59", "-22", "-RT-62", "x3"]),
        ).map("".join),
        min_size=1,
        max_size=5,
    ),
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
)
def test_any_claim_is_checked(name: str, codes: list[str], on: date) -> None:
    case = operation(name)
    chosen = checks.parse(codes)
    found = checks.check(chosen, coding.decide(case, on).code, case, on)
    order = ["error", "caution", "note"]
    assert [order.index(w.severity) for w in found] == sorted(
        order.index(w.severity) for w in found
    )
    assert {w.rule for w in found} <= set(checks.documentation())
    assert len({(w.rule, w.code, w.included_in, w.message) for w in found}) == len(found)


def test_the_order_of_lines_changes_no_finding() -> None:
    forth = check("58958,49255-59,38770-RT,44120x2")
    back = check("44120x2,38770-RT,49255-59,58958")
    assert {(w.rule, w.code, w.message) for w in forth} == {
        (w.rule, w.code, w.message) for w in back
    }


@pytest.mark.parametrize("row", table("modifiers"), ids=lambda r: r["modifier"])
def test_modifiers(row: dict[str, str]) -> None:
    found = {w.rule: w for w in check(f"58958,38770-{row['modifier']}")}
    assert row["bypass"] == ("no" if "U301" in found or "U308" in found else "yes")
    assert ("U308" in found) == (row["kind"] == "")
    assert (f" {row['modifier']} " in found["U104"].message) == (row["bypass"] == "yes")
    said = {
        "site": "claims another site", "side": "names a side", "other": "claims another encounter",
    }  # fmt: skip
    if row["bypass"] == "yes":
        assert said[row["kind"]] in found["U104"].message
    assert ("U303" in found) == (row["kind"] == "cosurgeon")
    assert ("U304" in found) == (row["kind"] == "assistant")


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ("58958,49255-59", "59 on it changes nothing"),
        ("58958,49255-XS", "XS on it changes nothing"),
        ("58958,49255-RT", "RT on it changes nothing"),
        ("58958,38770-59", "59 claims another site or encounter, and the note documents none"),
        ("58958,38770-LT-XU", "LT and XU claims another site"),
        ("58958,38770-RT", "RT names a side of the same site"),
        ("58958,38562-59", "59 on it has no pair to bypass"),
        ("58958,49255-59", "The PTP pair has indicator 0"),
        ("58958,38770-59", "The PTP pair has indicator 1"),
        ("58958,38562-59", "No PTP pair is at stake"),
    ],
)
def test_what_an_appended_modifier_is_told(codes: str, words: str) -> None:
    [found] = [w for w in check(codes) if w.rule.startswith("U1")]
    assert words in found.message


@pytest.mark.parametrize("row", table("sides"), ids=lambda r: r["code"])
def test_fifty(row: dict[str, str]) -> None:
    found = {w.rule for w in check(f"{row['code']}-50") if w.code == row["code"]}
    assert ("U302" in found) == (row["fifty"] == "no")


@pytest.mark.parametrize("code", sorted(coding.codes()))
def test_one_unit_of_the_family(code: str) -> None:
    assert "U401" not in {w.rule for w in check(code)}
    [found] = [w for w in check(f"{code}x2") if w.rule == "U401"]
    assert "2 units" in found.message
    assert "allows 1" in found.message


@pytest.mark.parametrize("row", table("validity"), ids=lambda r: f"{r['code']} {r['date']}")
def test_validity(row: dict[str, str]) -> None:
    found = check(row["code"], on=date.fromisoformat(row["date"]))
    assert ("U501" in {w.rule for w in found}) == (row["valid"] == "no")


@pytest.mark.parametrize("row", table("addons"), ids=lambda r: f"{r['code']} {r['beside']}")
def test_addons(row: dict[str, str]) -> None:
    codes = ",".join(filter(None, (row["code"], row["beside"])))
    found = [w for w in check(codes) if w.rule == "U601" and w.code == row["code"]]
    assert (not found) == (row["satisfied"] == "yes")


def test_over_coding_points_at_the_attempt() -> None:
    on = date(2024, 6, 1)
    case = operation("recurrent", "pelvic_nodes=dissection", "paraaortic_lymphadenectomy:attempted")
    [found] = checks.check(checks.parse("58958"), "58957", case, on)
    assert (found.rule, found.severity, found.code) == ("U202", "error", "58958")
    assert "paraaortic nodes: dissection (found: none)" in found.message
    told = {(case.mentions[i].concept, case.mentions[i].status) for i in found.evidence}
    assert told == {("paraaortic_lymphadenectomy", "attempted")}


def test_the_same_code_under_review_is_a_caution() -> None:
    case = operation("first_all", "malignancy=suspected")
    on = date(2025, 3, 14)
    decided = coding.decide(case, on)
    found = checks.check(checks.parse("58953"), decided.code, case, on)
    assert decided.code == "58953"
    assert [(w.rule, w.severity) for w in found] == [("U202", "caution")]


def test_58957_after_its_end_names_what_takes_its_place() -> None:
    [found] = check("58957", "recurrent", date(2026, 5, 1))
    assert "58958 where also pelvic nodes: dissection and paraaortic nodes" in found.message
    assert "49187 for debulking of recurrent disease" in found.message
    assert "over 5 up to 10 cm" in found.message


def test_inferred_rows_say_so() -> None:
    [found] = [w for w in check("58958,49187") if w.rule == "U113"]
    assert found.source.startswith("inferred: ")
    assert found.modifier_allowed is None


def test_an_imported_pair_decides_a_claim(tmp_path: Path) -> None:
    store = pairs_store(tmp_path, [("58958", "49255", "1"), ("58958", "49002", "0")])
    case = operation("recurrent_nodes")
    chosen = checks.parse("58958,49255-59,49002,38770")
    found = {w.code: w for w in checks.check(chosen, "58958", case, AUGUST, store)}
    assert found["49255"].modifier_allowed is True
    assert "PTP 2026 Q3, ccipra-v322r0-f1.TXT" in found["49255"].source
    assert (found["49002"].rule, found["49002"].severity) == ("U199", "error")
    assert found["38770"].modifier_allowed is None  # no pair in the file; the wording holds it


def test_an_imported_pair_of_two_of_the_family(tmp_path: Path) -> None:
    store = pairs_store(tmp_path, [("58953", "58954", "0")])
    case = operation("first_all")
    [found] = checks.check(checks.parse("58954,58953"), "58954", case, AUGUST, store)
    assert (found.rule, found.modifier_allowed) == ("U201", False)
    assert "PTP 2026 Q3" in found.source


def test_an_imported_mue_decides(tmp_path: Path) -> None:
    import reference_layouts as layouts

    rows = [("58958", "2", "2 Date of Service Edit: Policy", "I"), ("44120", "1", "3 Date", "I")]
    store = pairs_store(tmp_path, [], mue=layouts.mue_text(rows))
    case = operation("recurrent_nodes", "", "small_bowel_resection")
    chosen = checks.parse("58958x2,44120x2")
    found = checks.check(chosen, "58958", case, AUGUST, store)
    assert [(w.rule, w.code) for w in found] == [("U401", "44120")]
    assert "MUE 2026 Q3" in found[0].source


def test_an_imported_add_on_table_decides(tmp_path: Path) -> None:
    import reference_layouts as layouts

    rows = [
        (1, 96547, None, 58958, None, 2024001, None, None),
        (2, 44955, None, "CCCCC", None, 2013091, None, "Contractor Defined"),
    ]
    content = layouts.workbook(layouts.aoc_rows(rows))
    store = pairs_store(tmp_path, [], aoc=content)
    case = build(mentions="hipec appendectomy:performed:indication=own")
    good = checks.check(checks.parse("58958,96547,44955"), None, case, AUGUST, store)
    bad = checks.check(checks.parse("58954,96547,44955"), None, case, AUGUST, store)
    assert [w.code for w in good if w.rule == "U601"] == []
    assert [w.code for w in bad if w.rule == "U601"] == ["96547"]
    assert "add-on 2026 Q3" in next(w.source for w in bad if w.rule == "U601")


FEE = (
    "{code}||Invented|{status}||37.5|NA|NA|15.20||6.00|58.70|58.7|0|090|0.08|0.77|0.15"
    "|2|{bilateral}|2|{co}|0"
)


@pytest.mark.parametrize(
    ("codes", "fee", "rules"),
    [
        ("58957", {"code": "58957"}, set()),  # the user's file has it again
        ("58957", {"code": "58958"}, {"U501"}),
        ("58958", {"code": "58958", "status": "D"}, {"U501"}),
        ("58958-50", {"code": "58958", "bilateral": "2"}, {"U302"}),
        ("38770-50", {"code": "38770", "bilateral": "2"}, {"U302"}),
        ("38770-50", {"code": "38770", "bilateral": "1"}, set()),
        ("58720-50", {"code": "58720", "bilateral": "1"}, set()),
        ("58958-62", {"code": "58958", "co": "0"}, {"U303"}),
        ("58958-62", {"code": "58958", "co": "2"}, set()),
    ],
)
def test_an_imported_fee_schedule_decides(
    tmp_path: Path, codes: str, fee: dict[str, str], rules: set[str]
) -> None:
    import reference_layouts as layouts

    line = FEE.format(**({"status": "A", "bilateral": "0", "co": "1"} | fee))
    store = pairs_store(tmp_path, [], fees=layouts.fees_text([line.split("|")]))
    case = operation("recurrent_nodes", "", "paraaortic_lymphadenectomy:by_other")
    found = {w.rule for w in checks.check(checks.parse(codes), None, case, AUGUST, store)}
    assert found & {"U302", "U303", "U501"} == rules
