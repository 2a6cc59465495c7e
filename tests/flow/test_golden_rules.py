"""The fifteen golden rules at work: what each should catch is caught, and its honest twin passes.

All rules are live in every story, so a twin passes all of them. `tests/rules/golden_rules` has the
rules, clauses and lists.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flow.small_community import (
    START,
    agrees_with_replay,
    event,
    hold_together,
    line,
    prepare,
    rows,
)
from ombud.app import Engine
from ombud.reading import reading
from ombud.transaction import Answer

GOLDEN = Path(__file__).parents[1] / "rules" / "golden_rules"
RECEIVED = int((START + timedelta(days=500)).timestamp()) * 1_000_000
MINUTE, HOUR, DAY = 60, 3600, 86_400
YEAR = 365 * DAY
CLASS = (
    *("Quỳnh Phạm", "Walter Egg", "Zoe Tran", "Igor Blum", "Xuân Mai", "Fatima Noor", "Pia Dunst"),
    *("Kjell Oxley", "Hugo Vey", "Bích Lê", "Yusuf Aka", "Greta Zorn", "Cosmo Rile", "Oanh Đỗ"),
    *("Udo Jahn", "Nils Werth", "Sven Kopp", "Rita Falk", "Emil Just", "Thảo Cù", "Lars Quist"),
    *("Vera Ohm", "Max Pfau", "Dirk Izzo"),
)


@dataclass
class Story:
    """What happens in one community, in order; each event says what should become of it."""

    engine: Engine
    rule: str
    at: float = 0
    number: int = 0
    told: list[tuple[Answer, str | None]] = field(default_factory=list)

    def _send(self, later: float, data: Mapping[str, Any]) -> Answer:
        self.number += 1
        self.at += later
        fields = dict(data)
        ago = fields.pop("age", None)
        if ago is not None:
            created = (START + timedelta(seconds=self.at - ago)).isoformat()
            fields["author"] = {**fields["author"], "created": created}
        (answer,) = self.engine.submit([line(event(self.number, self.at, **fields))])
        assert isinstance(answer, Answer), answer
        return answer

    def passes(self, later: float = 1, /, **data: Any) -> int:
        """Nothing is done about it, and no rule fires; its record."""
        answer = self._send(later, data)
        assert answer.fired == (), (data, answer)
        assert answer.action == "allow"
        return answer.seq

    def caught(self, action: str, later: float = 1, /, **data: Any) -> Answer:
        """The rule of this story fires, no other, and this is done."""
        answer = self._send(later, data)
        assert answer.fired == (self.rule,), (data, answer)
        assert answer.action == action
        return answer

    def held(self, answer: Answer) -> list[int]:
        """The records that are held because of one."""
        query = "SELECT about FROM decision WHERE seq = ? AND action = 'hold' ORDER BY about"
        return [row[0] for row in rows(self.engine.folder, query, answer.seq)]

    def asked(self, answer: Answer) -> tuple[str, str, bool]:
        """The case that a caught event opened: queue, why, urgent or not."""
        query = "SELECT queue, reason, urgent FROM review_case WHERE seq = ?"
        ((queue, reason, urgent),) = rows(self.engine.folder, query, answer.seq)
        return queue, reason, bool(urgent)


def by(name: str, **more: Any) -> dict[str, Any]:
    """An author."""
    return {"id": name, "name": name.capitalize(), **more}


def to(name: str) -> dict[str, Any]:
    """What a reply answers."""
    return {"id": f"post/{name}", "author": {"id": name}}


def accepted(story: Story, name: str, posts: int) -> None:
    """Somebody has become a member: so many of their posts were accepted, a minute apart."""
    for number in range(posts):
        story.passes(MINUTE, author=by(name), text=f"{name} says thing number {number}")


# --- the stories ----------------------------------------------------------------------------------


def new_member_links(story: Story) -> None:
    """Two links on the first day; the same by an old member, and to our own pages."""
    links = "Bags at http://a.example and http://b.example"
    story.caught("hold", author=by("new"), age=DAY, text=links)
    story.passes(author=by("old"), age=2 * YEAR, text=links)
    story.passes(author=by("new"), age=DAY, text="http://ours.example/a http://ours.example/b")
    story.passes(author=by("new"), age=DAY, text="Bags at http://a.example")


def slurs(story: Story) -> None:
    """The word, also in disguise; a word that holds it, and who quotes it to object. No licence
    covers it, so a person is asked.
    """
    insult = "you are nothing but a blorf to me and to all of us here"
    first = story.caught("allow", author=by("rude"), text=insult, in_reply_to=to("ana"))
    assert story.asked(first) == ("hate", "no licence", False)
    story.caught("allow", author=by("rude"), text="a bl0rf!", in_reply_to=to("ana"))
    story.passes(author=by("fan"), text="The blorfish of Blorfington", in_reply_to=to("ana"))
    story.passes(
        author=by("ana"),
        text=f'You wrote "{insult}". That is not how we talk.',
        in_reply_to=to("rude"),
    )
    story.caught("allow", author=by("rude"), text="So says every blorf.")
    quoting_nobody = 'As they say: "you are a blorf"'
    story.caught("allow", author=by("sly"), text=quoting_nobody, in_reply_to=to("ana"))


def ten_a_minute(story: Story) -> None:
    """The eleventh within a minute: only a certificate would let a rule limit, so a case is opened.
    Ten are not too many, and an established member may go on.
    """
    for number in range(10):
        story.passes(2, author=by("hasty"), text=f"goal {number}")
    found = story.caught("allow", 2, author=by("hasty"), text="goal again")
    assert story.asked(found) == ("review", "no licence", False)
    accepted(story, "regular", 30)
    for number in range(15):
        story.passes(1, author=by("regular"), text=f"goal {number}")


def eight_mentions(story: Story) -> None:
    """Eight people called at once by a newcomer; seven, and eight by a member."""
    people = [{"id": f"p{number}"} for number in range(8)]
    story.caught("hold", author=by("new"), text="Look!", mentions=people)
    story.passes(author=by("other"), text="Thanks!", mentions=people[:7])
    accepted(story, "member", 5)
    story.passes(author=by("member"), text="Meeting!", mentions=people)


def staff_names(story: Story) -> None:
    """Names that look like staff, wherever they appear; staff itself, and ordinary names."""
    fake = {"id": "x1", "name": "Аdmin"}
    story.caught("hold", author=fake, text="Send me your password")
    story.caught("hold", type="member.joined", author=fake, text=None)
    story.caught("hold", type="account.created", author={"id": "x2", "name": "Admin support"})
    story.caught("hold", type="account.updated", author={"id": "x3", "name": "helga_moderator"})
    story.passes(author={"id": "staff-1", "name": "Admin"}, text="We never ask for it")
    story.passes(author={"id": "x4", "name": "Minh Anh"}, text="Good to know")


def shorteners(story: Story) -> None:
    """Any link through a shortener, in an edit too; a site that only ends alike."""
    story.caught("hold", author=by("a"), text="http://news.example http://www.tiny.example/x")
    edited: dict[str, Any] = {"type": "post.edited", "before": {"text": "see below"}}
    story.caught("hold", author=by("a"), text="http://sho.rt.example/y", **edited)
    story.passes(author=by("b"), text="http://notatiny.example.org/x")


def other_people_s_numbers(story: Story) -> None:
    """A number in a reply, in several spellings, is urgent for a person; one's own number, a public
    one and an order number are not.
    """
    reply: dict[str, Any] = {"in_reply_to": to("ana")}
    for number in ("call him at 0912 345 678", "+84.912.345.678 là số nó", "HIS PHONE:0351234567"):
        found = story.caught("allow", author=by("rude"), text=number, **reply)
        assert story.asked(found) == ("privacy", "no licence", True)
    for text in (
        "Call me at 0912 345 678",
        "My number is 0912 345 678",
        "Bạn gọi cho mình nhé 0912345678",
        "Order 20260301091234567890 has arrived",
        "The hotline is 1900 6868, but they gave me 0912 345 678 there",
        "It was in 1998, 1999 or 2001",
    ):
        story.passes(author=by("kind"), text=text, **reply)
    story.passes(author=by("rude"), text="0912 345 678")  # no reply to anybody


def market(story: Story) -> None:
    """In the market: without [WTS], and the second within a week; elsewhere anything goes."""
    there: dict[str, Any] = {"room": {"id": "market"}}
    story.caught("hold", author=by("loud"), text="Selling my bike", **there)
    story.passes(author=by("seller"), text="[WTS] my bike", **there)
    story.caught("hold", 6 * DAY, author=by("seller"), text="[WTS] my car", **there)
    story.passes(7 * DAY, author=by("seller"), text="[wts] my boat", **there)
    story.passes(author=by("loud"), text="Selling my bike", room={"id": "hall"})


def same_text(story: Story) -> None:
    """The third account with one text, and the first two; short greetings, and members, may say the
    same.
    """
    offer = "Earn 500 a day from home, write to me"
    first = [story.passes(author=by(f"bot{number}"), text=offer) for number in range(2)]
    story.passes(author=by("other"), text="Does anybody know when it starts tonight?")
    found = story.caught("hold", author=by("bot2"), text=offer.upper() + " !!")
    assert story.asked(found) == ("spam", "hold", False)
    assert list(found.members) == first
    assert story.held(found) == [*first, found.seq]
    for number in range(5):
        story.passes(author=by(f"guest{number}"), text="Congratulations!")
    accepted(story, "member", 5)
    story.passes(author=by("member"), text=offer)


def join_raid(story: Story) -> None:
    """The 21st of a wave of look-alikes, and the twenty before it, but nobody who joined between
    them; a school class of as many comes in unharmed, and so do old members.
    """

    def join(name: str, age: int, room: str) -> dict[str, Any]:
        author = {"id": f"{room}-{name}", "name": name}
        return {
            "type": "member.joined",
            "author": author,
            "age": age,
            "text": None,
            "room": {"id": room},
        }

    for name in CLASS:
        story.passes(10, **join(name, 5 * MINUTE, "class"))
    for number in range(30):
        story.passes(2, **join(f"fan {number}", YEAR, "stream"))
    story.passes(60, **join("Walter Egg", 5 * MINUTE, "hall"))
    first = [
        story.passes(5, **join(f"raider_{number}", 5 * MINUTE, "hall")) for number in range(19)
    ]
    story.passes(1, **join("Greta Zorn", 5 * MINUTE, "hall"))
    found = story.caught("hold", 5, **join("Raider 77", 5 * MINUTE, "hall"))
    query = "SELECT action FROM decision WHERE seq = ?"
    done = {row[0] for row in rows(story.engine.folder, query, found.seq)}
    assert done == {"hold", "require approval"}
    assert list(found.members) == first
    assert story.held(found) == [*first, found.seq]
    with reading(story.engine.folder) as reader:
        facts = reader.decision(found.decisions[0])["reasons"]["facts"]
    (said,) = (each for each in facts if "recent names" in each["condition"])
    assert said["said"]["en"].startswith("How alike the name is to the likest name of somebody")
    assert said["matched"] == ("Raider 77",)  # one's own name, never that of another


def trusted_flags(story: Story) -> None:
    """Three trusted members flag one post; one who does so thrice, and many others, are not
    three.
    """

    def flag(who: str, post: str, *roles: str) -> dict[str, Any]:
        reporter = {"id": who, "roles": list(roles)}
        about = {"id": post, "author": {"id": "rude"}}
        return {"type": "flag.created", "reporter": reporter, "reported": about, "text": None}

    trusted = "trusted-flagger"
    for number in range(9):
        story.passes(author=None, **flag(f"anybody{number}", "post/1", "member"))
    for _ in range(4):
        story.passes(author=None, **flag("kim", "post/1", trusted))
    story.passes(author=None, **flag("lan", "post/1", trusted))
    story.passes(author=None, **flag("max", "post/2", trusted))
    found = story.caught("hold", author=None, **flag("max", "post/1", "Trusted"))
    story.passes(8 * DAY, author=None, **flag("nga", "post/1", trusted))
    assert story.asked(found)[0] == "flags"


def own_site(story: Story) -> None:
    """Two links to one site in eleven posts; one in ten is what the clause allows."""
    for number in range(9):
        story.passes(HOUR, author=by("shop"), text=f"I think so too, for reason {number}")
    story.passes(HOUR, author=by("shop"), text="Come to http://my-shop.example/a")
    story.caught("warn", HOUR, author=by("shop"), text="Or to http://my-shop.example/b")
    for number in range(10):
        story.passes(HOUR, author=by("blogger"), text=f"I think so too, for reason {number}")
    story.passes(HOUR, author=by("blogger"), text="I wrote of it: http://my-blog.example/it")
    story.passes(HOUR, author=by("shop"), text="http://encyclopedia.example/shop")


def link_edited_in(story: Story) -> None:
    """A new site in a post of last year; a correction an hour later, and a typo, pass."""

    def edit(age: float, before: str, text: str) -> dict[str, Any]:
        posted = (START + timedelta(seconds=story.at - age)).isoformat()
        old = {"text": before, "time": posted}
        return {"type": "post.edited", "author": by("ana"), "before": old, "text": text}

    casino = "I liked it. http://casino.example"
    story.caught("hold", **edit(YEAR, "I liked it.", casino))
    story.caught(
        "hold", **edit(31 * DAY, "See http://news.example", f"{casino} http://news.example")
    )
    story.passes(**edit(HOUR, "I liked it.", casino))
    story.passes(**edit(YEAR, "I liekd it. http://casino.example", casino))
    story.passes(**edit(YEAR, "I liked it.", "I liked it. http://ours.example/faq"))


def account_wakes(story: Story) -> None:
    """A link after a year of silence; a greeting after as long, and a link by somebody new."""
    story.passes(author=by("sleeper"), text="Hello")
    story.passes(author=by("friend"), text="Hello")
    story.caught("hold", YEAR + DAY, author=by("sleeper"), text="http://casino.example")
    story.passes(author=by("friend"), text="Hello again, after so long")
    story.passes(author=by("friend"), text="I was at http://lake.example")
    story.passes(author=by("newcomer"), text="I was at http://lake.example")


def unwatched_media(story: Story) -> None:
    """Newcomers' media wait at night and in an emergency, not by day, and members' never."""
    picture: dict[str, Any] = {"text": "look", "media": [{"id": "m1", "type": "image/png"}]}
    accepted(story, "member", 5)
    story.passes(author=by("new"), **picture)  # nobody has ever said who is on duty
    story.engine.set_state("duty", begins=False)
    story.caught("hold", author=by("new"), **picture)
    story.passes(author=by("member"), **picture)
    story.passes(author=by("new"), text="no picture")
    story.engine.set_state("duty", begins=True)
    story.passes(author=by("new"), **picture)
    story.engine.set_state("emergency", begins=True)
    story.caught("hold", author=by("new"), **picture)
    story.engine.set_state("emergency", begins=False)
    story.passes(author=by("new"), **picture)


def servers(story: Story) -> None:
    """A server of yesterday, and one of the list, in any case; an old one passes."""

    def server(name: str, age: float) -> dict[str, Any]:
        return {"id": name, "created": (START - timedelta(seconds=age)).isoformat()}

    story.caught("hold", author=by("a"), server=server("fresh.example", DAY))
    story.caught("hold", author=by("b"), server=server("SPAM.example", YEAR))
    story.passes(author=by("c"), server=server("friends.example", 8 * DAY))
    story.passes(author=by("d"))


STORIES: Mapping[str, Callable[[Story], None]] = {
    "r01-new-member-links": new_member_links,
    "r02-slurs": slurs,
    "r03-ten-a-minute": ten_a_minute,
    "r04-eight-mentions": eight_mentions,
    "r05-staff-names": staff_names,
    "r06-shorteners": shorteners,
    "r07-other-people-s-numbers": other_people_s_numbers,
    "r08-market": market,
    "r09-same-text": same_text,
    "r10-join-raid": join_raid,
    "r11-trusted-flags": trusted_flags,
    "r12-own-site": own_site,
    "r13-link-edited-in": link_edited_in,
    "r13-account-wakes": account_wakes,
    "r14-unwatched-media": unwatched_media,
    "r15-servers": servers,
}


def test_every_golden_rule_has_a_story() -> None:
    """None is only said and never tried."""
    assert set(STORIES) == {path.stem for path in (GOLDEN / "rules").iterdir()}


@pytest.mark.parametrize("rule", sorted(STORIES))
def test_what_a_golden_rule_should_catch_is_caught_and_no_more(rule: str, tmp_path: Path) -> None:
    """All rules are live; only the one of the story fires, and the whole is judged again the
    same.
    """
    folder = prepare(tmp_path / "data", {})
    for kind in ("rules", "policies", "lists"):
        shutil.copytree(GOLDEN / kind, folder / kind, dirs_exist_ok=True)
    with Engine(folder, now=lambda: RECEIVED) as engine:
        STORIES[rule](Story(engine, rule))
        agrees_with_replay(engine)
    with Engine(folder, now=lambda: RECEIVED) as engine:
        agrees_with_replay(engine)
    hold_together(folder)
