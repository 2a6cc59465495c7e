"""A rule's decision: every field of the record that the design asks for, and nothing left out."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from flow.small_community import NOW, SETTINGS, event, line, rule
from ombud import clock, events, ids, samples, statements
from ombud.activation import compiling
from ombud.activation.active import Active
from ombud.config import Sources, parse_settings
from ombud.decisions import Decision, RuleVersion, one_person, statement
from ombud.explain import ThrowAway
from ombud.signals.observation import Observation, kind_of
from ombud.verdicts.community import Community

NAME, TEXT = rule(
    "bags",
    'text contains "cheap bags"\n  links.count >= 1',
    'text  "cheap bags a.example"',
    'text  "thanks"',
    then="hold this for 6 hours",
    kinds="post, flag, registration, profile, join",
)
SECOND = rule("second", "links.count >= 1", 'text  "a.example"', 'text  "thanks"')
POLICY = samples.files("policies")["spam.md"].decode()
WITHHELD = POLICY.replace("published:", "words: withheld\npublished:")
POSTED = event(1, text="Cheap bags at http://a.example", author={"id": "ana", "lang": "vi-VN"})


def active(policy: str = POLICY, settings: str = SETTINGS, **rules: str) -> Active:
    """A configuration with the rules of this file."""
    texts = rules or {NAME: TEXT}
    return compiling.from_sources(
        Sources(
            rules={name: text.encode() for name, text in texts.items()},
            policies={"spam.md": policy.encode()},
            lists={},
            settings=parse_settings(settings.encode()),
        )
    )


def decided(configured: Active, told: dict[str, Any], recv: int = NOW) -> Decision:
    """The decision on one event received at `recv`."""
    happened = events.decode(line(told))
    kind = kind_of(happened)
    assert kind is not None
    seen = Observation(happened, kind, ThrowAway())
    community = Community(bytes(32), configured)
    verdict = community.judge(seen, "", clock.from_datetime(happened.time), recv)
    (chosen,) = verdict.chosen
    return statements.by_rule(configured, chosen, seen, verdict.facts, recv)


@pytest.fixture(scope="module")
def plain() -> Active:
    """The rule `bags` alone."""
    return active()


def test_every_field_of_the_design_is_filled(plain: Active) -> None:
    """Who, what, when, under which clause and rule in which version, by what licence, and why."""
    made = decided(plain, POSTED)
    (checked,) = plain.rules
    assert made.id.startswith("dec_")
    assert made.time == "2026-03-02T12:00:00Z"
    assert made.subject == "post/e1"
    assert (made.clause, made.policy_version) == ("spam.links", checked.clause.version)
    assert [(each.name, each.version) for each in made.rules] == [("bags", checked.version)]
    assert (made.by, made.licence) == ("rule", "procedural:spam.links")
    assert (made.automated_detection, made.automated_decision) == (True, True)
    assert made.origin == "own initiative"
    (action,) = made.actions
    assert (action.type, action.on, action.params) == ("hold", "this", {})
    assert set(made.reasons.what) == {"en", "vi"}
    assert made.reasons.why == {"en": "A person will look at it."}
    assert [fact.condition for fact in made.reasons.facts] == [
        'text contains "cheap bags"',
        "links.count >= 1",
    ]
    of_people = {
        "found_by",
        "eyes",
        "irreversible",
        "content_lang",
        "demand",
        "again",
    }  # five words are too few
    for name in Decision.__struct_fields__:
        assert (getattr(made, name) in (None, "", (), False)) is (name in of_people), name


def test_each_decision_has_its_own_id(plain: Active) -> None:
    """Two decisions on the same event have two ids, and are otherwise the same."""
    first, second = decided(plain, POSTED), decided(plain, POSTED)
    assert first.id != second.id
    assert msgspec.structs.replace(first, id=second.id) == second


@pytest.mark.parametrize(
    ("then", "until"),
    [
        ("hold this for 6 hours", "2026-03-02T18:00:00Z"),
        ("hold this", "2026-03-03T12:00:00Z"),  # the licence's own 24 hours
        ("hold this for 90 minutes", "2026-03-02T13:30:00Z"),
    ],
)
def test_a_hold_says_until_when(then: str, until: str) -> None:
    """The end is receipt plus the rule's duration, else the licence's, and is said in words."""
    made = decided(active(**{NAME: TEXT.replace("hold this for 6 hours", then)}), POSTED)
    assert made.actions[0].until == until
    said = f"{until[:10]} {until[11:16]} UTC"
    assert all(said in what for what in made.reasons.what.values())


def test_a_warning_has_no_end() -> None:
    """What restricts nothing has no end and no licence."""
    made = decided(active(**{NAME: TEXT.replace("hold this for 6 hours", "warn this")}), POSTED)
    assert (made.actions[0].type, made.actions[0].until, made.licence) == ("warn", None, None)


def test_an_appeal_is_open_for_six_months(plain: Active) -> None:
    """The appeal stays open for 183 days from receipt."""
    assert decided(plain, POSTED).appeal_until == "2026-09-01T12:00:00Z"
    later = decided(plain, POSTED, NOW + clock.DAY)
    assert later.appeal_until == "2026-09-02T12:00:00Z"


def test_matched_words_are_quoted(plain: Active) -> None:
    """The words that made a condition hold stand in the record."""
    text, links = decided(plain, POSTED).reasons.facts
    assert text.matched == ("cheap bags",)
    assert (links.matched, links.value) == ((), 1)


def test_matched_words_are_withheld_where_the_clause_says_so() -> None:
    """Under `words: withheld` no condition quotes the post, in any language."""
    made = decided(active(WITHHELD), {**POSTED, "data": {**POSTED["data"], "text": SECRET}})
    assert [fact.matched for fact in made.reasons.facts] == [(), ()]
    assert "CHEAP" not in msgspec.json.encode(made).decode()


@pytest.mark.parametrize(
    "condition",
    [
        'text contains "cheap bags"',
        'text starts with "buy cheap bags"',
        'text matches "c.eap bags"',
        'author.name = "cheap bags"',
        'not text contains "cheap bags or"',
        'not author.name != "cheap bags"',
    ],
)
def test_what_a_condition_looks_for_is_withheld_too(condition: str) -> None:
    """The person is told which condition it was without its text; the whole one stays in the
    sealed record.
    """
    caught = 'text "buy cheap bags a.example"\n  author.name "cheap bags"'
    passed = 'text "thanks"\n  author.name "ana"'
    name, text = rule("bags", f"{condition}\n  links.count >= 1", caught, passed)
    configured = active(WITHHELD, **{name: text})
    author = {"id": "ana", "name": "cheap bags"}
    made = decided(configured, {**POSTED, "data": {"text": SECRET, "author": author}})
    fact, links = made.reasons.facts
    assert fact.condition == condition
    assert "eap bags" not in "".join(statement(made, {}, "en") + statement(made, {}, "vi"))
    before, _, _ = condition.partition(' "')
    assert all(said.endswith(f'({before} "…")') for said in fact.said.values())
    assert links.said["en"].endswith("(links.count >= 1)")


SECRET = "buy CHEAP BAGS here: http://a.example"


@pytest.mark.parametrize(
    ("said", "preferred", "lang"),
    [
        ("vi-VN", '["en", "vi"]', "vi"),
        ("en", '["vi"]', "en"),
        ("fr", '["vi", "en"]', "vi"),
        (None, '["vi"]', "vi"),
        (None, '["en", "vi"]', "en"),
    ],
)
def test_a_person_is_told_in_their_language(said: str | None, preferred: str, lang: str) -> None:
    """The platform's word on the author's language counts, else the community's first one."""
    configured = active(settings=f"{SETTINGS}languages = {preferred}\n")
    author = {"id": "ana"} if said is None else {"id": "ana", "lang": said}
    told = {**POSTED, "data": {**POSTED["data"], "author": author}}
    assert decided(configured, told).lang == lang


def test_nobody_is_told_in_the_first_language(plain: Active) -> None:
    """An event that names no author is decided all the same."""
    data = {"text": POSTED["data"]["text"]}
    assert decided(plain, {**POSTED, "data": data}).lang == "en"


def test_all_rules_behind_one_action_are_named() -> None:
    """Where two rules ask for the same, the record names both, and every condition once."""
    made = decided(active(**{NAME: TEXT, SECOND[0]: SECOND[1]}), POSTED)
    assert {each.name for each in made.rules} == {"bags", "second"}
    conditions = [fact.condition for fact in made.reasons.facts]
    assert sorted(conditions) == sorted(set(conditions))
    assert set(conditions) == {'text contains "cheap bags"', "links.count >= 1"}


def _with_unless(when: str, unless: str, caught: str, passed: str) -> dict[str, str]:
    name, text = rule("bags", when, caught, passed)
    return {name: text.replace("\n\nthen", f"\n\nunless\n{unless}\n\nthen")}


def test_what_let_nobody_off_is_told_too() -> None:
    """Of `unless` the opposite of each condition that was asked and false, whatever its grouping;
    of a group of which one was true, only the others.
    """
    rules = _with_unless(
        "links.count >= 1",
        '  author.age > 30 days\n  not text contains "bags"\n  not media.any\n  all of\n'
        "    mentions.any\n    not text.cut",
        'text "bags a.example"\n  media.count 1\n  media.any yes\n  author.age 1 day',
        'text "thanks"',
    )
    author = {"id": "ana", "created": "2026-03-01T12:00:00Z"}
    media = [{"id": "m1", "type": "image/png"}]
    data = {**POSTED["data"], "author": author, "media": media, "mentions": []}
    told = {**POSTED, "data": data}
    made = decided(active(**rules), told)
    assert {fact.condition: fact.matched for fact in made.reasons.facts} == {
        "links.count >= 1": (),
        "not author.age > 30 days": (),
        'text contains "bags"': ("bags",),
        "media.any": (),
        "not mentions.any": (),
    }
    for lang, no in (("en", "no"), ("vi", "không")):
        lines = "\n".join(statement(made, {}, lang))
        assert f": {no} (not mentions.any)" in lines
        assert "(not author.age > 30 days)" in lines


def test_a_condition_that_let_nobody_off_is_withheld_as_others_are() -> None:
    """What an exception looks for would tell how to get one; of a reporter nothing is told."""
    rules = _with_unless(
        "links.count >= 1",
        '  text contains "secret handshake"\n  reporter.trusted',
        'text "a.example"',
        'text "thanks"',
    )
    rules = {name: text.replace("for     post", "for     flag") for name, text in rules.items()}
    data = {**POSTED["data"], "reporter": {"id": "eve"}, "reported": {"id": "post/1"}}
    made = decided(active(WITHHELD, **rules), {**POSTED, "type": "flag.created", "data": data})
    said = "".join(statement(made, {}, "en") + statement(made, {}, "vi"))
    assert "handshake" not in said
    assert '(not text contains "…")' in said
    assert "reporter" not in said


Changed = Callable[[str], str]


@pytest.mark.parametrize(
    ("rules", "policy"),
    [
        (lambda text: text.replace("links.count >= 1", "links.count > 0"), str),
        (str, lambda text: text.replace("at most one link", "at most two links")),
    ],
)
def test_versions_change_with_the_texts(plain: Active, rules: Changed, policy: Changed) -> None:
    """Another rule or clause text gives another version in the record."""
    changed = active(policy(POLICY), **{NAME: rules(TEXT)})
    (before,), (after,) = plain.rules, changed.rules
    assert after.version != before.version
    assert (after.clause.version != before.clause.version) == (policy(POLICY) != POLICY)


def test_a_record_can_be_sealed_and_read(plain: Active) -> None:
    """Ids are random and long enough not to be guessed: 128 bits, as in the public log."""
    made = decided(plain, POSTED)
    assert len(made.id) == len(ids.new_id("dec"))
    assert msgspec.json.decode(msgspec.json.encode(made), type=Decision) == made


def test_a_person_s_decision_says_what_a_rule_s_cannot(plain: Active) -> None:
    """By a role, without a rule or licence, with what put it before them and who stood by it."""
    happened = events.decode(line(POSTED))
    seen = Observation(happened, "post", ThrowAway())
    found = RuleVersion("bags", "v1", approved=True)
    done = statements.ByPerson(
        "reviewer",
        "suspend",
        "author",
        "spam.links",
        clock.DAY,
        None,
        {"vi": "Quảng cáo."},
        found_by=found,
        eyes="two people",
        irreversible=True,
    )
    made = statements.by_person(plain, done, seen, NOW)
    assert (made.by, made.rules, made.licence) == ("reviewer", (), None)
    assert (made.automated_detection, made.automated_decision) == (True, False)
    assert (made.subject, made.actions[0].until) == ("account/ana", "2026-03-03T12:00:00Z")
    assert (made.found_by, made.eyes, made.irreversible) == (found, "two people", True)
    said = "\n".join(statement(made, {}, "vi"))
    for part in ("Quảng cáo.", "đến 2026-03-03 12:00 UTC", "người thứ hai đã xác nhận"):
        assert part in said


def test_one_person_alone_is_told_as_such(plain: Active) -> None:
    """Where a second person should have confirmed and there was none, the statement says so."""
    seen = Observation(events.decode(line(POSTED)), "post", ThrowAway())
    done = statements.ByPerson(
        "admin", "remove", "this", "spam.links", None, None, {}, eyes="one person"
    )
    made = statements.by_person(plain, done, seen, NOW)
    assert one_person(made)
    assert "there was none" in "\n".join(statement(made, {}, "en"))
    assert not one_person(msgspec.structs.replace(made, eyes="two people"))


def test_a_ban_says_of_which_room_it_is() -> None:
    """Nothing else does; a text stays beside it."""
    room = SimpleNamespace(id="!hall")
    seen: Any = SimpleNamespace(event=SimpleNamespace(data=SimpleNamespace(room=room)))
    assert statements._params("ban from room", None, seen) == {"room": "!hall"}
    assert statements._params("suspend", None, seen) == {}
    assert statements._params("label", "spam", seen) == {"text": "spam"}
    seen.event.data.room = None
    assert statements._params("ban from room", None, seen) == {}
