"""Build cases from the words of a case file, without reading a note."""

from __future__ import annotations

from pathlib import Path

from debulk.values import Case, Fact, Mention

FOLDER = Path(__file__).parent / "cases"
EMPTY = {
    "approach": "open", "malignancy": "confirmed", "primary_site": "ovary",
    "disease_status": "unknown", "hysterectomy": "none", "adnexa": "none", "omentectomy": "none",
    "pelvic_nodes": "none", "paraaortic_nodes": "none", "debulking": "no", "staging_only": "no",
    "lengths": "",
}  # fmt: skip
_CONCEPT = {
    "pelvic_nodes": "pelvic_lymphadenectomy",
    "paraaortic_nodes": "paraaortic_lymphadenectomy",
    "hysterectomy": "hysterectomy",
    "omentectomy": "omentectomy",
    "adnexa": "salpingo_oophorectomy",
}
_NODES = ("pelvic_nodes", "paraaortic_nodes")
_NOT_DONE = ("none", "prior", "biopsy")


def table(name: str) -> list[dict[str, str]]:
    """The rows of `cases/<name>.tsv`: a header line, then one case a line; `#` comments."""
    lines = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    header, *rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [
        dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True)) for cells in rows
    ]


def words(text: str) -> dict[str, str]:
    """`name=value name=value` as a dict."""
    return dict(part.split("=", 1) for part in text.split())


def mention(text: str) -> Mention:
    """`concept`, `concept:status` or `concept:status:attribute=value`."""
    concept, status, attributes = (*text.split(":"), "", "")[:3]
    return Mention(
        concept, status or "performed", "narrative", 0, 1, "x", words(attributes.replace(";", " "))
    )


def build(facts: str = "", mentions: str = "", *, told: bool = True) -> Case:
    """A case of facts and mentions; `told`: what the one calls done the other has too."""
    said = [mention(part) for part in mentions.split()]
    concepts = {m.concept for m in said}
    done = {m.concept for m in said if m.status == "performed"}
    nodes = {name: "dissection" for name in _NODES if told and _CONCEPT[name] in done}
    values = EMPTY | nodes | words(facts)
    for name, concept in _CONCEPT.items():
        if told and values[name] not in _NOT_DONE and concept not in concepts:
            said.append(mention(concept))
    lengths = [float(cm) for cm in values.pop("lengths").split("+") if cm]
    found = {name: _fact(name, value, said) for name, value in values.items()}
    found["tumor_lengths_cm"] = Fact("tumor_lengths_cm", lengths)
    found["tumor_length_sum_cm"] = Fact("tumor_length_sum_cm", sum(lengths) or None)
    return Case(found, tuple(said))


def _fact(name: str, value: str, said: list[Mention]) -> Fact:
    evidence = tuple(
        i for i, m in enumerate(said)
        if m.concept == _CONCEPT.get(name) and m.status == "performed"
    )  # fmt: skip
    flag = {"yes": True, "no": False}
    return Fact(name, flag[value] if name in ("debulking", "staging_only") else value, evidence)


def documented() -> dict[str, tuple[str, str]]:
    """The named operations of `documented.tsv`: facts and mentions by name."""
    return {row["name"]: (row["facts"], row["mentions"]) for row in table("documented")}


def operation(name: str, changes: str = "", more: str = "") -> Case:
    """A named operation with facts changed and mentions added (`-concept` takes one away)."""
    facts, mentions = documented()[name]
    gone = {part[1:] for part in more.split() if part.startswith("-")}
    kept = [part for part in mentions.split() if part.split(":")[0] not in gone]
    added = [part for part in more.split() if not part.startswith("-")]
    merged = " ".join(f"{k}={v}" for k, v in (words(facts) | words(changes)).items())
    return build(merged, " ".join([*kept, *added]))
