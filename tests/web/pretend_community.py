"""A community for tests of the public pages: what it says is made here, what is sent it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from ombud.errors import OmbudError
from ombud.statement_list import Listed, StatementList
from ombud.statement_page import (
    ITEMS_A_PART,
    AppealMade,
    Fact,
    Item,
    Receipt,
    StatementPage,
)

TOKEN = "ntc_Zm9vYmFyYmF6cXV4MTIzNA"
DECISION = "dec_5ZqK2mWc8yT1nV7pR4sXbA"

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "safe \u202ederettil si siht\u2066 and on \u061cit goes",
    "ze\u200bro\u200dwi\ufeffdth\u00ad",
    "W" * 10_000,
    "שלום עולם مرحبا بالعالم",
    "👩‍👩‍👧‍👦🏳️‍🌈" * 40,
    "}}{{ 7*7 }} {% raw %} {0.__class__} %(x)s ${x}",
    "javascript:alert(1) http://evil.example/ [a](javascript:alert(1))",
    "\"'><textarea></textarea></blockquote></main><!-- ]]> &amp; &#x3c;",
    "".join(letter + "\u0300\u0316\u0334\u0363" * 6 for letter in "Zalgo" * 3),
    "nul \x00 bell \x07 escape \x1b[31m half \ud800",
    "line one\nline two\r\nline three\u2028four\n" + "\n" * 30 + "end",
)

FACTS = (
    Fact(
        said={
            "en": "how old the account is: 1 hour (author.age < 3 days)",
            "vi": "tài khoản đã có bao lâu: 1 giờ (author.age < 3 days)",
        }
    ),
    Fact(
        said={
            "en": "how many links there are: 2 (links.count >= 2)",
            "vi": "số liên kết: 2 (links.count >= 2)",
        },
        matched=("http://a.example", "http://b.example"),
    ),
)

ITEM = Item(
    decision=DECISION,
    state="in force",
    clause="spam.links",
    action="hold",
    time="2026-11-22T10:00:00Z",
    by="rule",
    automated_detection=True,
    automated_decision=True,
    subject="post/yt01-5",
    what={
        "en": "Your post waits for a person to look at it, until 2026-11-23 10:00 UTC at the "
        "latest.",
        "vi": "Bài của bạn đang chờ người kiểm duyệt xem, chậm nhất đến 2026-11-23 10:00 UTC.",
    },
    why={
        "en": "A person will look at your post before others see it: new members can't post "
        "several links yet.",
        "vi": "Bài của bạn đang chờ người kiểm duyệt: thành viên mới chưa được đăng nhiều liên "
        "kết.",
    },
    facts=FACTS,
    rules=(("new-member-links", "3f9a1c5e7b2d4f60"),),
    policy_version="9c4e2a7d1b3f5e80",
    licence="procedural:spam.links",
    until="2026-11-23T10:00:00Z",
    told="2026-11-22T10:00:01Z",
    delivery="confirmed",
    origin="own initiative",
    appeal_until="2027-05-24T10:00:00Z",
    may_appeal=True,
    receipt=Receipt(
        origin="community.example/log", leaf=41, published=True, witnesses="none: self-attested"
    ),
)

PAGE = StatementPage(
    community="The Riverside",
    lang="en",
    languages=("en", "vi"),
    clause="spam.links",
    titles={"en": "Several links by newcomers", "vi": "Thành viên mới đăng nhiều liên kết"},
    texts={
        "en": "In the first three days, a post by a new member holds at most one link. A post "
        "with more links waits until a moderator has looked at it, for 24 hours at most. This "
        "accuses nobody: most spam comes in this form, and most newcomers are not spammers.",
        "vi": "Trong ba ngày đầu, bài của thành viên mới có nhiều nhất một liên kết. Bài có "
        "nhiều liên kết hơn sẽ chờ người kiểm duyệt xem, tối đa 24 giờ. Việc này không buộc tội "
        "ai: phần lớn spam có dạng này, và phần lớn thành viên mới không gửi spam.",
    },
    opened="2026-11-22T10:00:00Z",
    items=(ITEM,),
    count=1,
    in_force=1,
    all_temporary=True,
)

LIST = StatementList(
    items=(
        Listed(
            link=f"/notice/{TOKEN}",
            clause="spam.links",
            titles=PAGE.titles,
            opened="2026-11-22T10:00:00Z",
            count=3,
            in_force=1,
        ),
        Listed(
            link="/notice/other",
            clause="flood.burst",
            titles={"en": "Floods"},
            opened="2026-11-20T08:30:00Z",
            count=1,
            in_force=0,
        ),
    ),
    count=2,
    part=1,
    parts=1,
    until="2026-11-22T13:00:00Z",
)


def filled(page: StatementPage, items: tuple[Item, ...]) -> StatementPage:
    """A page with other items, all in one part, and its counts."""
    active = [each for each in items if each.state == "in force"]
    return msgspec.structs.replace(
        page,
        items=items,
        count=len(items),
        in_force=len(active),
        all_temporary=bool(active) and all(each.until for each in active),
    )


def part_of(page: StatementPage, part: int, decision: str) -> StatementPage:
    """The part nearest to `part`, or the one with a decision."""
    parts = max(1, -(-len(page.items) // ITEMS_A_PART))
    for index, item in enumerate(page.items):
        if item.decision == decision:
            part = index // ITEMS_A_PART + 1
    part = min(max(part, 1), parts)
    chosen = page.items[(part - 1) * ITEMS_A_PART : part * ITEMS_A_PART]
    return msgspec.structs.replace(page, items=chosen, part=part, parts=parts)


def changed(page: StatementPage = PAGE, **item: Any) -> StatementPage:
    """A page whose first decision differs."""
    first = msgspec.structs.replace(page.items[0], **item)
    return filled(page, (first, *page.items[1:]))


def many(count: int, **item: Any) -> StatementPage:
    """A page with several decisions, named `dec_0` and so on."""
    items = (
        msgspec.structs.replace(ITEM, decision=f"dec_{number}", **item) for number in range(count)
    )
    return filled(PAGE, tuple(items))


def hostile(text: str) -> StatementPage:
    """A page that says one text wherever somebody else's text can stand."""
    return msgspec.structs.replace(
        changed(
            subject=text,
            why={"en": text, "vi": text},
            facts=(Fact(said={"en": text, "vi": text}, matched=(text, text)),),
            appeals=(AppealMade(time="2026-11-22T12:00:00Z", text=text, state="open"),),
        ),
        titles={"en": text},
        texts={"en": text},
    )


class PretendCommunity:
    """A community of one statement page, as `ombud.web.Community` has it."""

    def __init__(self, page: StatementPage = PAGE, folder: Path = Path("/nowhere")) -> None:
        self.page = page
        self.folder = folder
        self.listed: StatementList | None = LIST
        self.connected: tuple[tuple[str, str], ...] = (
            ("matrix", "@ombud:talk.example"),
            ("platform", "<b>forum"),
        )
        self.answer = "stored"
        self.failure: Exception | None = None
        self.looked_up: list[str] = []
        self.appeals: list[tuple[str, str, str]] = []
        self.head: dict[str, Any] = {
            "origin": "community.example/log",
            "size": 42,
            "root": "ab" * 32,
            "published": 40,
            "key": "community.example/log+1a2b3c4d+AbCdEf",
            "witnesses": "none: self-attested",
            "refused": None,
        }
        self.receipts: dict[str, bytes] = {}
        self.openings: dict[str, bytes] = {}
        self.asked: list[dict[str, Any]] = []

    def name(self) -> str:
        """What the community is called."""
        return "The Riverside"

    def languages(self) -> tuple[str, ...]:
        """English first."""
        return ("en", "vi")

    def findings_add_up(self) -> bool:
        """Nothing is proposed here."""
        return False

    def publishers(self) -> tuple[str, ...]:
        """Two sites, one of them no name anybody would give."""
        return ("checks.example", "<b>kiemchung.example")

    def receipt(self, token: str, decision: str) -> bytes | None:
        """The receipts that the test has put here."""
        return self.receipts.get(decision) if token == TOKEN else None

    def opening(self, token: str, decision: str) -> bytes | None:
        """The openings that the test has put here."""
        return self.openings.get(decision) if token == TOKEN else None

    def witnesses(self) -> list[dict[str, Any]]:
        """The witnesses that the test has put here."""
        return self.asked

    def statement_page(self, token: str, part: int = 1, decision: str = "") -> StatementPage | None:
        """A part of the page, under its token only."""
        self.looked_up.append(token)
        if self.failure:
            raise self.failure
        return part_of(self.page, part, decision) if token == TOKEN else None

    def statement_list(self, token: str, part: int = 1) -> StatementList | None:
        """The list that the test has put here, under its token only."""
        if self.failure:
            raise self.failure
        if token != TOKEN or self.listed is None:
            return None
        return msgspec.structs.replace(self.listed, part=min(max(part, 1), self.listed.parts))

    def ways(self) -> tuple[tuple[str, str], ...]:
        """A homeserver, and a platform with a name that nobody would give."""
        return self.connected

    def appeal(self, token: str, decision: str, text: str) -> str:
        """Keep an appeal and show it on the page."""
        if isinstance(self.failure, OmbudError):
            raise self.failure
        if self.answer == "stored":
            self.appeals.append((token, decision, text))
            made = AppealMade(time="2026-11-22T12:00:00Z", text=text, state="open")
            items = tuple(
                msgspec.structs.replace(item, appeals=(*item.appeals, made))
                if item.decision == decision
                else item
                for item in self.page.items
            )
            self.page = msgspec.structs.replace(self.page, items=items)
        return self.answer

    def ledger_head(self) -> Mapping[str, Any]:
        """Where the log stands."""
        return self.head

    def figures(self) -> dict[str, Any]:
        """Figures are not pretended: their pages are tested on a real community."""
        raise LookupError("there are no figures")

    def demands(self, before: int) -> tuple[list[dict[str, Any]], int]:
        """Nor are demands."""
        raise LookupError(f"there are no demands before {before}")

    def register(self) -> list[dict[str, Any]]:
        """Nor the whole register."""
        raise LookupError("there is no register")

    def counts(self) -> bytes | None:
        """Nothing was signed."""
        return None

    def rules(self) -> dict[str, Any]:
        """Nor are rules."""
        raise LookupError("there are no rules")

    def ledger_folder(self) -> Path:
        """Where its files are."""
        return self.folder


RECENT_TRUTHS = (("benign", "allow"), ("benign", "hold"), ("spam", "hold"), ("flood", "allow"))


def demo_state(texts: tuple[str, ...] = ("Good morning!", "LAST CHANCE")) -> dict[str, Any]:
    """What the simulation says, with these texts in the stream."""
    return {
        "seed": 7,
        "done": False,
        "time": "2026-01-02T03:04:05Z",
        "totals": {
            "events": 400,
            "decisions": 48,
            "held": 45,
            "caught": 38,
            "harmful": 52,
            "touched": 7,
            "benign": 348,
        },
        "campaigns": {
            "link-wave": _campaign(20, 19, 4, 4, 0, 0),
            "repeated-text": _campaign(14, 11, 2, 1, 3, 95),
            "dogpile": _campaign(8, 0, 1, 0, None, None),
        },
        "twins": {
            "announcement": {"events": 4, "touched": 1},
            "petition": {"events": 9, "touched": 6},
            "greetings": {"events": 12, "touched": 0},
        },
        "recent": [_event(index, text) for index, text in enumerate(texts)],
        "hours": [
            {
                "hour": f"2026-01-0{1 + hour // 24}T{hour % 24:02d}:00:00Z",
                "events": 10 + hour,
                "harmful": hour % 7,
                "caught": hour % 7 * 3 // 4,
                "touched": 1 if hour % 9 == 8 else 0,
            }
            for hour in range(48)
        ],
        "adaptive": {
            "posts": 9,
            "through": 3,
            "before": {"posts": 2, "caught": 2},
            "after": {"posts": 7, "caught": 4},
            "stages": [
                {"changed": {}, "posts": 2, "caught": 2},
                {"changed": {"mentions": 0, "links": 1}, "posts": 3, "caught": 2},
                {"changed": {"reworded": 1}, "posts": 4, "caught": 2},
            ],
            "finished": False,
        },
        "ledger": {"size": 93, "root": "cd" * 32},
    }


def _campaign(
    events: int, caught: int, runs: int, found: int, after: int | None, seconds: int | None
) -> dict[str, int | None]:
    return {
        "events": events,
        "caught": caught,
        "runs": runs,
        "runs_caught": found,
        "first_caught_after_events": after,
        "first_caught_after_seconds": seconds,
    }


def _event(index: int, text: str) -> dict[str, Any]:
    truth, action = RECENT_TRUTHS[index % 4]
    return {
        "time": "2026-01-02T03:04:05Z",
        "type": "post.created",
        "room": "General",
        "author": text[:100],
        "lang": "en",
        "text": text,
        "truth": truth,
        "campaign": None,
        "action": action,
        "decision": "dec_1" if index % 2 else None,
        "link": f"http://127.0.0.1:8000/notice/{TOKEN}" if index % 2 else None,
    }
