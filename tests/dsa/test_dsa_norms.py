"""A clause is filed in the words that were in force, a rule by what it looks at."""

from __future__ import annotations

from pathlib import Path

from flow.small_community import NOW, prepare, rule
from ombud.app import Engine
from ombud.config import STORE_FILE
from ombud.dsa.norms import LONG_MAX, SHORT_MAX, Norms, norm
from ombud.rules.policy import Clause
from ombud.store.sqlite import Store

SECRET, CLEAR = 'text contains "ana.secret"', 'text "b"'
SCAM = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"


def _clause(text: str = "No scams.", title: str = "Scams", dsa: str | None = None) -> Clause:
    return Clause("scam.pages", title, text, harm="scam", published="2026-11-22", dsa=dsa)


def test_a_clause_speaks_for_itself() -> None:
    """Its id, title, day and text; its code where it has one, else its harm's."""
    found = norm("scam.pages", _clause(dsa=f"{SCAM} KEYWORD_PHISHING"))
    assert found.ground == "scam.pages: Scams"
    assert found.explanation.endswith("since 2026-11-22: No scams.")
    assert found.filed.keywords == ("KEYWORD_PHISHING",)
    assert norm("scam.pages", _clause()).filed.keywords == ("KEYWORD_OTHER",)


def test_a_long_clause_is_cut_between_words() -> None:
    """To what the database takes."""
    found = norm("scam.pages", _clause("never ever\n\n" * 900, "word " * 300))
    assert len(found.explanation) <= LONG_MAX
    assert found.explanation.endswith(("never …", "ever …"))
    assert len(found.ground) <= SHORT_MAX
    assert len(found.other) <= SHORT_MAX
    assert "\n" not in found.explanation


def test_a_long_clause_without_spaces_keeps_its_words() -> None:
    """Not every script has any: what fits of it is filed, and not a dot."""
    found = norm("scam.pages", _clause("不得发布诈骗链接。" * 500, "诈骗链接" * 300))
    for text, most in (
        (found.explanation, LONG_MAX),
        (found.ground, SHORT_MAX),
        (found.other, SHORT_MAX),
    ):
        assert most - 2 <= len(text) <= most
        assert text.endswith(" …")


def test_a_clause_that_is_not_known_any_more_goes_by_its_name() -> None:
    """And says so: nothing is made up."""
    found = norm("old.clause", None)
    assert (found.ground, found.other) == ("old.clause", "old.clause")
    assert "not known any more" in found.explanation


def test_each_decision_has_the_words_of_its_day(tmp_path: Path) -> None:
    """A later wording and a later rule change nothing about an earlier configuration."""
    name, text = rule("bags", SECRET, 'text "ana.secret"', CLEAR)
    prepare(tmp_path, {name: text})
    with Engine(tmp_path, now=lambda: NOW) as engine:
        first = engine.writer.pipeline.community.active
        policy = tmp_path / "policies" / "spam.md"
        policy.write_text(policy.read_text("utf-8").replace("Several links", "Quite other words"))
        wider = rule(
            "bags", f"{SECRET}\n  links.count >= 1", 'text "ana.secret http://a.example"', CLEAR
        )
        (tmp_path / "rules" / name).write_text(wider[1])
        engine.reload()
        last = engine.writer.pipeline.community.active
    assert first.digest != last.digest
    store = Store(tmp_path / STORE_FILE, readonly=True)
    one, two = (row[0] for row in store.all("controls", ("!config",)))
    norms = Norms(store)
    assert "Several links" in norms.norm(one, "spam.links").ground
    assert "Quite other words" in norms.norm(two, "spam.links").ground
    assert [each.partition(" ")[0] for each in norms.looked_at(one, "bags")] == ["text"]
    looked = norms.looked_at(two, "bags")
    assert [each.partition(" ")[0] for each in looked] == ["text", "links.count"]
    assert "secret" not in " ".join(looked)
    assert norms.looked_at(one, "no-such-rule") == ()
    assert norms.looked_at(two + 1, "bags") == ()
    store.close()
