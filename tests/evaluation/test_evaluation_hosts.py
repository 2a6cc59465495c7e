"""The evaluation of look-alike hosts, on invented rows, and in short on the real ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evaluation import data, hosts
from ombud.signals.lists import TermList

LISTED = TermList("protected", ("paypal.com", "metamask.io"))


def row(text: str, label: str, split: str = "test") -> data.Row:
    """A row in the shape of the set's."""
    return {"text": text, "label": label, "split": split, "source": "made-1.0"}


ROWS = [
    row("paypal.com", "good"),
    row("example.org", "good"),
    row("example.net", "good", "train"),
    row("paypa1.com", "bad"),
    row("paypal-login.example", "bad"),
    row("papyal.com", "bad"),
    row("unrelated.example", "bad"),
    row("http://", "bad"),
]


def test_each_method_scores_each_host() -> None:
    """Ours sees all look-alikes, the baselines those they can; what is no host is left out."""
    judged = hosts.judged(ROWS, LISTED)
    assert len(judged) == len(ROWS) - 1
    scores = {method: [each.scores[method] for each in judged] for method in hosts.THRESHOLDS}
    assert scores["ours"] == [0, scores["ours"][1], scores["ours"][2], 1000, 950, 900, 0]
    assert scores["skeleton"] == [0, 0, 0, 1000, 0, 0, 0]
    assert scores["edit distance"][3:6] == [900, scores["edit distance"][4], 900]
    assert scores["edit distance"][0] == 0


def test_a_threshold_lets_no_more_pass_than_allowed() -> None:
    """The lowest score at which the budget of benign rows holds; bad rows do not matter."""
    scores = [100, 500, 500, 900]
    rows = [hosts.Judged("train", "made", False, {"ours": score}) for score in scores]
    rows.append(hosts.Judged("train", "made", True, {"ours": 1000}))
    assert hosts.threshold(rows, "ours", 0.0) == 901
    assert hosts.threshold(rows, "ours", 0.25) == 501
    assert hosts.threshold(rows, "ours", 0.5) == 501
    assert hosts.threshold(rows, "ours", 0.75) == 101
    assert hosts.threshold(rows, "ours", 1.0) == 1


def test_the_section_counts_and_names_nobody() -> None:
    """Rates and counts are there, no host is."""
    said = hosts.section(hosts.judged(ROWS, LISTED), 2, 20)
    assert "7 hosts, 4 bad and 3 benign; 2 protected sites" in said
    assert "| ours | 95 % | 0 of 1 | 0 of 2: 0.0 %" in said
    assert "50.0 %" in said
    assert not [part for part in ("paypa", "papyal", "unrelated", "example") if part in said]


def test_protected_sites_are_those_that_ship_and_those_of_the_source() -> None:
    """The sample list comes first, nothing is protected twice."""
    terms = hosts.protected().terms
    assert "paypal.com" in terms
    assert set(hosts.PROTECTED.split()) <= set(terms)
    assert len(terms) == len(set(terms))


def look_alikes() -> Iterator[list[data.Row]]:
    """Invented rows, and where the data sets are a part of the real ones."""
    names = ("paypal-login.com", "metamaskk.io", "my.paypal.com.example", "secure-metamask.io")
    yield [row(name, "bad", "dev") for name in names]
    folder = data.folder()
    if folder is not None:
        real = data.rows(folder, hosts.SET, ("dev",))
        yield [each for each in real if each["label"] == "bad"][::20]


@pytest.mark.parametrize("rows", list(look_alikes()), ids=lambda rows: f"{len(rows)} rows")
def test_ours_finds_more_than_the_baselines(rows: list[data.Row]) -> None:
    """At the committed thresholds, on invented look-alikes and on real ones."""
    judged = hosts.judged(rows, hosts.protected())
    found = {
        method: sum(each.scores[method] >= score for each in judged)
        for method, score in hosts.THRESHOLDS.items()
    }
    assert found["ours"] > found["edit distance"] >= found["skeleton"]
