"""Rules beside each other."""

from __future__ import annotations

import pytest

from ombud.rules.load import load
from rules.rules_made import RULE

POLICY = {
    "spam.md": b"## spam.links Links\nharm: spam\npublished: 2026-11-22\n\nThe norm.\n",
    "spam.vi.md": "## spam.links Liên kết\nQuy định.\n".encode(),
}


def _rule(
    name: str, when: str, unless: str = "", kinds: str = "post", mode: str = "draft"
) -> bytes:
    unless = f"\nunless\n{unless}\n" if unless else ""
    text = RULE.format(
        name=name, kinds=kinds, mode=mode, when=when, unless=unless, then="warn this"
    )
    return text.encode()


def _told(rules: dict[str, bytes], *lists: str) -> list[tuple[str, str, str]]:
    found = load(rules, POLICY, dict.fromkeys(lists, b"a.example\n")).diagnostics
    return [
        (problem.file, problem.code, problem.severity)
        for problem in found
        if problem.code != "R139"  # drafts without examples, as all of these are
    ]


@pytest.mark.parametrize(
    ("when", "unless", "kinds", "twin"),
    [
        ("  links.any\n  media.any", "  mentions.any", "post", True),
        ("  media.any\n  links.any", "  mentions.any", "post", True),
        ("  media.any\n  links.any", "", "post", False),
        ("  media.any\n  not links.any", "  mentions.any", "post", False),
        ("  links.any\n  media.any", "  mentions.any", "post, edit", False),
        ("  any of\n    links.any\n    media.any", "  mentions.any", "post", False),
        ("  mentions.any", "  links.any\n  media.any", "post", False),
    ],
)
def test_a_rule_that_asks_what_another_one_asks_is_told_so(
    when: str, unless: str, kinds: str, twin: bool
) -> None:
    """In whatever order; not where anything differs."""
    rules = {
        "one.rule": _rule("one", "  links.any\n  media.any", "  mentions.any"),
        "two.rule": _rule("two", when, unless, kinds),
    }
    assert _told(rules) == ([("two.rule", "R136", "warning")] if twin else [])


def test_groups_are_compared_without_their_order() -> None:
    """The same lines in a group are the same group; `all of` is not `any of`."""
    group = "  any of\n    links.any\n    media.any"
    turned = "  any of\n    media.any\n    links.any"
    rules = {"a.rule": _rule("a", group), "b.rule": _rule("b", turned)}
    assert _told(rules) == [("b.rule", "R136", "warning")]
    rules["b.rule"] = _rule("b", turned.replace("any of", "all of"))
    assert _told(rules) == []


def test_names_that_only_capital_letters_tell_apart_are_told() -> None:
    """On many disks one of the files would be gone."""
    rules = {"a.rule": _rule("a", "  links.any"), "A.rule": _rule("b", "  media.any")}
    assert _told(rules) == [
        ("A.rule", "R079", "warning"),
        ("a.rule", "R046", "warning"),
    ]


def test_a_list_that_no_rule_names_is_told() -> None:
    """Named in `when`, in `unless`, in a group, or as what a name resembles, it is in use."""
    lists = ("sites.txt", "our-own-sites.txt", "people.txt", "staff.txt", "idle.txt")
    said = [
        '  links any in list "sites"',
        '  any of\n    links.count > 9\n    links all in list "our own sites"',
        '  author in list "people"',
        '  author.name resembles list "staff" >= 90 %',
    ]
    rules = {"a.rule": _rule("a", "\n".join(said[:2]), said[2]), "b.rule": _rule("b", said[3])}
    assert _told(rules, *lists) == [("idle.txt", "R137", "information")]
    del rules["a.rule"]
    assert [file for file, _, _ in _told(rules, *lists)] == [
        "idle.txt", "our-own-sites.txt", "people.txt", "sites.txt",
    ]  # fmt: skip


def test_of_a_rule_with_errors_nobody_can_tell_which_lists_it_names() -> None:
    """So no list is called unused while some rule has an error."""
    rules = {"a.rule": _rule("a", '  links any on list "sites"')}
    assert [code for _, code, _ in _told(rules, "sites.txt")] == ["R026"]
