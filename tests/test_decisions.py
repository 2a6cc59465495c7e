"""The statement of reasons: whom it concerns, what it says in each language, and its one form."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ombud import decisions
from ombud.decisions import ActionDone, Decision, FactSeen, RuleVersion
from ombud.i18n import SPOKEN
from ombud.model import KIND_OF_TYPE, Account, Data, Event, Reported, Room
from ombud.rules.interpret import Finding
from ombud.rules.tree import FactName, InList
from ombud.rules.vocabulary import ACTIONS
from ombud.signals.declare import Type
from ombud.signals.resolve import resolve

DAY = 86_400_000_000
BY_RULE = sorted({each for each, form in ACTIONS.items() if not form.person_only} - {"alert"})
AUTHOR = resolve("author")
NOON = 1_795_348_800_000_000  # 2026-11-22 12:00 UTC


def event(type_: str = "post.created", subject: str | None = None, **data: object) -> Event:
    """An event that says little."""
    return Event(
        id="e1",
        source="forum",
        type=type_,
        time=datetime(2026, 11, 22, 10, tzinfo=UTC),
        subject=subject,
        data=Data(**data),  # type: ignore[arg-type]
    )


def decision(**changes: object) -> Decision:
    """A decision of a rule."""
    whole: dict[str, object] = {
        "id": "dec_1",
        "time": "2026-11-22T12:00:00Z",
        "subject": "post/1",
        "clause": "spam.links",
        "policy_version": "p1",
        "rules": (RuleVersion("new-member-links", "v1"),),
        "by": "rule",
        "licence": "procedural:spam.links",
        "actions": (ActionDone("hold", "post/1", until="2026-11-23T12:00:00Z"),),
        "automated_detection": True,
        "automated_decision": True,
        "reasons": decisions.reasons(
            "hold",
            "post",
            "this",
            NOON + DAY,
            {"en": "New members cannot post links.", "vi": "Thành viên mới chưa được đăng."},
            (
                FactSeen(
                    "links.count >= 2", 3, {"en": "Links: 3", "vi": "Liên kết: 3"}, ("a.test",)
                ),
            ),
        ),
        "appeal_until": "2027-05-24T12:00:00Z",
        "origin": "own",
    }
    return Decision(**{**whole, **changes})  # type: ignore[arg-type]


ana = Account("ana")


@pytest.mark.parametrize(
    ("happened", "kind", "target", "expected"),
    [
        (event(subject="post/7", author=ana), "post", "this", "post/7"),
        (event(author=ana), "reply", "this", "post/e1"),
        (event("upload.created", author=ana), "upload", "this", "upload/e1"),
        (event("member.joined", author=ana), "join", "this", "member/e1"),
        (event("member.invited", author=ana), "invite", "this", "invitation/e1"),
        (event("room.created", author=ana), "room", "this", "new room/e1"),
        (event("account.created", author=ana), "registration", "this", "registration/ana"),
        (event("account.updated", author=ana), "profile", "this", "profile/ana"),
        (event("flag.created", subject="flag/3", reported="post/9"), "flag", "this", "post/9"),
        (event("flag.created", reported=Reported("post/9")), "flag", "this", "post/9"),
        (event("flag.created"), "flag", "this", "flag/e1"),
        (event(subject="post/7", author=ana), "post", "author", "account/ana"),
        (event(subject="post/7", room=Room("general")), "post", "room", "room/general"),
    ],
)
def test_the_subject_is_what_is_acted_on(
    happened: Event, kind: str, target: str, expected: str
) -> None:
    """Each kind and target names the post, account or room that the action concerns."""
    assert decisions.subject_of(happened, kind, target) == expected


def test_the_record_has_one_form_and_comes_back() -> None:
    """A decision is read back as it was; its bytes do not depend on the order of its mappings."""
    whole = decision()
    assert decisions.decode(decisions.encode(whole)) == whole
    turned = decision(
        actions=(ActionDone("hold", "post/1", {"b": "2", "a": "1"}),),
    )
    straight = decision(actions=(ActionDone("hold", "post/1", {"a": "1", "b": "2"}),))
    assert decisions.encode(turned) == decisions.encode(straight)


@pytest.mark.parametrize("lang", SPOKEN)
def test_the_statement_says_everything_that_is_owed(lang: str) -> None:
    """What was done, until when, why, the clause, by whom, the facts and the appeal are there."""
    lines = decisions.statement(decision(), {"en": "Links", "vi": "Liên kết"}, lang)
    text = "\n".join(lines)
    title = {"en": "Links", "vi": "Liên kết"}[lang]
    why = {"en": "New members", "vi": "Thành viên mới"}[lang]
    for part in ("2026-11-23 12:00 UTC", why, title, "spam.links", "new-member-links"):
        assert part in text
    assert "a.test" in text
    assert "2027-05-24" in text


def test_a_person_is_named_by_role() -> None:
    """A decision by a person says so, by role and without a name."""
    text = "\n".join(decisions.statement(decision(by="reviewer"), {}, "de"))
    assert "by a person (reviewer)" in text
    assert "automatically" not in text
    assert "spam.links (spam.links)" in text


@pytest.mark.parametrize("action", BY_RULE)
@pytest.mark.parametrize("kind", sorted({*filter(None, KIND_OF_TYPE.values()), "reply"}))
def test_every_action_a_rule_can_do_has_words(action: str, kind: str) -> None:
    """Each action on each of its targets can be said in every language, for every kind of event."""
    for target in ACTIONS[action].targets:
        said = decisions.reasons(action, kind, target, NOON, {}, ()).what
        assert set(said) == set(SPOKEN)
        assert all(text and "{" not in text for text in said.values())


@pytest.mark.parametrize(
    ("type_", "value", "unit", "en", "vi"),
    [
        (Type.COUNT, 3, "links", "3 links", "3"),
        (Type.COUNT, 1, "links", "1 link", "1"),
        (Type.COUNT, 1, "people", "1 person", "1"),
        (Type.COUNT, 0, "people", "0 people", "0"),
        (Type.DURATION, 2 * DAY, "", "2 days", "2 ngày"),
        (Type.PERCENT, 955, "%", "95 %", "95 %"),
        (Type.YESNO, True, "", "yes", "có"),
        (Type.YESNO, False, "", "no", "không"),
        (Type.TEXT, "a", "", "a", "a"),
        (Type.COUNT, None, "links", "unknown", "không rõ"),
    ],
)
def test_values_are_said_in_words(
    type_: Type, value: int | str | bool | None, unit: str, en: str, vi: str
) -> None:
    """A fact's value has its unit; what is unknown is said to be so."""
    assert decisions.say_value(type_, value, unit, "en") == en
    assert decisions.say_value(type_, value, unit, "vi") == vi


def test_appeals_stay_open_for_half_a_year() -> None:
    """Six months at least, and never shorter than the restriction."""
    assert decisions.appeal_until(NOON, None) == NOON + 183 * DAY
    assert decisions.appeal_until(NOON, NOON + DAY) == NOON + 183 * DAY
    assert decisions.appeal_until(NOON, NOON + 400 * DAY) == NOON + 400 * DAY


def test_the_strongest_action_is_the_answer() -> None:
    """Of several actions the strongest counts; of none, allow."""
    assert decisions.strongest([]) == "allow"
    assert decisions.strongest(["warn", "remove", "hold"]) == "remove"
    assert decisions.strongest(["hold", "warn"]) == "hold"


def test_minutes_are_written_as_people_read_them() -> None:
    """To the minute, with the zone."""
    assert decisions.minute(NOON + 59_000_000) == "2026-11-22 12:00 UTC"


def fact(condition: str, said: str, matched: tuple[str, ...] = ()) -> FactSeen:
    """A condition that fired, told with its own words behind it."""
    return FactSeen(
        condition, 1, {lang: f"{lang}: {said} ({condition})" for lang in SPOKEN}, matched
    )


def test_what_several_conditions_asked_of_one_value_is_told_once() -> None:
    """In the order in which it was found, with all conditions behind it; another value, other
    words that matched, and what is withheld stay by themselves.
    """
    withheld = FactSeen('text contains "x"', True, dict.fromkeys(SPOKEN, "The text (contains …)"))
    told = decisions.merged(
        [
            fact("links.count >= 1", "2 links"),
            fact("author.posts < 5", "0 posts"),
            fact("links.count >= 2", "2 links"),
            withheld,
            fact("links.count >= 3", "3 links"),
            fact("links.count < 9", "2 links", ("a.test",)),
            fact("links.count < 8", "2 links"),
        ]
    )
    assert [decisions.say_fact(each, "en") for each in told] == [
        "en: 2 links (links.count >= 1; links.count >= 2; links.count < 8)",
        "en: 0 posts (author.posts < 5)",
        "The text (contains …)",
        "en: 3 links (links.count >= 3)",
        "en: 2 links (links.count < 9) (the words “a.test”)",
    ]
    assert decisions.say_fact(told[0], "vi").startswith("vi: 2 links (links.count >= 1; ")
    lines = decisions.statement(
        decision(
            reasons=decisions.reasons(
                "hold", "post", "this", None, {}, [fact("a >= 1", "x"), fact("a >= 2", "x")]
            )
        ),
        {},
        "en",
    )
    assert "  - en: x (a >= 1; a >= 2)" in lines


@pytest.mark.parametrize(
    ("type_", "every", "negated", "en", "vi"),
    [
        (Type.NAME, None, True, "not in the list “x y”", "không có trong danh sách “x y”"),
        (Type.NAME, None, False, "in the list “x y”", "có trong danh sách “x y”"),
        (Type.TEXTS, "all", True, "not all are in the list", "không phải tất cả đều có"),
        (Type.TEXTS, "any", False, "at least one is in the list", "ít nhất một mục có trong"),
        (Type.TEXTS, "any", True, "none is in the list", "không mục nào có trong"),
        (Type.TEXT, None, False, "an entry of the list “x y” occurs in it", "có chứa một mục"),
    ],
)
def test_what_a_list_said_is_told_in_words(
    type_: Type, every: Any, negated: bool, en: str, vi: str
) -> None:
    """Not what the fact is good for, as the reference of signals says it."""
    meaning = {"en": "The author, by id: for lists.", "vi": "Tác giả: dùng cho danh sách."}
    asked = InList(FactName("author"), every, "x y")
    said = f'{"not " if negated else ""}author in list "x y"'
    finding = Finding(said, said, Type.YESNO, not negated, True, ())
    found = decisions.fact_seen(finding, replace(AUTHOR, type=type_, meaning=meaning), listed=asked)
    assert found.said["en"].startswith(f"The author, by id: {en}")
    assert found.said["vi"].startswith(f"Tác giả: {vi}")
    assert "for lists" not in found.said["en"]
