"""Choices: the strongest on each subject, caps by subject, one case for one campaign."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flow.small_community import rule
from ombud import samples
from ombud.activation.active import Active
from ombud.activation.compiling import from_sources
from ombud.clock import DAY, HOUR
from ombud.config import Settings, Sources
from ombud.gate import Kind, Licence
from ombud.verdicts.campaigns import Found, Occasion, Shared, Wanted
from ombud.verdicts.choices import Choice, Uses, choose

REPEATS = "author.accepted posts < 5\n  text.repeats in last 1 hour >= 2"
CATCH = "author.accepted posts  0\n  text.repeats in last 1 hour  2"
PASS = "author.accepted posts  0\n  text.repeats in last 1 hour  1"
CERTIFICATE = Licence("cert", Kind.CERTIFICATE, "spam.repeats", hold=72 * HOUR, level=980)
MEMBERS: Shared = {3: ("said",), 4: ("said",)}


def configured(*lines: str, cap: int | None = 200, certified: bool = False) -> Active:
    """One rule for each set of `then` lines, `a`, `b`, ..., under one clause with its licence."""
    rules = dict(
        rule(chr(97 + n), REPEATS, CATCH, PASS, clause="spam.repeats", then=then)
        for n, then in enumerate(lines)
    )
    active = from_sources(
        Sources(
            rules={name: text.encode() for name, text in rules.items()},
            policies=samples.files("policies"),
            lists=samples.files("lists"),
            settings=Settings(procedural_holds=True),
        )
    )
    (held,) = (each for each in active.licences if each.clause == "spam.repeats")
    licences = (replace(held, cap=cap), CERTIFICATE) if certified else (replace(held, cap=cap),)
    return replace(active, licences=licences)


def chosen(active: Active, used: Uses | None = None, **members: Shared) -> Choice:
    """What is chosen where all rules fire, with members by rule name."""

    def find(wanted: Wanted) -> Found:
        return Found({each: members.get(active.names[each], {}) for each in wanted})

    now = Occasion("", "chat", 0, DAY, 9)
    fired = tuple(range(len(active.names)))
    return choose(active, fired, now, {} if used is None else used, find)


def told(choice: Choice) -> list[tuple[str, tuple[int, ...]]]:
    """Actions with the members they are done to; those on the record itself have none."""
    own = [(each.action, ()) for each in choice.chosen]
    return own + [(each.chosen.action, each.seqs) for each in choice.targets]


def test_a_campaign_is_the_record_and_its_members() -> None:
    """One hold of the record, the same for each member, under the licence of the rule."""
    found = chosen(configured("hold campaign"), a=MEMBERS)
    assert told(found) == [("hold", ()), ("hold", (3, 4))]
    (target,) = found.targets
    assert (target.chosen.licence, target.chosen.duration) == ("procedural:spam.repeats", 24 * HOUR)
    assert told(chosen(configured("hold this"), a=MEMBERS)) == [("hold", ())]


def test_of_two_rules_each_subject_gets_the_strongest() -> None:
    """The record: both rules' actions count; a member: those of the rules it is a member for."""
    active = configured("hold this", "remove campaign", "hold campaign", certified=True)
    found = chosen(active, b={3: ("x",)}, c={3: ("x",), 4: ("x",)})
    assert told(found) == [("remove", ()), ("remove", (3,)), ("hold", (4,))]
    assert found.targets[0].chosen.rules == (1, 2)
    assert found.targets[1].chosen.rules == (2,)


def test_labels_and_warnings_are_done_beside() -> None:
    """A rule that holds, labels and warns a campaign does all three to each member."""
    active = configured('hold campaign\n  label campaign "Copy"\n  warn campaign', certified=True)
    found = chosen(active, a=MEMBERS)
    both = ("hold", "label", "warn")
    assert told(found) == [(each, ()) for each in both] + [(each, (3, 4)) for each in both]


def test_without_a_licence_nothing_is_done_to_anybody() -> None:
    """A person is asked once, and the members are not even looked for."""
    found = chosen(configured("remove campaign"), a=MEMBERS)
    assert told(found) == []
    assert [each.reason for each in found.asked] == ["no licence"]
    assert found.campaign.members == {}


@pytest.mark.parametrize(
    ("used", "reasons"), [(7, ["hold"]), (8, ["over cap"]), (10, ["over cap"])]
)
def test_a_cap_counts_every_member_and_pages_once(used: int, reasons: list[str]) -> None:
    """Three subjects on a cap of ten: at the cap the hold stays, and one case says so."""
    active = configured("hold campaign", cap=10)
    uses: Uses = {("", "procedural:spam.repeats", 1): used}
    found = chosen(active, uses, a=MEMBERS)
    assert told(found) == [("hold", ()), ("hold", (3, 4))]
    assert uses == {("", "procedural:spam.repeats", 1): used + 3}
    assert [each.reason for each in found.asked] == reasons


@pytest.mark.parametrize(
    ("lines", "then"),
    [
        (("remove this", "hold this"), ["hold"]),
        (("remove campaign",), ["hold"]),
        (("hold this",), ["hold"]),
        (('hold this\n  label this "Copy"',), ["hold", "label"]),
    ],
)
def test_an_entry_over_its_cap_hides_nothing(
    monkeypatch: pytest.MonkeyPatch, lines: tuple[str, ...], then: list[str]
) -> None:
    """Of a rule that asks its list; what would hide is held, and a person is asked."""
    active = configured(*lines, certified=True)
    monkeypatch.setattr(Active, "capped", lambda _, rule: rule == 0)
    found = chosen(active)
    assert [each.action for each in found.chosen] == then
    rules = [each.rules[0] for each in found.chosen]
    assert rules[0] == (1 if len(lines) > 1 else 0)  # what is not capped goes first
    assert any(each.reason == "over cap" for each in found.asked) is (len(lines) == 1)


def test_an_entry_over_its_cap_does_not_stand_against_an_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A person has decided about that campaign."""
    active = configured("remove this", certified=True)
    ordered = replace(CERTIFICATE, kind=Kind.STANDING_ORDER, level=0, cap=None)
    active = replace(active, licences=(ordered,))
    monkeypatch.setattr(Active, "capped", lambda *_: True)
    assert told(chosen(active)) == [("remove", ())]


def test_what_lasts_in_a_room_is_not_asked_again() -> None:
    """It is said, counts against no cap and asks nobody; what is done beside it is done."""
    active = configured("hold this\n  slow room for 1 hour", "require approval in room", cap=10)
    now, uses = Occasion("", "chat", 0, DAY, 9), Uses()
    found = choose(
        active, (0, 1), now, uses, lambda _: Found(), lasts={"require approval"}.__contains__
    )
    assert told(found) == [("hold", ())]
    assert found.lasting == ("require approval",)
    assert uses == {("", "procedural:spam.repeats", 1): 1}
    assert [each.reason for each in found.asked] == ["hold"]
    again = choose(
        active, (0, 1), now, uses, lambda _: Found(), lasts={"slow", "hold"}.__contains__
    )
    assert told(again) == [("hold", ()), ("require approval", ())]
    assert again.lasting == ()


def certified(then: str, cap: int | None, *, holds: bool = True) -> Active:
    """One rule under a certificate of 98 % alone, on a platform that can hold or cannot."""
    active = configured(then, certified=True)
    every = {"chat": dict.fromkeys(("remove", "limit", "label", "mark sensitive"), "exact")}
    if holds:
        every["chat"]["hold"] = "exact"
    return replace(active, licences=(replace(CERTIFICATE, cap=cap),), capabilities=every)


@pytest.mark.parametrize(
    ("then", "holds", "wanted"),
    [
        ("remove this", True, ("hold", 24 * HOUR)),
        ("limit this for 8 days", True, ("hold", 24 * HOUR)),
        ("limit author for 2 hours", True, ("limit", 2 * HOUR)),  # nobody's account can wait
        ("remove this", False, ("remove", None)),
        ('label this "Copy"', True, ("label", 30 * DAY)),
        ("hold this for 48 hours", True, ("hold", 48 * HOUR)),
    ],
)
def test_past_the_cap_of_a_certificate_it_holds_and_pages(
    then: str, holds: bool, wanted: tuple[str, int | None]
) -> None:
    """What hides a post becomes a hold where the platform can hold; never nothing; and each time a
    person is asked.
    """
    uses: Uses = {("", "cert", 1): 10}
    (done,) = chosen(certified(then, 10, holds=holds), uses).chosen
    assert (done.action, done.duration) == wanted
    assert done.licence == "cert"
    found = chosen(certified(then, 10, holds=holds), uses)
    assert [each.reason for each in found.asked] == ["over cap"]


@pytest.mark.parametrize(
    ("then", "wanted"),
    [
        ("remove this", ("remove", None)),
        ("mark sensitive this", ("mark sensitive", None)),
        ('label this "Copy"', ("label", 30 * DAY)),
        ('label author for 2 days "Copy"', ("label", 2 * DAY)),
        ("limit author for 8 days", ("limit", 8 * DAY)),
        ("hold this", ("hold", 24 * HOUR)),
        ("hold this for 72 hours", ("hold", 72 * HOUR)),
    ],
)
def test_how_long_what_a_certificate_allows_lasts(
    then: str, wanted: tuple[str, int | None]
) -> None:
    """As the rule says; a hold a day and a label a month where it does not."""
    (done,) = chosen(certified(then, None)).chosen
    assert (done.action, done.duration) == wanted


def test_a_certificate_that_is_over_allows_nothing() -> None:
    """From its instant on, whether a control has said so or not."""
    active = certified("remove this", None)
    for until, actions in ((DAY + 1, ["remove"]), (DAY, [])):
        licence = replace(CERTIFICATE, until=until)
        found = chosen(replace(active, licences=(licence,)))
        assert [each.action for each in found.chosen] == actions


def test_what_a_members_platform_cannot_do_a_person_is_asked() -> None:
    """The record is acted on; of the members that could not be, a case tells."""
    active = configured("hold campaign")

    def find(wanted: Wanted) -> Found:
        return Found({each: {} for each in wanted}, hindered={0: "not on this platform"})

    found = choose(active, (0,), Occasion("", "chat", 0, DAY, 9), {}, find)
    assert [each.reason for each in found.asked] == ["hold", "not on this platform"]


def test_before_members_were_known_campaign_meant_the_record_alone() -> None:
    """Of a configuration that an earlier program activated, verdicts come out as they did."""
    active = replace(configured("hold this", "hold campaign"), campaigns=False)
    found = chosen(active, b=MEMBERS)
    assert [(each.action, each.target) for each in found.chosen] == [
        ("hold", "this"),
        ("hold", "campaign"),
    ]
    assert found.targets == ()
