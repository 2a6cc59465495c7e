"""`campaign`: the posts before the one that completes it are acted on too, each for itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flow.small_community import (
    NOW,
    agrees_with_replay,
    event,
    hold_together,
    line,
    prepare,
    rows,
    rule,
)
from ombud.app import Engine
from ombud.reading import reading

TEXT = "earn five hundred a day from home"
DAY_SECONDS = 86_400
AGE = "author.age < 3 days"
REPEATS = "text.repeat authors in last 1 hour >= 3"


def campaign_rule(then: str = "hold campaign", more: str = "", **other: str) -> dict[str, str]:
    """One rule that acts on a campaign of the third author with the same text."""
    name, text = rule(
        "copies",
        f"{AGE}\n  {REPEATS}",
        "author.age  1 day\n  text.repeat authors in last 1 hour  3",
        "author.age  1 day\n  text.repeat authors in last 1 hour  2",
        clause="spam.repeats",
        then=then,
    )
    text = text.replace("\nthen\n", f"{more}\nthen\n")
    for before, after in other.items():
        text = text.replace(before.replace("_", " "), after)
    return {name: text}


def copy(number: int, at: float | None = None, **more: Any) -> dict[str, Any]:
    """One more copy by a new account of its own."""
    author = {"id": f"p{number}", "created": "2026-03-01T11:00:00Z", "lang": "vi"}
    return event(number, number if at is None else at, **{"text": TEXT, "author": author, **more})


def about(folder: Path) -> list[tuple[int, int, str]]:
    """All decisions: the record that led to it, the record it is about, the action."""
    return [
        (row[0], row[1], row[2])
        for row in rows(folder, "SELECT seq, about, action FROM decision ORDER BY leaf")
    ]


def fine(engine: Engine) -> None:
    """Everything belongs together and the past comes out the same, now and after a restart."""
    agrees_with_replay(engine)
    hold_together(engine.folder)
    engine.writer._rebuild()
    agrees_with_replay(engine)


def send(engine: Engine, *told: dict[str, Any], timeline: str = "") -> list[Any]:
    """Hand events in, each in a group of its own."""
    return [engine.submit([line(each)], timeline)[0] for each in told]


# --- who is a member ------------------------------------------------------------------------------


@pytest.mark.parametrize("together", [True, False])
def test_the_third_copy_holds_the_first_two(tmp_path: Path, together: bool) -> None:
    """Golden rule 9: the same text from three accounts holds the third and the first two; a fourth
    copy is held alone, in one group with them or not.
    """
    told = [copy(n) for n in range(4)]
    with Engine(prepare(tmp_path, campaign_rule()), now=lambda: NOW) as engine:
        group: list[Any] = engine.submit([line(each) for each in told]) if together else []
        found = group or send(engine, *told)
        assert [each.action for each in found] == ["allow", "allow", "hold", "hold"]
        assert [each.members for each in found] == [(), (), (2, 3), ()]
        assert about(tmp_path) == [(4, 4, "hold"), (4, 2, "hold"), (4, 3, "hold"), (5, 5, "hold")]
        assert [each.action for each in send(engine, *told)] == ["hold"] * 4
        fine(engine)
    with Engine(tmp_path, now=lambda: NOW) as engine:
        send(engine, copy(5))
        assert about(tmp_path)[4:] == [(6, 6, "hold")]
        fine(engine)


def test_every_member_has_its_own_statement_page_and_language(tmp_path: Path) -> None:
    """Subject, author, language, page, end, lane and licence are the member's own."""
    told = [copy(n) for n in range(3)]
    told[1]["data"]["author"]["lang"] = "en"
    told[1]["subject"] = "post/named"
    with Engine(prepare(tmp_path, campaign_rule()), now=lambda: NOW) as engine:
        engine.submit([line(each) for each in told])
        with reading(tmp_path) as reader:
            made = {each["about"]: each for each in reader.decisions()}
            assert [made[seq]["subject"] for seq in (2, 3, 4)] == [
                "post/e0",
                "post/named",
                "post/e2",
            ]
            assert [made[seq]["lang"] for seq in (2, 3, 4)] == ["vi", "en", "vi"]
            assert {each["licence"] for each in made.values()} == {"procedural:spam.repeats"}
            assert {each["actions"][0]["until"] for each in made.values()} == {
                made[4]["actions"][0]["until"]
            }
            assert {each["automated_decision"] for each in made.values()} == {True}
            shown = [reader.decision(made[seq]["id"]) for seq in (2, 4)]
            campaign = {"record": 4, "members": 2, "gone": 0}
            assert [each["campaign"] for each in shown] == [campaign, campaign]
            assert [each["about"] for each in shown] == [2, 4]
        pages = rows(tmp_path, "SELECT DISTINCT statement, author FROM notice")
        tokens = {engine.keys.known_account("chat", f"p{n}") for n in range(3)}
        assert {author for _, author in pages} == tokens
        assert len({page for page, _ in pages}) == 3
        assert rows(tmp_path, "SELECT count(DISTINCT subject) FROM decision") == [(3,)]


def test_nothing_of_the_trigger_stands_in_a_members_statement(tmp_path: Path) -> None:
    """A member is told what the rule counted, and never the age of whoever completed it."""
    rules = campaign_rule()
    rules["copies.rule"] = rules["copies.rule"].replace(AGE, f"{AGE}\n  author.accepted posts < 9")
    rules["copies.rule"] = rules["copies.rule"].replace(
        "author.age  1 day", "author.age  1 day\n  author.accepted posts  0"
    )
    with Engine(prepare(tmp_path, rules), now=lambda: NOW) as engine:
        engine.submit([line(copy(n)) for n in range(3)])
        with reading(tmp_path) as reader:
            made = {each["about"]: each for each in reader.decisions()}
            for seq in (2, 3):
                facts = made[seq]["reasons"]["facts"]
                assert [(each["condition"], each["value"]) for each in facts] == [(REPEATS, 3)]
                assert "author" not in json.dumps(made[seq]["reasons"]["facts"]).replace(
                    "repeat authors", ""
                )
            conditions = [each["condition"] for each in made[4]["reasons"]["facts"]]
            assert conditions == [AGE, "author.accepted posts < 9", REPEATS]
            assert made[2]["reasons"]["why"] == made[4]["reasons"]["why"]


def test_established_accounts_are_never_members(tmp_path: Path) -> None:
    """Seen here for 30 days and with 20 accepted posts: left out. One of the two is not enough."""
    clock = [NOW + 40 * 86_400_000_000]
    later = 31 * DAY_SECONDS
    old, few, new = ({"id": name} for name in ("old", "few", "new"))
    with Engine(prepare(tmp_path, campaign_rule()), now=lambda: clock[0]) as engine:
        told = [event(f"o{n}", n, author=old, text=f"word {n}") for n in range(20)]
        told += [event(f"f{n}", n, author=few, text=f"word {n}") for n in range(18)]
        told += [event(f"y{n}", later - 50 + n, author=new, text=f"w {n}") for n in range(20)]
        engine.submit([line(each) for each in told])
        copies = [copy(n, later + n, author=each) for n, each in enumerate((old, few, new))]
        answer = send(engine, *copies, young(copy(9, later + 9)))[-1]
        first = len(told) + 2
        assert answer.members == (first + 1, first + 2)
        fine(engine)


def test_an_exception_of_the_rule_holds_for_members_too(tmp_path: Path) -> None:
    """Whom an `unless` would let off now is no member: by list, and by what is known now."""
    more = '\nunless\n  author in list "trusted helpers"\n'
    folder = prepare(tmp_path, campaign_rule(more=more))
    (folder / "lists").mkdir(exist_ok=True)
    (folder / "lists" / "trusted-helpers.txt").write_text("p1\n")
    with Engine(folder, now=lambda: NOW) as engine:
        assert send(engine, *(copy(n) for n in range(3)))[-1].members == (2,)
        fine(engine)


def test_what_was_acted_on_is_not_acted_on_again(tmp_path: Path) -> None:
    """Held by its own verdict, or undone by a person since: the next copies leave it alone."""
    rules = {
        **campaign_rule(),
        **dict([rule("nine", 'text contains "nine"', 'text "nine"', 'text "a"')]),
    }
    other = "nine people told me where such bags can be had"
    told = [copy(n, text=other) for n in range(4)]
    with Engine(prepare(tmp_path, rules), now=lambda: NOW) as engine:
        assert [each.members for each in send(engine, *told)] == [(), (), (), ()]
        send(engine, *(copy(n) for n in range(10, 13)))
        (undone,) = rows(tmp_path, "SELECT id FROM decision WHERE about = 6 AND seq = 8")[0]
        assert engine.undo("admin", ids=[undone]) == [undone]
        assert send(engine, copy(13), copy(14))[-1].members == ()
        assert rows(tmp_path, "SELECT count(*) FROM decision WHERE about = 6") == [(1,)]
        fine(engine)


def test_a_warned_post_can_still_be_held_but_is_warned_once(tmp_path: Path) -> None:
    """A warning restricts nothing: a campaign may hold the post. It is not warned a second time."""
    rules = campaign_rule("warn campaign")
    with Engine(prepare(tmp_path, rules), now=lambda: NOW) as engine:
        found = send(engine, *(copy(n) for n in range(5)))
        assert [each.members for each in found] == [(), (), (2, 3), (), ()]
        (tmp_path / "rules" / "copies.rule").write_text(campaign_rule()["copies.rule"])
        assert engine.reload()
        assert send(engine, copy(5))[0].members == (2, 3, 4, 5, 6)
        fine(engine)


def test_members_are_of_the_same_timeline_window_and_text(tmp_path: Path) -> None:
    """Another timeline, another text, or more than the width before: no members."""
    with Engine(prepare(tmp_path, campaign_rule()), now=lambda: NOW) as engine:
        send(engine, copy(1, 0), copy(2, 3000, text="something else, and long enough"))
        send(engine, copy(3, 3001), timeline="history")
        found = send(engine, copy(4, 3590), copy(5, 3591), copy(6, 3600))
        assert [each.members for each in found] == [(), (2, 5), ()]  # third: no third author left
        send(engine, copy(7, 7000), copy(8, 7100))
        fine(engine)


def test_of_several_sites_the_most_linked_one_counts(tmp_path: Path) -> None:
    """Who links another of the post's sites, which fewer link to, is no member."""
    name, text = rule(
        "sites",
        f"{AGE}\n  links.repeat authors in last 1 hour >= 3",
        'author.age  1 day\n  text "a.example"\n  links.repeat authors in last 1 hour  3',
        'author.age  1 day\n  text "a.example"\n  links.repeat authors in last 1 hour  2',
        clause="spam.repeats",
        then="hold campaign",
    )
    shop, blog = "http://shop.example/x", "http://blog.example/y"
    told = [
        copy(1, text=shop),
        copy(2, text=blog),
        copy(3, text=shop),
        copy(4, text=f"{shop} {blog}"),
    ]
    with Engine(prepare(tmp_path, {name: text}), now=lambda: NOW) as engine:
        assert send(engine, *told)[-1].members == (2, 4)
        fine(engine)


def test_a_post_is_acted_on_once_by_one_record(tmp_path: Path) -> None:
    """The post that an edit is of is the edit's own subject, not also a member of its campaign."""
    rules = campaign_rule()
    rules["copies.rule"] = rules["copies.rule"].replace("for     post", "for     post, edit")
    grown = [copy(n, author={"id": f"p{n}", "created": "2020-01-01T00:00:00Z"}) for n in range(4)]
    edit = {**copy(9, type="post.edited", before={"text": "hello"}), "subject": "post/e0"}
    edit["data"]["author"]["id"] = "p0"
    with Engine(prepare(tmp_path, rules), now=lambda: NOW) as engine:
        assert [each.action for each in send(engine, *grown)] == ["allow"] * 4
        (answer,) = send(engine, edit)
        assert (answer.action, answer.members) == ("hold", (3, 4, 5))
        assert rows(tmp_path, "SELECT count(DISTINCT subject), count(*) FROM decision") == [(4, 4)]
        fine(engine)


def test_what_a_rule_is_not_for_is_no_member(tmp_path: Path) -> None:
    """A rule for replies leaves the same text alone where it was posted by itself."""
    rules = campaign_rule()
    rules["copies.rule"] = rules["copies.rule"].replace("for     post", "for     reply")
    told = [copy(n) for n in range(2)]
    told += [copy(n, in_reply_to={"id": "post/1"}) for n in (2, 3)]
    with Engine(prepare(tmp_path, rules), now=lambda: NOW) as engine:
        assert [each.members for each in send(engine, *told)] == [(), (), (), ()]
        assert about(tmp_path) == [(4, 4, "hold"), (5, 5, "hold")]
        fine(engine)


def test_a_younger_clause_acts_on_no_earlier_content(tmp_path: Path) -> None:
    """What was posted before the clause had its present wording is no member."""
    folder, clock = prepare(tmp_path, campaign_rule()), [NOW]
    now = DAY_SECONDS  # after the start of the story
    with Engine(folder, now=lambda: clock[0]) as engine:
        send(engine, *(young(copy(n, now - 10 + n)) for n in (1, 2)))
        policy = folder / "policies" / "spam.md"
        text = policy.read_text(encoding="utf-8")
        policy.write_text(text.replace("same longer text", "very same text"), encoding="utf-8")
        clock[0] += 120 * 1_000_000
        assert engine.reload()
        found = send(engine, *(young(copy(n, now + 110 + n)) for n in (13, 14)))
        assert [(each.action, each.members) for each in found] == [("hold", ()), ("hold", ())]
        fine(engine)


def young(told: dict[str, Any]) -> dict[str, Any]:
    """The same by an account of today, whatever day it is in the story."""
    told["data"]["author"]["created"] = told["time"]
    return told
