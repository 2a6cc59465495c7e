"""What a rule set may cost is told before it runs, and is bounded."""

from __future__ import annotations

import pytest

from bench import rule_sets
from ombud.rules import cost, pattern_cost, phrases
from ombud.rules.checked import Atom
from ombud.rules.load import Loaded, load
from rules.rules_made import checked


def _loaded(*conditions: str) -> Loaded:
    files = {
        f"r{number:03}.rule": rule_sets.rule_text(f"r{number:03}", "post", said).encode()
        for number, said in enumerate(conditions)
    }
    return load(files, {"spam.md": rule_sets.POLICY}, {})


def _atom(said: str) -> Atom:
    return next(checked(f"  {said}").atoms())


def test_what_rules_share_is_counted_once() -> None:
    """Twenty rules over one fact cost what one of them costs; another fact costs more."""
    one = cost.of([checked("  links.count >= 2", name="a")])
    many = cost.of([checked(f"  links.count >= {n}", name=f"r{n}") for n in range(1, 21)])
    more = cost.of([checked("  links.count >= 2\n  links.domains >= 2", name="a")])
    assert one.kinds == many.kinds
    assert one.kinds[0].usual_us == _atom("links.count >= 2").cost
    assert one.kinds[0].worst_us == cost.WORST * one.kinds[0].usual_us
    assert more.kinds[0].worst_us > one.kinds[0].worst_us


def test_usually_a_rule_ends_at_its_first_false_condition() -> None:
    """What comes after a condition that is false in the ordinary case is no usual cost."""
    rule = checked('  author.age < 3 days\n  text matches "casino"\n  links.count >= 2')
    found = cost.of([rule]).kinds[0]
    assert found.usual_us == _atom("author.age < 3 days").cost
    everything = sum(atom.cost for atom in rule.atoms())
    assert found.worst_us == cost.WORST * everything


def test_kinds_and_the_dearest() -> None:
    """A kind costs what its rules cost; drafts cost nothing; the dearest come first."""
    rules = [
        checked("  links.count >= 2", name="cheap", kinds="edit"),
        checked('  author.name resembles list "staff names" >= 90 %', name="dear", kinds="join"),
        checked('  text contains "a"', name="draft", mode="draft"),
    ]
    found = cost.of(rules)
    assert [each.kind for each in found.kinds] == ["edit", "join"]
    assert [name for name, _ in found.rules] == ["dear", "cheap"]
    assert found.conditions[0][0].startswith("author.name resembles")
    assert found.worst is not None
    assert found.worst.kind == "join"
    assert cost.of([]) == cost.Cost((), (), ())
    assert cost.of([]).worst is None


def test_a_dear_rule_set_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound there is a warning at the dearest rule, and the rules can still run."""
    conditions = ("  links.count >= 2", '  text contains "casino"')
    assert not [each for each in _loaded(*conditions).diagnostics if each.code == "R091"]
    monkeypatch.setattr(cost, "WORST_MAX_US", 1)
    loaded = _loaded(*conditions)
    (told,) = [each for each in loaded.diagnostics if each.code == "R091"]
    assert told.file == "r000.rule"
    assert "r000, r001" in told.hint
    assert loaded.ok


def test_too_many_patterns_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Different patterns of all rules are counted together; the one that is too many is named, and
    the same pattern again is none.
    """
    monkeypatch.setattr(cost, "PATTERNS_MAX", 2)
    some = ['  text matches "a"', '  text matches "b"\n  links.any', '  text matches "b"']
    assert _loaded(*some).ok
    loaded = _loaded(*some, '  text matches "c"')
    assert not loaded.ok
    assert [(each.code, each.file) for each in loaded.diagnostics if each.severity == "error"] == [
        ("R090", "r003.rule")
    ]


def test_patterns_that_need_too_much_memory_together_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sizes add up over all rules."""
    monkeypatch.setattr(cost, "PATTERN_SIZE_MAX", 2 * phrases.pattern_size("x0[a-z]{8}"))
    large = [f'  text matches "x{n}[a-z]{{8}}"' for n in range(3)]
    assert _loaded(*large[:2]).ok
    codes = [each.code for each in _loaded(*large).diagnostics if each.severity == "error"]
    assert codes == ["R090"]


def test_the_longest_text_is_told_apart() -> None:
    """What grows with the text is added once each: views, words, private data, sites, patterns,
    models.
    """

    def longest(lines: str, kinds: str = "post") -> int:
        found = cost.of([checked(lines, name="a", kinds=kinds)]).kinds[0]
        return found.longest_us - found.worst_us

    views, words = cost.LONGEST_US["views"], cost.LONGEST_US["words"]
    assert longest("  author.age < 3 days") == views
    assert longest('  text contains "bags"\n  text contains "shoes"') == views + words
    assert longest("  private.any\n  private.phones >= 2") == views + cost.LONGEST_US["private"]
    likely = "  likely spam.links >= 80 %\n  likely spam.links >= 90 %"
    assert longest(likely) == views + cost.MODEL_LONGEST_US
    assert longest('  links resemble list "our own sites" >= 95 %') == (
        views + cost.LONGEST_US["sites"]
    )
    pattern = pattern_cost.worst_us("a{3}")
    assert longest('  text matches "a{3}"\n  not text matches "a{3}"') == views + pattern
    assert longest("  author.age < 3 days", "join") == 0
