"""The evaluation of names, in short: what it counts, and how ours does beside the baselines."""

from __future__ import annotations

from evaluation.invented_names import Case
from evaluation.names import THRESHOLDS, Judged

from evaluation import names


def test_each_method_scores_a_name() -> None:
    """Ours see through disguise and trust words, the baselines each through one thing."""
    scores = names.methods(["Pixel Panda", "Nguyễn Văn An"])
    found = {
        name: {method: score(name) for method, score in scores.items()}
        for name in ("Рixel Panda", "Pixel Panda Support", "Pixel Pandda", "Nguyễn Văn An")
    }
    assert found["Рixel Panda"]["list"] == found["Рixel Panda"]["members"] == 1000
    assert found["Рixel Panda"]["skeleton"] == 1000
    assert found["Рixel Panda"]["edit distance"] == 909
    assert found["Pixel Panda Support"]["list"] == found["Pixel Panda Support"]["members"] == 950
    assert found["Pixel Panda Support"]["skeleton"] == 0
    assert found["Pixel Pandda"]["edit distance"] == 916
    assert found["Nguyễn Văn An"]["list"] == 1000
    assert found["Nguyễn Văn An"]["members"] == 800


def test_a_threshold_lets_no_more_match_than_allowed() -> None:
    """Of the honest ones; attacks do not matter."""
    rows = [
        Judged(Case("a", "x", None), attack, {"list": score})
        for attack, score in ((False, 0), (False, 700), (False, 805), (True, 990))
    ]
    assert names.threshold(rows, "list", 0.0) == 810
    assert names.threshold(rows, "list", 0.4) == 710


def test_the_seed_of_the_thresholds_is_none_of_the_report() -> None:
    """What was chosen on is not what is told."""
    assert names.CHOSEN not in names.SEEDS


def test_ours_finds_more_than_the_baselines_and_takes_nobody_honest_for_more() -> None:
    """On the seed of the thresholds, in short, the part of names that are no common ones."""
    rows = names.judged(names.CHOSEN, 24)
    attacks = [row for row in rows if row.attack]
    honest = [row for row in rows if not row.attack]
    found = {method: names._hits(attacks, method) for method in THRESHOLDS}
    wrong = {method: names._hits(honest, method) for method in THRESHOLDS}
    assert found["list"] > found["edit distance, 85 %"] > found["edit distance"]
    assert found["list"] > found["members"] > found["skeleton"]
    assert wrong["list"] == wrong["members"] == 0 < wrong["edit distance, 85 %"]


def test_the_section_has_its_tables_and_no_name() -> None:
    """Three tables with every type; nobody's name in them."""
    rows = names.judged(names.CHOSEN, 12)
    said = names.section(rows, 1, 12, 20)
    assert said.count("| all ") == 3
    assert all(f"| {row.case.type} |" in said for row in rows)
    assert not [row.case.name for row in rows if row.case.name in said and len(row.case.name) > 6]


def test_a_role_beside_a_name_is_found_where_letters_alone_find_none() -> None:
    """On the seed of the thresholds, in short; strangers are taken for nobody."""
    rows = names.judged_roles(names.CHOSEN, 24)
    tags = [row for row in rows if row.case.type == "role tag beside one's own name"]
    strangers = [row for row in rows if row.case.type in ("strangers", "a tag that is no role")]
    assert names._hits(tags, "list") == len(tags) == 24
    assert names._hits(tags, "edit distance, 85 %") == names._hits(tags, "skeleton") == 0
    assert names._hits(strangers, "list") == 0 < len(strangers)


def test_the_section_of_roles_has_both_tables_and_no_baseline_that_knows_no_list() -> None:
    """With every type; a room's members are not asked of roles."""
    rows = names.judged_roles(names.CHOSEN, 6)
    said = names.section_of_roles(rows, 1, 6, 20)
    assert said.count("| all who wear ") == 2
    assert "members" not in said
    assert all(f"| {row.case.type} |" in said for row in rows)
