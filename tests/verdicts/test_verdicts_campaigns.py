"""Who is a member of a campaign, against the definition in words, worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flow.small_community import START, event, line, rule
from ombud import samples
from ombud.activation.active import EMPTY, Active
from ombud.activation.compiling import from_sources
from ombud.clock import DAY, from_datetime
from ombud.config import Settings, Sources
from ombud.events import decode
from ombud.explain import ThrowAway
from ombud.model import ONLY_BEFORE
from ombud.signals.observation import Observation, kind_of
from ombud.verdicts import campaigns
from ombud.verdicts.campaigns import RESTRICTED, TOLD, Campaigns, Nothing, done
from ombud.verdicts.community import Community, Verdict
from ombud.verdicts.past import Known

TEXT = "text.repeat authors in last 1 hour >= 2"
SITE = "links.repeat authors in last 1 hour >= 3"
BOTH = f"{TEXT}\n  {SITE}"
ANY = f"any of\n    {TEXT}\n    {SITE}"
ALL = f"all of\n    {TEXT}\n    {SITE}"
NEWCOMER = "author.first seen < 30 days"
TEXTS = ("we sell every kind of bag", "come and see our great offers", "hm")
SITES = ("a.example", "b.example")
LINK = "see http://a.example/x"


def rule_of(when: str, then: str = "hold campaign", more: str = "", kinds: str = "post") -> Any:
    """A rule for tests, its examples made to fit all of its lines."""
    text = (
        "author.first seen  1 day\n  text.repeat authors in last 1 hour  {}\n"
        "  links.repeat authors in last 1 hour  {}"
    )
    name, made = rule(
        "copies",
        f"{NEWCOMER}\n  {when}",
        text.format(5, 5),
        text.format(1, 1),
        clause="spam.repeats",
        then=then,
        kinds=kinds,
    )
    return {name: made.replace("\nthen\n", f"{more}\nthen\n")}


def configured(rules: dict[str, str], **settings_of: Any) -> Active:
    """A configuration whose rules may do anything that some licence grants."""
    return from_sources(
        Sources(
            rules={name: text.encode() for name, text in rules.items()},
            policies=samples.files("policies"),
            lists={**samples.files("lists"), "trusted-helpers.txt": b"helper\n"},
            settings=Settings(procedural_holds=True),
            **settings_of,
        )
    )


@dataclass
class Posts:
    """Everything that was posted, as the events say it (campaigns.Earlier)."""

    posted: dict[int, Any] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    looked: list[int] = field(default_factory=list)

    def author(self, seq: int) -> int | None:
        """By the same tokens as the observations."""
        return self._seen(seq).key("author")

    def acted(self, seq: int) -> int:  # noqa: ARG002
        """Nothing but what was marked."""
        return 0

    def seen(self, seq: int) -> Observation | None:
        """As it was posted."""
        self.looked.append(seq)
        return None if seq in self.gone else self._seen(seq)

    def _seen(self, seq: int) -> Observation:
        told = decode(line(self.posted[seq]))
        return Observation(told, kind_of(told) or "", ThrowAway())


def community_of(active: Active) -> tuple[Community, Posts]:
    """A community without a past, and the posts it will look at again."""
    made, posts = Community(bytes(32), EMPTY), Posts()
    made.activate(active, {})
    made.campaigns.earlier = posts
    return made, posts


def judge(community: Community, posts: Posts, told: dict[str, Any], **more: Any) -> Verdict:
    """Judge one more post, as the next record."""
    seq = len(posts.posted) + 1
    posts.posted[seq] = told
    heard = decode(line(told))
    time = from_datetime(heard.time)
    seen = Observation(heard, kind_of(heard) or "", ThrowAway())
    return community.judge(seen, "", time, time, seq=seq, **more)


def members(verdict: Verdict) -> list[int]:
    """All members that something is done to."""
    return sorted({seq for target in verdict.targets for seq in target.seqs})


# --- the definition, by hand ----------------------------------------------------------------------


@dataclass
class ByHand:
    """Posts (seq, at, author, text, sites) in a list, and what was restricted."""

    posts: list[tuple[int, int, int, str, tuple[str, ...]]] = field(default_factory=list)
    held: set[int] = field(default_factory=set)

    def judge(self, how: str, post: tuple[int, int, int, str, tuple[str, ...]]) -> list[int]:
        """The members of a post's campaign, or none where no rule fires."""
        self.posts.append(post)
        seq, _, _, text, sites = post
        copies = self._near(post, lambda other: other[3] == text) if text != "hm" else []
        linked = {site: self._near(post, lambda other, s=site: s in other[4]) for site in sites}
        most = max((self._people(each) for each in linked.values()), default=0)
        linking = [o for each in linked.values() if self._people(each) == most for o in each]
        texts, links = self._people(copies) >= 2, most >= 3
        fires = (texts or links) if how == ANY else (texts and links)
        if not fires:
            return []
        by_text = {other[0] for other in copies} if texts else set()
        by_link = {other[0] for other in linking} if links else set()
        found = by_text | by_link if how == ANY else by_text & by_link
        found -= self.held | {seq}
        self.held |= found | {seq}
        return sorted(found)

    def _near(self, post: Any, same: Any) -> list[Any]:
        return [o for o in self.posts if same(o) and post[1] - 3600 < o[1] <= post[1]]

    @staticmethod
    def _people(posts: list[Any]) -> int:
        return len({each[2] for each in posts})


happenings = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 900, 1800, 3599, 3600]),  # seconds since the one before
        st.integers(1, 5),
        st.sampled_from(TEXTS),
        st.sampled_from([(), SITES[:1], SITES[1:], SITES]),
    ),
    max_size=25,
)


@pytest.mark.parametrize("how", [BOTH, ANY, ALL])
def test_members_are_those_of_the_definition(how: str) -> None:
    """Lines together, any of, all of; windows, the most linked site, and once only."""
    active = configured(rule_of(how))

    @given(happenings)
    @settings(deadline=None, max_examples=120)
    def run(history: list[tuple[int, int, str, tuple[str, ...]]]) -> None:
        (community, posts), by_hand, at = community_of(active), ByHand(), 0
        for number, (later, author, text, sites) in enumerate(history):
            at += later
            said = " ".join([text, *(f"http://{site}/x" for site in sites)])
            # sites beside it leave six words nearly the same text; of few words every one counts
            told = event(number, at, author={"id": f"p{author}"}, text=said)
            same = said if text == "hm" else text
            expected = by_hand.judge(how, (number + 1, at, author, same, sites))
            verdict = judge(community, posts, told)
            assert members(verdict) == expected

    run()


# --- one by one -----------------------------------------------------------------------------------


def copies(community: Community, posts: Posts, *authors: str, **more: Any) -> list[Verdict]:
    """The same text by some authors, a second apart, each answered."""
    start = len(posts.posted)
    return [
        judge(
            community,
            posts,
            event(start + n, start + n, author={"id": each}, text=TEXTS[0], **more),
        )
        for n, each in enumerate(authors)
    ]


def test_a_line_that_counts_from_above_makes_no_campaign() -> None:
    """That there are few copies is no reason to act on them, however it is said."""
    for few in ("text.repeats in last 1 hour < 9", "not text.repeats in last 1 hour >= 9"):
        rules = rule_of(few)
        rules["copies.rule"] = (
            rules["copies.rule"]
            .replace("text.repeat authors in last 1 hour  5", "text.repeats in last 1 hour  1")
            .replace("text.repeat authors in last 1 hour  1", "text.repeats in last 1 hour  9")
            .replace("\n  links.repeat authors in last 1 hour  5", "")
            .replace("\n  links.repeat authors in last 1 hour  1", "")
        )
        community, posts = community_of(configured(rules))
        verdicts = copies(community, posts, "a", "b", "c")
        assert [each.action for each in verdicts] == ["hold"] * 3
        assert [members(each) for each in verdicts] == [[], [], []]


@pytest.mark.parametrize(
    ("first", "accepted", "member"),
    [(30 * DAY, 20, False), (30 * DAY - 1, 20, True), (30 * DAY, 19, True)],
)
def test_who_is_established(first: int, accepted: int, member: bool) -> None:
    """30 days and 20 accepted posts, both, as of the record that is judged."""
    community, posts = community_of(configured(rule_of(TEXT)))
    copies(community, posts, "old")
    place = int(START.timestamp()) * 1_000_000 + 1_000_000
    token = ThrowAway().account("chat", "old")
    community.histories["", token] = Known(place - first, place, accepted)
    (verdict,) = copies(community, posts, "new")
    assert members(verdict) == ([1] if member else [])
    assert posts.looked == ([1] if member else [])  # and the text of nobody else is opened


def test_exceptions_are_asked_as_of_now() -> None:
    """An `unless` lets a member off by the list, and by what is known of it now; unknown too."""
    more = '\nunless\n  author in list "trusted helpers"\n  author.age > 1 day\n'
    rules = rule_of(TEXT.replace("2", "4"), more=more)
    newcomer = "author.first seen  1 day\n"
    aged = f"{newcomer}  author.age  1 day\n"
    rules["copies.rule"] = rules["copies.rule"].replace(newcomer, aged)
    community, posts = community_of(configured(rules))
    born = {"created": START.isoformat()}
    people: list[dict[str, str]] = [{"id": "helper", **born}, {"id": "who"}, {"id": "a", **born}]
    for number, author in enumerate(people):
        judge(community, posts, event(number, number, author=author, text=TEXTS[0]))
    verdict = judge(community, posts, event(4, 60, author={"id": "b", **born}, text=TEXTS[0]))
    assert members(verdict) == [3]


def test_a_member_is_left_out_where_its_platform_cannot() -> None:
    """What the record's platform can do and a member's cannot is not done there; it is told."""
    able = {"chat": {"hold": "exact"}, "forum": {"warn": "exact"}}
    community, posts = community_of(configured(rule_of(TEXT), capabilities=able))
    judge(community, posts, event(1, 1, source="forum/hall", author={"id": "a"}, text=TEXTS[0]))
    (verdict,) = copies(community, posts, "b")
    assert (verdict.action, members(verdict)) == ("hold", [])
    assert verdict.campaign.hindered == {0: "not on this platform"}
    assert "not on this platform" in [each.reason for each in verdict.asked]


def test_a_member_that_is_out_is_named_where_nothing_out_can_be_held() -> None:
    """By each rule that would have held it, with the condition by which it is one; it can be warned
    of all the same.
    """
    able = {"chat": {"hold": ONLY_BEFORE, "warn": "exact"}}
    community, posts = community_of(configured(rule_of(TEXT), capabilities=able))
    _, second, third = copies(community, posts, "a", "b", "c")
    for verdict in (second, third):
        assert (verdict.action, members(verdict)) == ("hold", [])
        assert (verdict.campaign.recorded(), verdict.campaign.hindered) == ({}, {})
    (out,) = second.campaign.out.values()
    assert {seq: each.shared for seq, each in out.items()} == {1: (TEXT,)}
    assert (third.campaign.out, posts.looked) == ({}, [1])  # it is not opened for every copy
    community.activate(configured(rule_of(TEXT), capabilities={"chat": {"hold": "exact"}}), {})
    assert members(judge(community, posts, event(4, 4, author={"id": "d"}, text=TEXTS[0]))) == [1]
    warned, posts = community_of(configured(rule_of(TEXT, "warn campaign"), capabilities=able))
    assert [members(each) for each in copies(warned, posts, "a", "b")] == [[], [1]]


def test_what_cannot_be_looked_at_is_left_out_and_counted() -> None:
    """Live it is no member; where a row says who was one, the row is gone by."""
    active = configured(rule_of(TEXT.replace("2", "3")))
    community, posts = community_of(active)
    posts.gone.add(1)
    live = copies(community, posts, "a", "b", "c")[-1]
    assert members(live) == [2]
    assert live.campaign.gone == 1
    assert live.campaign.recorded() == {0: [2]}
    again, posts = community_of(active)
    posts.gone.add(1)
    copies(again, posts, "a", "b")
    verdict = judge(
        again, posts, event(2, 2, author={"id": "c"}, text=TEXTS[0]), campaign={0: [1, 2]}
    )
    assert members(verdict) == [1, 2]
    assert verdict.campaign.recalled


def test_recorded_facts_go_by_the_recorded_members() -> None:
    """Judged from facts, members are those of the row, and of the rules that act now."""
    active = configured(rule_of(TEXT))
    community, posts = community_of(active)
    first, second = copies(community, posts, "a", "b")
    again, posts = community_of(active)
    copies(again, posts, "a")
    told = event(1, 1, author={"id": "b"}, text=TEXTS[0])
    verdict = judge(again, posts, told, recorded=dict(second.facts), campaign={0: [1]})
    assert verdict.digest == second.digest
    assert members(verdict) == [1]
    other, posts = community_of(active)
    copies(other, posts, "a")
    verdict = judge(other, posts, told, recorded=dict(second.facts), campaign={})
    assert members(verdict) == []
    assert verdict.digest != second.digest
    assert first.targets == ()


def test_the_digest_covers_the_members_by_seq() -> None:
    """Other members, another digest; a campaign without members has the digest of none."""
    active = configured(rule_of(TEXT))
    community, posts = community_of(active)
    _, second, third = copies(community, posts, "a", "b", "c")
    recorded = dict(second.facts)
    told = event(1, 1, author={"id": "b"}, text=TEXTS[0])
    digests = set()
    for named in ({}, {0: [1]}, {0: [1, 2]}, {0: [2]}):
        again, posts = community_of(active)
        digests.add(judge(again, posts, told, recorded=recorded, campaign=named).digest)
    assert len(digests) == 4
    assert third.targets == ()


def test_at_most_so_many_members_the_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a long campaign, those nearest to the record; no more are even looked at."""
    monkeypatch.setattr(campaigns, "MEMBERS_MAX", 3)
    active = configured(rule_of(TEXT.replace("2", "5")))
    community, posts = community_of(active)
    found = copies(community, posts, *"abcde")
    assert members(found[-1]) == [2, 3, 4]
    assert posts.looked == [4, 3, 2]


@pytest.mark.parametrize(
    ("action", "much"),
    [("warn", TOLD), ("hold", RESTRICTED), ("label", RESTRICTED), ("slow", 0), ("lock", 0)],
)
def test_how_much_an_action_does(action: str, much: int) -> None:
    """A warning tells, a restriction restricts, and what is done to a room is not about a post."""
    assert done(action) == much
    known = Campaigns()
    known.mark((1,), action)
    known.mark((1,), "warn")
    assert known.acted.get(1, 0) == max(much, TOLD)


def test_memory_is_let_go_of_where_it_is_much() -> None:
    """Beyond a number, what the store has anyway is asked again."""
    known = Campaigns(authors={1: 5}, acted={1: 2})
    known.trim(2)
    assert (known.authors, known.acted) == ({1: 5}, {1: 2})
    known.trim(1)
    assert (known.authors, known.acted) == ({}, {})


def test_of_an_empty_past_nobody_is_a_member() -> None:
    """Where nothing can be looked at again, every post is gone; the record is acted on all the
    same.
    """
    community, posts = community_of(configured(rule_of(TEXT)))
    community.campaigns.earlier = Nothing()
    verdict = copies(community, posts, "a", "b")[-1]
    assert (verdict.action, members(verdict), verdict.campaign.gone) == ("hold", [], 1)


def test_a_stale_record_has_no_campaign() -> None:
    """Without a place in time nothing is near it."""
    name, text = rule(
        "copies",
        "author.age < 9 days\n  any of\n    text.repeat authors in last 1 hour >= 2\n    links.any",
        'author.age  1 day\n  text "a.example"\n  text.repeat authors in last 1 hour  2',
        'author.age  1 day\n  text "a"\n  text.repeat authors in last 1 hour  1',
        clause="spam.repeats",
        then="hold campaign",
    )
    community, posts = community_of(configured({name: text}))
    young = {"created": (START - timedelta(days=1)).isoformat()}
    judge(community, posts, event(1, 5 * 86_400, text=LINK, author={"id": "a"}))
    stale = judge(community, posts, event(2, 0, text=LINK, author={"id": "b", **young}))
    assert (stale.place, stale.action, members(stale)) == (None, "hold", [])
    assert not stale.campaign.recalled
