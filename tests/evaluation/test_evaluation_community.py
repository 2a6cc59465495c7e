"""The simulated communities: what is counted, on rows small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluation.community_runs import Judged

from evaluation import community
from ombud import clock
from ombud.simulate import Simulated, scenes


def one(
    minute: int,
    author: str,
    campaign: str | None = None,
    *,
    truth: str = "benign",
    caught: int | None = None,
    rule: str | None = None,
    lang: str = "en",
) -> Judged:
    """An event of one account; `caught` is a minute as well."""
    data = {"author": {"id": author, "lang": lang}}
    happened = Simulated({"data": data}, minute * clock.MINUTE, truth, campaign, 1)
    return Judged(happened, None if caught is None else caught * clock.MINUTE, rule)


RUN = [
    one(0, "ana"),
    one(1, "eve"),  # harmless, by somebody who does harm later: counts for nobody
    one(2, "eve", "link-wave", truth="spam", caught=4, rule="late"),
    one(3, "fay", "link-wave", truth="spam"),
    one(4, "gus", "link-wave", truth="spam", caught=4, rule="late"),
    one(5, "ana", "song", caught=5, rule="repeated"),
    one(6, "bo", "song", lang="vi"),
    one(7, "kim", "dogpile", truth="harassment", lang="vi"),
]


def test_what_is_stopped_and_whom_it_touches() -> None:
    """Harm by truth, honest people by having done none; a person once, however often touched."""
    assert community.stopped(RUN) == (2, 4)
    assert community.touched(RUN) == (1, 3)
    assert community.everyday(RUN) == (0, 1)
    assert community.people(RUN) == (1, 2)
    assert community.people([*RUN, one(8, "ana")]) == (1, 2)


def test_a_campaign_is_noticed_when_anything_of_it_is_first_held() -> None:
    """Two events and two minutes passed: the first was held later, with the third."""
    found = community.occurrences(RUN)
    assert set(found) == {("link-wave", 1), ("dogpile", 1)}
    assert community.noticed(found["link-wave", 1]) == (2, 2 * clock.MINUTE)
    assert community.noticed(found["dogpile", 1]) is None


def test_an_alert_tells_a_person_and_touches_nobody() -> None:
    """Of a campaign that only raised an alert a person is told; nothing of it is stopped."""
    quiet = one(9, "eve", "dogpile", truth="harassment")
    loud = quiet._replace(alerted=True)
    assert community.told_of([[quiet], [loud], RUN]) == "2 of 3"
    assert community.stopped([loud]) == (0, 1)
    assert community.noticed([loud]) is None


def test_rates_are_of_all_runs_together_and_vary_by_run() -> None:
    """A part of nothing is none; the interval is over runs."""
    both = [RUN, [one(0, "eve", "link-wave", truth="spam", caught=0, rule="x")]]
    found = community.part(both, community.stopped, 200)
    assert found.value == pytest.approx(3 / 5)
    assert found.low == pytest.approx(0.5)
    assert found.high == pytest.approx(1.0)
    assert community.part([[]], community.stopped, 10).value is None
    assert community.per_10000(found) == "6000 (5000 to 10000)"
    assert community.per_10000(community.part([[]], community.stopped, 10)) == ""


def test_the_section_has_every_kind_and_names_nobody() -> None:
    """Methods, campaigns, twins, languages and ablations are there; no account is."""
    said = community.section((7, 8), 8, {"ours": [RUN], "plain": [RUN]}, {"whole": [RUN]}, 20)
    for name in (*scenes.WIDE.harm, *scenes.WIDE.honest, "everyday talk", "plain", "whole"):
        assert f"| {name} |" in said
    assert "`late` 2" in said
    assert "`repeated` 1" in said
    assert "66.7 %" in said
    assert not [name for name in ("ana", "| eve |", "gus", "| bo", "kim") if name in said]


def test_reported_seeds_are_none_of_those_tuned_on() -> None:
    """No run that anything was built or tuned with is reported."""
    assert not set(community.SEEDS) & set(community.TUNED)
    assert len(set(community.SEEDS)) == len(community.SEEDS) >= 10
    assert set(community.ABLATED) <= set(community.SEEDS)


def test_ablations_leave_each_part_out_and_each_rule_alone() -> None:
    """Without repeats no rule that counts repeats acts; each rule of the pack stands alone once."""
    found = community.ablation()
    alone = [wanted for said, wanted in found.items() if said.endswith(" alone")]
    assert all(len(wanted) == 1 for wanted in alone)
    every = {name for wanted in alone for name in wanted}
    assert "repeated-text" in every - set(found["without repeats"])
    assert "staff-lookalike" in every - set(found["without names"])
    assert "new-member-links" in every - set(found["without links"])
    assert "burst-posts" in every - set(found["without rates"])
    for said, wanted in found.items():
        if said.startswith("without"):
            assert 0 < len(wanted) < len(every)


def test_a_short_run_says_all_of_it(tmp_path: Path) -> None:
    """The real engine on small communities: ours stops some harm and touches fewer than holding
    every first post does.
    """
    (tmp_path / "word_lists_ldnoobw").mkdir()
    words = tmp_path / "word_lists_ldnoobw" / "words.tsv"
    words.write_text("lang\tword\nen\tbags\n", encoding="utf-8")
    said = community.evaluate(tmp_path, quick=True)
    rows = {
        line.split(" | ")[0].removeprefix("| "): line.split(" | ")[1:]
        for line in said.split("\n\n")[1].split("\n")[2:]
    }
    assert set(rows) == {"ours", "every first post", "rate and equality", "word list"}
    ours, first = (float(rows[name][5].split(" ")[0]) for name in ("ours", "every first post"))
    assert ours < first
    assert float(rows["ours"][0].split(" ")[0]) > 30
    assert "| without repeats |" in said
