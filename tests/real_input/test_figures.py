"""The page of figures, on made-up runs: what it counts as caught, and what as touched wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from real_input import figures, identical

if TYPE_CHECKING:
    from pathlib import Path


def made_up(holds: bool) -> figures.Run:
    """A run of four posts, two of them spam; with holds on one of each kind is touched."""
    touched = {"post/a": frozenset({"links"}), "post/c": frozenset({"links", "burst"})}
    return figures.Run(
        title="made up",
        holds=holds,
        rows=4,
        summary={
            "accepted": 4,
            "rejected": 0,
            "duplicate": 0,
            "conflict": 0,
            "seconds": 0.5,
            "hits_by_rule": {"links": 2, "burst": 1},
            "unknown_by_rule": {"age": 4},
            "by_action": {"hold": 2} if holds else {},
        },
        touched=touched if holds else {},
        labels={"post/a": "spam", "post/b": "spam", "post/c": "ham", "post/d": "ham"},
    )


def test_the_page_joins_decisions_with_labels() -> None:
    """Caught is touched spam, touched wrongly all other touched subjects; rules have both."""
    page = figures.page([made_up(False), made_up(True)], "digest").splitlines()
    assert "Labelled spam caught: 1 of 2 (50.0 %)." in page
    assert "Benign posts touched: 1 of 2 (5000.0 per 10,000)." in page
    assert "| links | 2 | 0 | 2 | 0 | 1 | 50.0 % | 1 |" in page
    assert "| burst | 1 | 0 | 1 | 0 | 0 | 0.0 % | 1 |" in page
    assert "| age | 0 | 4 | 0 | 4 | 0 | 0.0 % | 0 |" in page
    assert "| made up | on | 4 | 4 | 0 | 0 | 0 | 0.50 | 8 |" in page


def test_the_page_tells_what_became_of_the_digests() -> None:
    """A row for each run that was held against the undisturbed one, in its own section."""
    replayed = {"checked": 5, "same": 5, "different": 0, "from_facts": 0, "not_recomputable": 0}
    told = identical.Outcome(identical.Plan("killed", kills=2), 4, 1, 0, replayed)
    page = figures.page([made_up(False), made_up(True)], "digest", [told]).splitlines()
    assert "## The same digests" in page
    assert "| killed | 4 | 2 | 0 | 1 | 0 | 5 | 5 | 0 | 0 | 0 |" in page


def test_the_page_names_no_subject() -> None:
    """Counts only: no subject of a decision stands on the page."""
    assert "post/" not in figures.page([made_up(False), made_up(True)], "digest")


def test_the_digest_follows_every_rule_file(tmp_path: Path) -> None:
    """A changed threshold is another digest; a file that no rule reads is not."""
    (tmp_path / "rules").mkdir()
    rule = tmp_path / "rules" / "a.rule"
    rule.write_text("author.posts > 10")
    before = figures.samples_digest(tmp_path)
    (tmp_path / "notes.py").write_text("")
    assert figures.samples_digest(tmp_path) == before
    rule.write_text("author.posts > 11")
    assert figures.samples_digest(tmp_path) != before
