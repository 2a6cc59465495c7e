"""All files of a community together."""

from __future__ import annotations

from flow.small_community import rule
from ombud import samples
from ombud.rules.diagnostic import WARNING
from ombud.rules.load import RULES_MAX, load

RULES, POLICIES, LISTS = (samples.files(folder) for folder in samples.FOLDERS)


def test_one_bad_file_leaves_the_others_and_is_told() -> None:
    """A rule with an error is left out; `ok` says that something was wrong."""
    broken = RULES | {"broken.rule": b"rule broken\n"}
    loaded = load(broken, POLICIES, LISTS)
    assert not loaded.ok
    assert [rule.name for rule in loaded.rules] == [name.removesuffix(".rule") for name in RULES]
    assert {problem.file for problem in loaded.diagnostics} == {"broken.rule"}


def test_a_name_is_given_once() -> None:
    """The second rule of a name is refused, with the file of the first."""
    twice = RULES | {"zzz.rule": RULES["join-raid.rule"]}
    loaded = load(twice, POLICIES, LISTS)
    (problem,) = [p for p in loaded.diagnostics if p.code == "R080"]
    assert problem.file == "zzz.rule"
    assert "join-raid.rule" in problem.message
    assert [rule.name for rule in loaded.rules].count("join-raid") == 1


def test_a_failing_example_keeps_the_rule_out() -> None:
    """A rule that does not do what its author shows does not run."""
    wrong = RULES["mention-burst.rule"].replace(b"mentions.count >= 8", b"mentions.count >= 9")
    loaded = load(RULES | {"mention-burst.rule": wrong}, POLICIES, LISTS)
    assert "mention-burst" not in [rule.name for rule in loaded.rules]
    assert [problem.code for problem in loaded.diagnostics] == ["R083"]


def test_lists_are_named_after_their_files() -> None:
    """`our-own-sites.txt` is "our own sites"; other names and bad lines are told."""
    lists = {"our-own-sites.txt": b"a.example\n\xff\n", "Wrong Name.txt": b""}
    loaded = load({}, {}, lists)
    assert list(loaded.lists) == ["our own sites"]
    assert [(p.code, p.file, p.line) for p in loaded.diagnostics] == [
        ("R202", "Wrong Name.txt", 0),
        ("R204", "our-own-sites.txt", 2),
        ("R137", "our-own-sites.txt", 0),
    ]


def test_a_list_in_utf_16_is_told_as_a_rule_is() -> None:
    """Whatever the order of its bytes."""
    for encoding in ("utf-16-le", "utf-16-be"):
        content = ("\ufeff" + "m\u1ea7m\u00fa.example\n").encode(encoding)
        found = load({}, {}, {"our-own-sites.txt": content}).diagnostics
        assert {each.hint for each in found if each.code == "R204"} == {
            "It looks like UTF-16. Save it as UTF-8 in your editor."
        }


def test_too_many_rules_are_told() -> None:
    """Beyond the limit no file is read."""
    files = {f"r{number:04}.rule": b"" for number in range(RULES_MAX + 2)}
    loaded = load(files, {}, {})
    assert [p.code for p in loaded.diagnostics].count("R089") == 1
    assert loaded.rules == ()


def test_loading_is_the_same_every_time() -> None:
    """Same files, same rules, versions and problems, in the same order."""
    one, two = load(RULES, POLICIES, LISTS), load(dict(reversed(RULES.items())), POLICIES, LISTS)
    assert [(r.name, r.version) for r in one.rules] == [(r.name, r.version) for r in two.rules]
    assert one.diagnostics == two.diagnostics
    assert {name: clause.version for name, clause in one.clauses.items()} == {
        name: clause.version for name, clause in two.clauses.items()
    }


def test_a_list_that_picks_who_writes_a_language_is_warned_of() -> None:
    """Whatever includes it, in either part of a rule, once; not where nothing is restricted."""
    files = {"all.txt": b"casino\ninclude: words\n", "words.txt": "của\n".encode()}
    files["ours.txt"] = b"bags\n"
    for when, then, warned in (
        ('links.any\n  text in list "all"', "hold this", 1),
        ('links.any\n  not text in list "all"', "hold this", 1),
        ('text in list "all"\n  any of\n    text in list "all"\n    media.any', "hold this", 1),
        ('links.any\n  text in list "all"', 'alert "spam"', 0),
        ('links.any\n  text in list "ours"', "hold this", 0),
        ('links.any\n  author.name in list "all"', "hold this", 0),
    ):
        name, text = rule("asks", when, 'text "a"', 'text "b"', then=then)
        found = load({name: text.encode()}, POLICIES, files)
        told = [(each.code, each.severity) for each in found.diagnostics if each.code == "R151"]
        assert told == [("R151", WARNING)] * warned, when
        assert not any(
            each.code == "R151"
            for each in load({name: text.encode()}, POLICIES, files, recorded=True).diagnostics
        )
