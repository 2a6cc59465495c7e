"""Near-duplicates from end to end: who is held, who is not, and that the past comes out again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flow.small_community import (
    NOW,
    agrees_with_replay,
    check,
    event,
    hold_together,
    line,
    prepare,
    rows,
)
from flow.test_campaign_members import campaign_rule
from ombud.app import Engine

OFFER = "earn five hundred dollars every day from home and write to me now for the details"
EDITS = (
    OFFER,
    OFFER.upper(),
    "earn five hundred dollars every day from home, write me now for all details",
    "Еarn fivе hundrеd dоllars evеry day frоm hоme and write tо me now for the detаils",
    "earn fi\u200bve hundred dol\u200blars every day from home \U0001f600 write to me now for it",
    "just earn five hundred dollars a day from home and write to me now for more details 99",
    "for the details write to me now and earn five hundred dollars every day from home",
)
OWN = "alpha bravo charlie delta echo foxtrot golf hotel india juliet"
HONEST = {
    "a quote": "as somebody said yesterday the only thing we have to fear is running out of coffee",
    "a greeting": "good morning everybody and a very happy new year to you and your families",
    "a song line": "row your boat gently down the stream merrily merrily life is but a dream",
    "a headline": "city council votes to close the old bridge for repairs until the end of october",
    "a template": "[WTS] [US-CA] selling a phone in good condition, with box [W] cash or paypal",
    "a petition": "we the undersigned ask the council to keep the library open on sundays for all",
    "a memorial": "rest in peace dear friend you were kind to every one of us and will be missed",
    "a slogan": "the whole town stands together today for clean water and safe streets for all",
    "a bot": "reminder the weekly thread for questions is open please read the rules before asking",
}


def post(number: int, at: float, text: str, who: str | None = None) -> dict[str, Any]:
    """A post by an account made an hour before."""
    author = {"id": who or f"p{number}", "created": "2026-03-01T11:00:00Z"}
    return event(number, at, text=text, author=author)


def send(engine: Engine, *told: dict[str, Any]) -> list[Any]:
    """Hand events in, each in a group of its own."""
    return [engine.submit([line(each)])[0] for each in told]


def pack(folder: Path) -> Path:
    """A folder with the day-one pack and procedural holds."""
    (folder / "ombud.toml").write_text("procedural_holds = true\n")
    return folder


def settled(engine: Engine) -> None:
    """Live, after a restart and in replay the same clusters, verdicts and members."""
    agrees_with_replay(engine)
    hold_together(engine.folder)
    engine.writer._rebuild()
    agrees_with_replay(engine)


def clusters(folder: Path) -> list[list[int]]:
    """The clusters that each post's row names."""
    from ombud import journal
    from ombud.windows import NEAR

    query = "SELECT entries FROM journal WHERE kind = 'post' ORDER BY seq"
    return [
        [key or 0 for number, key, _ in journal.unpack_entries(row[0]) if number == NEAR]
        for row in rows(folder, query)
    ]


@pytest.mark.parametrize("restart", [False, True])
def test_edited_copies_are_one_campaign(tmp_path: Path, restart: bool) -> None:
    """Case, look-alikes, invisible characters, emoji, digits, other words, another order: each
    comes to the first one's cluster, whose id is its seq, whether the engine was restarted or not.
    """
    folder = prepare(tmp_path, campaign_rule())
    if restart:
        for number, said in enumerate(EDITS):
            with Engine(folder, now=lambda: NOW) as engine:
                answers = send(engine, post(number, number, said))
    else:
        with Engine(folder, now=lambda: NOW) as engine:
            answers = send(engine, *(post(n, n, said) for n, said in enumerate(EDITS)))
    assert answers[-1].action == "hold"
    assert clusters(folder) == [[2]] * len(EDITS)
    cases = rows(folder, "SELECT cluster FROM review_case")
    assert cases
    assert set(cases) == {(2,)}  # a person is shown one campaign
    with Engine(folder, now=lambda: NOW) as engine:
        settled(engine)
    assert check(folder).same == check(folder).checked


@pytest.mark.parametrize("who", range(len(EDITS)))
def test_an_erasure_leaves_the_cluster_to_the_others(tmp_path: Path, who: int) -> None:
    """Whoever is erased, the first one too: the rest goes on as one cluster under its id, of which
    nothing is left but the number; live, after a restart and in replay.
    """
    folder = prepare(tmp_path, campaign_rule())
    with Engine(folder, now=lambda: NOW) as engine:
        send(engine, *(post(n, n, said) for n, said in enumerate(EDITS)))
        engine.erase("chat", f"p{who}")
        settled(engine)
        assert clusters(folder)[who] == [0]
        (answer,) = send(engine, post(20, 20, EDITS[-1]))
        assert answer.action == "hold"
        assert clusters(folder)[-1] == [2]
        settled(engine)
    outcome = check(folder)
    assert (outcome.different, outcome.not_recomputable) == (0, 0)


def test_a_rule_that_comes_later_finds_the_clusters_of_the_past(tmp_path: Path) -> None:
    """Its windows are filled from bodies; a second rule with another word goes by the same ids."""
    folder = prepare(tmp_path, {})
    with Engine(folder, now=lambda: NOW) as engine:
        send(engine, *(post(n, n, said) for n, said in enumerate(EDITS[:3])))
        assert clusters(folder) == [[], [], []]
        name, text = next(iter(campaign_rule().items()))
        (folder / "rules" / name).write_text(text)
        assert engine.reload()
        (answer,) = send(engine, post(5, 5, EDITS[3]))
        assert (answer.action, answer.members) == ("hold", (2, 3, 4))
        other = text.replace("rule copies", "rule again").replace(
            "text.repeat authors in last 1 hour >= 3",
            "author.posts with same text in last 10 minutes >= 2",
        )
        for before, after in ((3, 2), (2, 1)):
            other = other.replace(
                f"text.repeat authors in last 1 hour  {before}",
                f'text "a"\n  author.posts with same text in last 10 minutes  {after}',
            )
        (folder / "rules" / "again.rule").write_text(other)
        assert engine.reload()
        assert send(engine, post(6, 6, EDITS[4], "p5"))[0].action == "hold"
        assert clusters(folder)[3:] == [[2], [2]]
        settled(engine)


@pytest.mark.parametrize("what", sorted(HONEST))
def test_repetition_by_established_accounts_restricts_nothing(tmp_path: Path, what: str) -> None:
    """Under the whole day-one pack with holds on: people who have posted here before say the same,
    and nobody is held; of newcomers who say it, the third is. So it is not the text that passes.
    """
    with Engine(pack(tmp_path), now=lambda: NOW) as engine:
        for number in range(5):  # each says something of their own, five times
            for who, own in enumerate(OWN.split()):
                said = f"{own} {number}"
                send(engine, post(10 * number + who, 700 * number + who, said, f"old{who}"))
        at = 700 * 5
        same = [f"{HONEST[what]} {n}" for n in range(10)]
        old = [post(1000 + n, at + 60 * n, said, f"old{n}") for n, said in enumerate(same)]
        assert [each.action for each in send(engine, *old)] == ["allow"] * 10
        new = [post(2000 + n, at + 900 + 60 * n, said) for n, said in enumerate(same[:3])]
        assert "hold" in [each.action for each in send(engine, *new)]


def test_chaff_changes_no_honest_verdict(tmp_path: Path) -> None:
    """A flood of near copies, of one letter and of words picked from the offer: the offer's copies
    are still one campaign, and an honest post is in none.
    """
    folder = prepare(tmp_path, campaign_rule())
    words = OFFER.split()
    with Engine(folder, now=lambda: NOW) as engine:
        send(engine, post(1, 0, OFFER))
        near = [f"{OFFER} {'abcdefghij'[n % 10] * 3}" for n in range(150)]
        chaff = [post(100 + n, 1, said, "chaff") for n, said in enumerate(near)]
        chaff += [post(300 + n, 2, " ".join(words[n % 9 :: 2]), "chaff") for n in range(100)]
        chaff += [post(500, 3, "a" * 20_000, "chaff"), post(501, 3, "a\u0301" * 9_000, "chaff")]
        flood = engine.submit([line(each) for each in chaff])
        assert {getattr(each, "action", "") for each in flood} == {"allow"}
        honest = "does anybody know whether the ferry still leaves from the northern pier tonight"
        assert send(engine, post(600, 4, honest))[0].action == "allow"
        answers = send(engine, post(601, 5, EDITS[5]), post(602, 6, EDITS[2]))
        assert answers[-1].action == "hold"
        settled(engine)


def test_an_erasure_before_that_of_a_first_text_leaves_no_doubt(tmp_path: Path) -> None:
    """Replay makes windows anew at the first erasure, when the second one's text is gone already;
    what follows the second is judged as it was.
    """
    folder = prepare(tmp_path, campaign_rule())
    with Engine(folder, now=lambda: NOW) as engine:
        send(engine, post(0, 0, OFFER, "a"), post(1, 1, OFFER, "b"), post(2, 2, OWN, "x"))
        engine.erase("chat", "x")
        engine.erase("chat", "a")
        send(engine, post(3, 3, OFFER, "c"), post(4, 4, OFFER, "d"))
        agrees_with_replay(engine)
    outcome = check(folder)
    assert (outcome.different, outcome.differences) == (0, [])
    assert outcome.same >= 5
