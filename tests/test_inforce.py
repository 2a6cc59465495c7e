"""What is in force where a decision is over: another one in its place comes first, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from controls.test_controls_outcome import settle, upheld
from flow.case_desk import DESK_RULES, ask, bags, decide, waiting
from flow.platform_side import CONNECTED, HOUR, SECOND, Platform, connected
from flow.small_community import SETTINGS, change, event, rule
from ombud.inforce import INSTEAD_MAX, Instead, restricts
from ombud.statement_page import StatementPage
from ombud.web import notice

LASTING = "Nothing of it remains in force"
HOMESERVER = (
    f'{SETTINGS}\nname = "Talk"\n\n[matrix.chat]\nurl = "http://127.0.0.1:9"\n'
    'server = "talk.example"\nrooms = ["!hall:talk.example"]\n'
)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def held(platform: Platform) -> tuple[str, str]:
    """A post is held; the page that tells of it, and the case."""
    (answer_,) = platform.stream(bags(1))
    platform.deliver()
    (case,) = waiting(platform)
    return answer_.statement, case


def judge(platform: Platform, case: str, *acts: dict[str, Any]) -> Any:
    """Somebody upholds a case, and does these things."""
    return ask(platform, "decide", case, outcome="uphold", acts=list(acts))


def first(page: StatementPage, lang: str = "en") -> notice.Told:
    """The first decision of a page, as it is told."""
    return notice.tell(page, lang)[0]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("remove", "Now in force: Your post is hidden from others."),
        ("label", "Now in force: Your post got a label."),
    ],
)
def test_a_hold_that_was_replaced_says_first_what_is_in_force(
    platform: Platform, act: str, said: str
) -> None:
    """Removal or label: the first sentence is the new decision's, its place is linked, and nowhere
    is it said that nothing remains, at once and after it went out.
    """
    statement, case = held(platform)
    made = judge(platform, case, shown(act))
    for _ in range(2):
        page = platform.page(statement)
        (instead,) = page.items[0].instead
        assert (page.items[0].state, page.in_force) == ("ended", 1)
        assert (instead.decision, instead.action) == (made["decisions"][0], act)
        told = first(page)
        assert told.headline.text == said
        address = notice.address(platform.token(statement))
        assert [each.address for each in told.elsewhere] == [f"{address}?lang=en#decision-2"]
        assert told.was is not None
        assert told.was.text.startswith("Your post waits")
        assert first(page, "vi").headline.text.startswith("Đang có hiệu lực: ")
        platform.clock[0] += 11 * SECOND
        platform.deliver()
    assert page.items[1].instead == ()


def shown(action: str) -> dict[str, str]:
    """An action as it is asked for."""
    return {"action": action, **({"text": "Advertising"} if action == "label" else {})}


def test_on_another_page_it_is_linked_there(platform: Platform) -> None:
    """Decided an hour later, it stands on a page of its own, which the first page leads to."""
    statement, case = held(platform)
    platform.clock[0] += 2 * HOUR
    decide(platform, case, "uphold", "remove")
    assert platform.page(statement).items[0].instead == ()  # until its own notice may go out
    platform.clock[0] += 11 * SECOND
    (instead,) = platform.page(statement).items[0].instead
    assert instead.page != platform.token(statement)
    there = platform.page_of(instead.page)
    assert there is not None
    assert there.items[instead.number - 1].decision == instead.decision


def test_all_that_was_decided_in_its_place_is_named(platform: Platform) -> None:
    """A removal and a limit of the account by one judgement: both, the stronger first."""
    statement, case = held(platform)
    limit = {"action": "limit", "on": "author", "length": 24 * HOUR}
    judge(platform, case, {"action": "remove"}, limit)
    found = platform.page(statement).items[0].instead
    assert sorted(each.action for each in found) == ["limit", "remove"]
    assert len(found) <= INSTEAD_MAX


def test_a_hold_that_was_released_leaves_nothing(platform: Platform) -> None:
    """Let go by a person: nothing is in force, and that is the first sentence."""
    statement, case = held(platform)
    decide(platform, case, "release")
    told = first(platform.page(statement))
    assert LASTING in told.headline.text
    assert told.elsewhere == ()


def test_what_took_its_place_and_was_appealed_leaves_nothing(platform: Platform) -> None:
    """A removal undone by an appeal: hold and removal are over, and neither page says otherwise.
    In part: what stands in its place is said first on both.
    """
    told, made = upheld(platform)
    settle(platform, "reverse", made)
    page = platform.page(told.statement)
    assert [each.item.state for each in notice.tell(page, "en")] == ["ended", "undone"]
    assert all(LASTING in each.headline.text for each in notice.tell(page, "en"))


def test_in_part_right_says_what_stands_now(platform: Platform) -> None:
    """A label in place of a removal, after an appeal: said first where hold and removal were."""
    told, made = upheld(platform)
    settle(platform, "partial", made, act={"action": "label", "text": "Advertising"})
    hold, removal, label = notice.tell(platform.page(told.statement), "en")
    assert hold.headline == removal.headline
    assert hold.headline.text == "Now in force: Your post got a label."
    assert label.headline.text == "Your post got a label."


def test_nothing_of_anybody_else_is_told(platform: Platform) -> None:
    """What is not of the same person, was erased, has ended by then or never went out is no word
    about what is in force.
    """
    statement, case = held(platform)
    (made, *_) = decide(platform, case, "uphold", "remove")["decisions"]
    assert platform.page(statement).items[0].instead
    for asked in (
        "UPDATE outbox SET state = 'failed' WHERE decision = ? AND inverse = 0",
        "UPDATE decision SET until = 1 WHERE id = ?",
        "UPDATE decision SET timeline = 'past', until = NULL WHERE id = ?",
        "UPDATE decision SET author = author + 1, timeline = '' WHERE id = ?",
        "UPDATE decision SET author = author - 1, sealed = NULL WHERE id = ?",
    ):
        change(platform.folder, asked, made)
        assert platform.page(statement).items[0].instead == (), asked
        change(platform.folder, "UPDATE outbox SET state = 'asked' WHERE decision = ?", made)


def test_each_decision_is_a_value() -> None:
    """What is in force is told as plain values, and what is not known counts as a restriction."""
    told = Instead("dec_2", "spam.links", "remove", {"en": "It is hidden."}, None, "token", 61)
    (page,) = [notice._standing(told, "en")]
    assert page.address == "/notice/token?lang=en&part=2#decision-61"
    assert restricts("something new")


def test_where_it_has_to_be_sent_again_the_page_says_so(tmp_path: Path) -> None:
    """A homeserver holds before publication only: nothing will appear there by itself, and the page
    says what its person can do, while it waits and when it is over. Another platform shows it.
    """
    rules = dict([rule("bags", 'text contains "cheap bags"', 'text "cheap bags"', 'text "a"')])
    for name, settings in (("home", HOMESERVER), ("web", CONNECTED)):
        (tmp_path / name).mkdir()
        with connected(tmp_path / name, rules=rules, settings=settings) as platform:
            (made,) = platform.check(event(1, text="cheap bags"))
            waits = " ".join(first(platform.page(made.statement)).now)
            assert ("you can send it again" in waits) is (name == "home")
            assert ("goes through by itself" in waits) is (name == "web")
            lines = platform.doors._reader.statement(made.decisions[0], "en")
            assert ("you can send it again" in " ".join(lines)) is (name == "home")
            decide(platform, waiting(platform)[0], "release")
            over = first(platform.page(made.statement))
            assert LASTING in over.headline.text
            assert ("You can send it again" in " ".join(over.now)) is (name == "home")


def test_a_warning_in_its_place_keeps_nothing_away(tmp_path: Path) -> None:
    """Where a hold before publication became a warning, nothing is said to be in force, and how the
    post comes to appear is still said.
    """
    rules = dict([rule("bags", 'text contains "cheap bags"', 'text "cheap bags"', 'text "a"')])
    with connected(tmp_path, rules=rules, settings=HOMESERVER) as platform:
        (made,) = platform.check(event(1, text="cheap bags"))
        judge(platform, waiting(platform)[0], {"action": "warn"})
        over = first(platform.page(made.statement))
        assert [each.action for each in platform.page(made.statement).items[0].instead] == ["warn"]
        assert LASTING in over.headline.text
        assert "You can send it again" in " ".join(over.now)
