"""What no rule may do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ombud.rules.check import Surroundings
from ombud.rules.vocabulary import ACTIONS
from rules.rules_made import CLAUSES, LISTS, report_of

IMPORTED = Surroundings(clauses=CLAUSES, lists=LISTS, imported=("words",))
FORM = Surroundings(
    clauses={"spam.links": replace(CLAUSES["spam.links"], harm="form")}, lists=LISTS
)
CONTEXT = Surroundings(
    clauses={"spam.links": replace(CLAUSES["spam.links"], harm="context")}, lists=LISTS
)
MANY = "  author.posts in last 1 hour > 9"


def _codes(when: str, unless: str = "", **more: object) -> list[str]:
    report, _ = report_of(when, unless, **more)  # type: ignore[arg-type]
    return [problem.code for problem in report.found]


@pytest.mark.parametrize(
    ("when", "unless", "refused"),
    [
        (MANY, "", True),
        (MANY + "\n  room.posts in last 1 hour > 99", "", True),
        ("  any of\n  " + MANY + "\n    links.count >= 2", "", True),
        ("  all of\n  " + MANY + "\n    links.count >= 2", "", False),
        (MANY + "\n  links.count >= 2", "", False),
        (MANY + "\n  author.age < 3 days", "", False),
        (MANY + "\n  author.first seen <= 3 days", "", False),
        (MANY + "\n  author.accepted posts = 0", "", False),
        (MANY + "\n  author.age > 3 days", "", True),
        (MANY + "\n  not author.age > 3 days", "", False),
        (MANY + "\n  target.age < 3 days", "", True),
        (MANY, "  not links.any", False),
        (MANY, "  links.count < 1", False),
        (MANY, "  any of\n    not links.any\n    text.length < 9", False),
        (MANY, "  all of\n    not links.any\n    text.length < 9", True),
        ("  text.length >= 1", "  author.posts in last 1 hour <= 9", True),
        ("  links.any", "  author.posts in last 1 hour <= 9", False),
        ("  text.length >= 1", "  not text.repeat authors in last 1 hour >= 3", True),
        (MANY, "  author.age > 30 days", False),
        (MANY, "  author.age < 30 days", True),
        (MANY, "  not author.age < 30 days", False),
        (MANY, '  author in list "trusted helpers"', True),
        (MANY, "  any of\n    author.age > 30 days\n    links.any", False),
        (MANY, "  all of\n    author.age > 30 days\n    links.any", True),
        ("  author.age < 3 days", "", False),
        ("  author.name resembles recent names >= 70 %", "", True),
        ("  author.name resembles recent names >= 70 %\n  author.age < 1 hour", "", False),
        ("  text quotes target", "", False),
    ],
)
def test_counting_alone_restricts_nobody_established(when: str, unless: str, refused: bool) -> None:
    """A restriction that rests on counts alone needs a line that leaves established members out."""
    assert ("R074" in _codes(when, unless, then="hold this", kinds="post")) is refused
    assert "R074" not in _codes(when, unless, then="warn this", kinds="post")
    assert "R074" not in _codes(when, unless, then="slow room", kinds="post")


@pytest.mark.parametrize(
    ("when", "unless"),
    [
        ('  text.language = "vi"', ""),
        ('  not text.language = "en"', ""),
        ('  text.language != "en"\n  author.age < 3 days\n  links.count >= 2', ""),
        ('  any of\n    links.any\n    text.language = "vi"', ""),
        ('  text.language in list "words"', ""),
        ("  links.count >= 2", '  text.language = "en"'),
        ("  links.count >= 2", '  all of\n    author.age > 3 days\n    text.language = "en"'),
    ],
)
def test_no_language_is_a_reason_to_restrict(when: str, unless: str) -> None:
    """Not beside other lines either, nor by letting the speakers of another language off: whom a
    rule hits would still go by where they come from. A warning and a case for a person may ask.
    """
    for then in ("hold this", "remove this", 'label this "x"', "slow room", "ban author from room"):
        assert "R147" in _codes(when, unless, then=then, kinds="post"), then
    for then in ("warn this", 'alert "spam"'):
        assert "R147" not in _codes(when, unless, then=then, kinds="post"), then
    assert "R147" not in _codes("  links.count >= 2", "", then="hold this", kinds="post")


@pytest.mark.parametrize("then", ["remove this", "limit this for 1 hour", "ban author from room"])
def test_hearsay_alone_does_not_take_away(then: str) -> None:
    """Reports and imported lists alone may hold a post, and do nothing harder."""
    for when in (
        '  text in list "words"',
        '  any of\n    text in list "words"\n    links.count >= 2',
        '  text in list "words"\n  author.age < 3 days',
    ):
        assert "R073" in _codes(when, then=then, around=IMPORTED)
        assert "R073" not in _codes(when, then="hold this", around=IMPORTED)
        assert "R073" not in _codes(when, then=then)
    flags = "  subject.author.flags in last 1 day >= 3"
    assert "R073" in _codes(flags, then=then, kinds="flag")
    assert _codes(flags, then="hold this", kinds="flag") == []


@pytest.mark.parametrize("then", ["remove this", "limit author for 1 hour", "suspend author"])
@pytest.mark.parametrize(
    "when",
    [
        "  subject.flaggers in last 1 day >= 9",
        "  subject.flaggers with trusted reporter in last 7 days >= 3",
        "  reporter.trusted",
        "  reporter.trusted\n  reporter.age > 1 year",
        "  any of\n    reporter.trusted\n    subject.author.age < 1 day",
    ],
)
def test_who_flags_says_nothing_of_what_is_flagged(when: str, then: str) -> None:
    """However many flag it, and however trusted they are, it is held for a person at most."""
    assert "R073" in _codes(when, then=then, kinds="flag")
    assert _codes(when, then="hold this", kinds="flag") == []
    for idle in ("age < 1 day", "age < 3650 days", "last seen >= 0 days", "accepted posts < 5"):
        assert "R073" in _codes(f"{when}\n  subject.author.{idle}", then=then, kinds="flag")
    told = "\n  private.phones >= 1"
    assert "R073" not in _codes(when + told, then=then, kinds="flag")


_RESTRICT = ("hold this", "label this \"x\"", "mark sensitive this", "remove this", "slow room",
             "limit author for 1 hour", "hold campaign")  # fmt: skip


@pytest.mark.parametrize("then", _RESTRICT)
@pytest.mark.parametrize(
    "when",
    [
        "  insult >= 99 %",
        "  insult.likely",
        "  target.repliers with insult in last 1 hour >= 9",
        "  author.posts with insult in last 1 hour >= 9",
        "  share of author.posts with insult in last 30 days > 90 %",
        "  insult >= 99 %\n  author.age < 1 day",
        "  insult >= 99 %\n  author.accepted posts = 0\n  target.repliers in last 1 hour > 9",
        "  any of\n    insult >= 99 %\n    links.count >= 2",
        "  all of\n    insult >= 99 %\n    author.first seen < 1 day",
    ],
)
def test_nothing_is_restricted_on_a_hint_alone(when: str, then: str) -> None:
    """Not even held: neither a new account nor a crowd makes a hint more than one."""
    assert "R150" in _codes(when, then=then)
    for harmless in ("warn this", 'alert "harassment"'):
        assert _codes(when, then=harmless) == []


@pytest.mark.parametrize("then", _RESTRICT)
def test_no_alphabet_is_a_reason_to_restrict(then: str) -> None:
    """Nor a language by its letters or words, beside other lines or in an exception. A warning and
    an alert may ask it, and words of one's own may stand in any alphabet.
    """
    repeats = "\n  text.repeat authors in last 1 hour >= 3\n  author.age < 1 day"  # for a campaign
    for written in (
        'text matches "[ăđơư]"',
        'text matches "\\p{Arabic}"',
        'text contains "ư"',
        'text starts with "và"',
    ):
        for when, unless in (
            (f"  {written}{repeats}", ""),
            (f"  links.any{repeats}\n  not {written}", ""),
            (f"  links.any{repeats}\n  any of\n    {written}\n    media.any", ""),
            (f"  links.any{repeats}", f"  {written}"),
            (f"  links.any{repeats}", f"  all of\n    media.any\n    not {written}"),
        ):
            assert "R151" in _codes(when, unless, then=then)
            for harmless in ('alert "spam"', "warn this"):
                assert "R151" not in _codes(when, unless, then=harmless)
    for words in ("bán hàng", "казино", "赌博", "casino"):
        assert "R151" not in _codes(f'  text contains "{words}"' + repeats, then=then)
        assert "R151" not in _codes(f'  text matches "{words}"' + repeats, then=then)


def test_a_hint_reads_what_is_said() -> None:
    """Under `form` it may not matter, in whichever way it is asked."""
    for when in ("insult >= 80 %", "insult.likely", "author.posts with insult in last 1 day > 3"):
        assert "R077" in _codes(f"  {when}", then="warn this", around=FORM)


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("  author.name resembles recent names >= 70 %\n  author.age < 1 hour", False),
        ("  text.repeat authors in last 1 hour >= 3\n  author.age < 1 hour", False),
        ("  author.posts with same domain in last 1 hour > 3\n  author.age < 1 hour", False),
        ("  text quotes target\n  author.age < 1 hour", True),
        ("  author.posts in last 1 hour > 3\n  author.age < 1 hour", True),
    ],
)
def test_a_campaign_needs_something_that_several_did_alike(when: str, told: bool) -> None:
    """Repeated texts, sites or names make a campaign; a quote or a number of posts does not."""
    kinds = "reply" if "quotes" in when else "post"
    assert ("R072" in _codes(when, then="hold campaign", kinds=kinds)) is told


def test_a_flagged_post_is_no_campaign() -> None:
    """Those who flag one post did alike, but what they flag is one post."""
    when = "  subject.flaggers in last 1 day >= 3"
    assert "R072" in _codes(when, then="hold campaign", kinds="flag")


def test_a_form_clause_reads_structure_and_only_warns_or_holds() -> None:
    """Under `form` what is said may not matter, and nothing is taken away."""
    assert _codes('  text starts with "[WTS]"\n  media.any', then="hold this", around=FORM) == []
    assert _codes('  room in list "words"', then="warn this", around=FORM) == []
    assert "R077" in _codes('  text contains "x"', then="warn this", around=FORM)
    assert "R077" in _codes('  text in list "words"', then="warn this", around=FORM)
    assert "R077" in _codes('  author.name = "x"', then="warn this", around=FORM)
    assert "R077" in _codes("  media.any", then="remove this", around=FORM)


def test_campaigns_need_repeats() -> None:
    """`campaign` is taken with a line that counts repeats, and with no other count."""
    new = "\n  author.accepted posts < 3"
    for repeats in (
        "  text.repeat authors in last 1 hour >= 3",
        "  links.repeat authors in last 1 hour >= 3",
        "  author.posts with same domain in last 1 hour >= 3",
    ):
        assert _codes(repeats + new, then="hold campaign", kinds="post") == []
    assert _codes(MANY + new, then="hold campaign", kinds="post") == ["R072"]


def test_what_only_a_person_does_is_told_and_never_refused() -> None:
    """A live rule may propose what only a person may do: that opens a case."""
    examples = '\nshould catch "a"\n  links.count  2\n\nshould pass "b"\n  links.count  1\n'
    for kind, form in ACTIONS.items():
        if form.person_only:
            text = ' "Source: ..."' if form.text == "needed" else ""
            report, rule = report_of(
                "  links.count >= 2", then=kind + text, mode="live", more=examples
            )
            assert [(p.code, p.severity) for p in report.found] == [("R075", "information")]
            assert rule is not None


CLAIMED = ("claims.match", "claims.likeness >= 60 %", "not claims.match", "claims.debunked")
TEXTS = {"alert": 'alert "on call"', "label": 'label this "x"', "context": 'context this "x"'}
NEEDS_END = {"limit": "limit this for 1 hour"}


@pytest.mark.parametrize("mode", ["draft", "watch", "live"])
@pytest.mark.parametrize("action", list(ACTIONS))
def test_a_fact_check_may_only_ask_a_person(action: str, mode: str) -> None:
    """Of every action of the language only context and alert may rest on a fact-check, in `when`,
    in `unless`, in a group, beside any other condition, and in every mode.
    """
    then = TEXTS.get(action) or NEEDS_END.get(action) or action
    if action in ("mark sensitive", "ban from room"):
        then = {"mark sensitive": "mark this sensitive", "ban from room": "ban author from room"}[
            action
        ]
    for claimed in CLAIMED:
        for when, unless in (
            (f"  {claimed}", ""),
            (f"  links.count >= 2\n  {claimed}", ""),
            (f"  any of\n    links.count >= 2\n    {claimed}", ""),
            ("  links.count >= 2", f"  {claimed}"),
            ("  links.count >= 2", f"  all of\n    {claimed}\n    links.any"),
        ):
            found = _codes(when, unless, then=then, around=CONTEXT, mode=mode)
            assert ("R097" in found) is (action not in ("context", "alert")), (when, unless)
            assert "R098" not in found
            both = _codes(when, unless, then=f"{TEXTS['context']}\n  {then}", around=CONTEXT)
            assert ("R097" in both) is (action not in ("context", "alert"))
            assert "R098" in _codes(when, unless, then=TEXTS["context"])


@pytest.mark.parametrize("action", ["hold this", "warn this", "slow room", "suspend author"])
def test_under_a_clause_about_context_nothing_else_is_done(action: str) -> None:
    """Also by a rule that asks no fact-check: such a clause says that nothing is forbidden."""
    assert "R099" in _codes("  links.count >= 2", then=action, around=CONTEXT)
    assert _codes("  links.count >= 2", then=TEXTS["context"], around=CONTEXT, mode="watch") == []
