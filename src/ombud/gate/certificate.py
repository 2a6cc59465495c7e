"""What a proven rule has: leave to act until an end, and an audit that can take it away.

Of what it does by itself some actions are drawn by the seed that was committed with the
certificate: 20 a week, or 2 % where that is more. They are labelled as blindly as the sample was. A
sequential test says when it is proved that the rule is below its level: then it is demoted. What is
drawn and never labelled counts against the rule, as far as people were to be asked about it. People
who undo what it did are held against it too.

This module must never let what a rule did be left out of what can be drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ombud.clock import DAY
from ombud.gate import evidence
from ombud.gate.licence import Kind, Licence
from ombud.gate.sample import LABELS_MIN, OTHERS_PERCENT, Counts, Item, Said, draw, item_id
from ombud.rules.vocabulary import HOLD_MAX

WEEK = 7 * DAY
NEVER = 1 << 62  # an instant that does not come
LASTS = 90 * DAY
RENEWED_AHEAD = DAY  # it is renewed before its end, so that there is no gap between
AUDITED_A_WEEK = 20  # actions, at least, of one certificate
AUDITED_SHARE = 20  # permille of the actions, at least
PATIENCE = 28 * DAY  # after which what was drawn counts against the rule
CAP_FACTOR = 4  # times the hits of a usual day: beyond that a person is paged
CAP_MIN = 20
_WHOLE = 1 << 64
ONE_LABELLER = "certificate by one labeller"  # how such a licence calls itself in public


@dataclass(slots=True)
class Audited:
    """An action that was drawn. `asked`: people are to be asked about it, whatever else waits."""

    item: Item
    drawn: int  # when
    chance: int  # 64 bits by which it was drawn: the smallest are asked about first
    asked: bool


@dataclass(slots=True)
class Certificate:
    """Leave to act for one version of one rule, under one version of its clause.

    `usual`: hits a week before it was granted, by which the first week's draws go.
    """

    id: str
    sample: str
    rule: str
    version: str
    clause: str
    clause_version: str
    level: int
    granted: int
    until: int
    cap: int
    usual: int
    seed: bytes
    labellers: tuple[int, ...]
    wanted: int
    clean_since: int = 0  # when its audit was last found clean, or it was granted
    ended: str = ""  # why
    told: bool = False  # whether a control has told that it is over
    acted: int = 0
    overturned: int = 0
    by_week: dict[int, int] = field(default_factory=dict)  # actions of this week and the last
    asked: int = 0  # actions drawn this week that people are to be asked about
    counted: Counts = field(default_factory=Counts)  # audited since it was granted
    period: Counts = field(default_factory=Counts)  # and since it was renewed
    open: dict[str, Audited] = field(default_factory=dict)  # drawn, not labelled yet
    others: dict[str, Item] = field(default_factory=dict)  # mixed in among them
    mixed: dict[int, int] = field(default_factory=dict)  # weeks in which others were mixed in
    seen: set[str] = field(default_factory=set)  # every item that was ever drawn

    @property
    def alone(self) -> bool:
        """Whether one person labelled what proved it."""
        return self.wanted < 2

    @property
    def licence(self) -> Licence:
        """What `gate.ask` goes by."""
        kind = ONE_LABELLER if self.alone else Kind.CERTIFICATE.value
        return Licence(
            f"{kind}:{self.id}",
            Kind.CERTIFICATE,
            self.clause,
            self.rule,
            self.version,
            hold=HOLD_MAX,
            cap=self.cap,
            level=self.level,
            until=self.until,
        )

    def holds(self, now: int) -> bool:
        """Whether it is in force at an instant."""
        return not self.ended and now < self.until

    # --- audit ------------------------------------------------------------------------------------

    def acts(self, seq: int, now: int, share: int) -> bool:
        """The rule did something to record `seq`; whether that was drawn. `share`: how many labels
        a week this certificate's audit can count on.
        """
        week = now // WEEK
        if week not in self.by_week:
            self._begin_week(week, now)
        self.acted += 1
        self.by_week[week] += 1
        before = self.usual if week == self.granted // WEEK else self.by_week.get(week - 1, 0)
        expected = max(before, self.by_week[week])  # actions this week: as many as last week
        wanted = max(AUDITED_A_WEEK, -(-expected * AUDITED_SHARE // 1000))
        chance, name = draw(self.seed, "audit", seq), item_id(self.seed, seq)
        if chance * expected >= wanted * _WHOLE or name in self.seen:
            return False
        asked = self.asked < share and chance * expected < min(wanted, share) * _WHOLE
        self.seen.add(name)
        self.asked += asked
        self.open[name] = Audited(Item(name, seq, hit=True), now, chance, asked)
        return True

    def _begin_week(self, week: int, now: int) -> None:
        """Nothing is asked of anybody yet; what was drawn beyond what could be asked is let go."""
        self.by_week = {at: count for at, count in self.by_week.items() if at == week - 1}
        self.by_week[week] = self.asked = 0
        for name, each in [*self.open.items()]:
            if not each.asked and now >= each.drawn + PATIENCE:
                del self.open[name]

    def mixes(self, now: int) -> int:
        """How many others to mix in now: once in a week in which something was drawn."""
        week = now // WEEK
        if week in self.mixed or not any(each.drawn // WEEK == week for each in self.open.values()):
            return 0
        return -(-AUDITED_A_WEEK * OTHERS_PERCENT // (100 - OTHERS_PERCENT))

    def mix(self, seqs: Sequence[int], now: int) -> None:
        """Mix in what the rule did not hit."""
        self.mixed[now // WEEK] = len(seqs)
        for seq in seqs:
            name = item_id(self.seed, seq)
            if name not in self.seen:
                self.seen.add(name)
                self.others[name] = Item(name, seq, hit=False)

    def label(self, name: str, by: int | None, said: Said | None) -> None:
        """Take in one answer about a drawn item; None: it is missing."""
        audited = self.open.get(name)
        item = self.others[name] if audited is None else audited.item
        if by is None or said is None:
            item.missing = True
        else:
            item.answers[by] = said
        if not item.complete(self.wanted):
            return
        if audited is None:
            del self.others[name]
        else:
            del self.open[name]
            self.counted.add(right=item.right)
            self.period.add(right=item.right)

    def upcoming(self, now: int) -> Iterator[Item]:
        """The drawn items that wait for a label, those first that people are to be asked about;
        others between them.
        """
        others = iter(list(self.others.values()))
        waiting = [each for each in self.open.values() if now < each.drawn + PATIENCE]
        for each in sorted(waiting, key=lambda one: (not one.asked, one.chance)):
            if each.chance % 100 < OTHERS_PERCENT * 100 // (100 - OTHERS_PERCENT):
                yield from (item for item in [next(others, None)] if item is not None)
            yield each.item

    def overdue(self, now: int) -> str | None:
        """An item that people were to be asked about, and that nobody has labelled in time."""
        for name, each in self.open.items():
            if each.asked and now >= each.drawn + PATIENCE:
                return name
        return None

    def first_overdue(self) -> int:
        """When the first of what people were to be asked about waits too long."""
        asked = [each.drawn for each in self.open.values() if each.asked]
        return min(asked) + PATIENCE if asked else NEVER

    def missing(self, seqs: frozenset[int], now: int) -> None:
        """What was erased before it was labelled counts against the rule."""
        for name, each in [*self.open.items()]:
            if each.item.seq in seqs and (each.asked or now < each.drawn + PATIENCE):
                self.label(name, None, None)
        for name, item in [*self.others.items()]:
            if item.seq in seqs:
                del self.others[name]

    def alarm(self) -> str:
        """Why it must be taken away at once, or nothing."""
        if evidence.alarms(self.counted.right, self.counted.labels, self.level):
            return "audit"
        if self.acted and evidence.share_exceeds(
            min(self.overturned, self.acted), self.acted, 1000 - self.level
        ):
            return "overturned"
        return ""

    @property
    def clean(self) -> bool:
        """Whether the audit of this period renews it."""
        return self.period.labels >= LABELS_MIN and self.period.permille >= self.level

    def renew(self, until: int, now: int) -> None:
        """90 days more, of which the audit must show anew that they are clean."""
        self.until, self.period, self.clean_since = until, Counts(), now
        self.acted = self.overturned = 0


def cap(hits: int, days: int) -> int:
    """How many actions a day a certificate covers, from the hits of so many days."""
    return max(CAP_MIN, CAP_FACTOR * math.ceil(hits / max(days, 1)))


def from_grant(payload: Mapping[str, Any], granted: int) -> Certificate:
    """The certificate of a granting control."""
    return Certificate(
        id=payload["certificate"],
        sample=payload["sample"],
        rule=payload["rule"],
        version=payload["version"],
        clause=payload["clause"],
        clause_version=payload["clause_version"],
        level=payload["level"],
        granted=granted,
        clean_since=granted,
        until=payload["until"],
        cap=payload["cap"],
        usual=payload["usual"],
        seed=bytes.fromhex(payload["seed"]),
        labellers=tuple(payload["labellers"]),
        wanted=payload["wanted"],
    )
