"""Of all that the fired rules propose: what is done to whom, and what a person is asked.

Licences and caps, of several actions on one subject the strongest, labels and warnings beside it.
The judged post is one subject, each earlier member of its campaign another. This module must never
let an action through that `gate` has not permitted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ombud import gate
from ombud.activation.active import Active, Proposal
from ombud.clock import DAY
from ombud.gate import Answer, Licence
from ombud.gate.standing_order import StandingOrder
from ombud.verdicts.campaigns import Found, Occasion, Wanted
from ombud.verdicts.rooms import ACTIONS_ON_ROOMS

ADDED = ("label", "warn")
REVIEWED = ("hold", "require approval", "slow")  # what a person looks at afterwards
HIDING = ("limit", "remove")  # what is more than to hold
LASTING = ("mark sensitive", "remove")  # what has no end of its own
LABELLED = 30 * DAY  # how long a label lasts where the rule does not say

Permit = tuple[Proposal, Licence | None]
Uses = dict[tuple[str, str, int], int]  # (timeline, licence, day) -> how often it was used


@dataclass(frozen=True, slots=True)
class Chosen:
    """One action that is done, on one subject, with the licence that covers it."""

    action: str
    target: str  # "this", "campaign", "author", "room"
    clause: str
    rules: tuple[int, ...]  # indices into the plan; the first one weighed most
    licence: str | None
    duration: int | None
    text: str | None = None
    over_cap: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """One action that is done to earlier members of a campaign, to each of them by itself."""

    chosen: Chosen
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Something a person must look at, and why a rule did not or may not settle it."""

    rule: int
    clause: str
    queue: str
    urgent: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What is done about the record, what about the members of its campaign, what is asked."""

    chosen: tuple[Chosen, ...] = ()
    targets: tuple[Target, ...] = ()
    asked: tuple[Asked, ...] = ()
    campaign: Found = field(default_factory=Found)
    lasting: tuple[str, ...] = ()  # actions on its room that a rule asked for before, and that last


Ordered = Mapping[int, StandingOrder]  # rule -> the order that reaches what is judged


def choose(
    active: Active,
    fired: tuple[int, ...],
    now: Occasion,
    used: Uses,
    find: Callable[[Wanted], Found],
    ordered: Ordered = MappingProxyType({}),
    lasts: Callable[[str], bool] = lambda _: False,
) -> Choice:
    """What is done; `used` counts on, `find` says who the members of a campaign are, `ordered`
    which rules found what a person has given a standing order about, `lasts` whether an action
    still lasts in the room of what is judged: it is not done again, and counts against no cap.
    """
    permitted: dict[str, list[Permit]] = {}
    campaign: dict[int, list[Permit]] = {}
    asked: list[Asked] = []
    for rule in fired:
        if not active.acts(rule, now.time):
            continue
        order = ordered.get(rule)
        if order is not None:
            asked += _follow(active, rule, order, now, permitted)
        for proposal in active.proposals[rule]:
            answer = _permission(active, proposal, now.recv)
            if order is not None and _in_order(order, proposal, answer):
                continue
            hindrance = active.hindrance(now.platform, proposal.action)
            if isinstance(answer, Answer):
                asked.append(_ask(proposal, answer.value))
            elif hindrance and proposal.action != "alert":
                asked.append(_ask(proposal, hindrance))
            elif proposal.action == "alert":
                asked.append(_ask(proposal, "alert"))
            elif active.campaigns and proposal.target == "campaign":
                permitted.setdefault("this", []).append((proposal, answer))
                campaign.setdefault(rule, []).append((proposal, answer))
            else:
                permitted.setdefault(proposal.target, []).append((proposal, answer))
    parts = [part for proposals in permitted.values() for part in _parts(proposals)]
    lasting = {action for action in map(_on_room, parts) if action and lasts(action)}
    chosen = tuple(
        _strongest(active, part, now, used, 1) for part in parts if _on_room(part) not in lasting
    )
    found = Found()
    if campaign:
        found = find({rule: tuple(each for each, _ in part) for rule, part in campaign.items()})
    targets = tuple(_targets(active, campaign, found, now, used))
    asked += _paged(active, (*chosen, *(target.chosen for target in targets)))
    asked += [_ask(campaign[rule][0][0], why) for rule, why in found.hindered.items()]
    return Choice(chosen, targets, tuple(asked), found, tuple(sorted(lasting)))


def _follow(
    active: Active,
    rule: int,
    order: StandingOrder,
    now: Occasion,
    permitted: dict[str, list[Permit]],
) -> list[Asked]:
    """Let what is ordered be done where the gate and the platform allow it; else a person is asked,
    as without the order.
    """
    proposal = Proposal(rule, order.action, "this", order.clause, None, False, None, None)
    answer = _allowed(active, proposal, (order.licence,), now.recv)
    hindrance = active.hindrance(now.platform, order.action)
    if isinstance(answer, Answer):
        return [_ask(proposal, answer.value)]
    if hindrance:
        return [_ask(proposal, hindrance)]
    permitted.setdefault("this", []).append((proposal, answer))
    return []


def _in_order(order: StandingOrder, proposal: Proposal, answer: Licence | Answer | None) -> bool:
    """Whether a person would be asked for no more than they have ordered already."""
    strength = gate.STRENGTH.index
    return answer is Answer.NO_LICENCE and strength(proposal.action) <= strength(order.action)


def _permission(active: Active, proposal: Proposal, now: int) -> Licence | Answer | None:
    """What the gate says. A rule that reads of fact-checks has no licence for anything, whatever
    the compiler of another program let it ask for: a match is a question to a person.
    """
    return _allowed(active, proposal, active.licences, now)


def _allowed(
    active: Active, proposal: Proposal, licences: Iterable[Licence], now: int
) -> Licence | Answer | None:
    if proposal.rule in active.asking and proposal.action != "alert":
        return Answer.NEVER
    return gate.ask(
        licences,
        action=proposal.action,
        duration=proposal.duration,
        clause=proposal.clause,
        rule=active.names[proposal.rule],
        version=active.versions[proposal.rule],
        now=now,
    )


def _targets(
    active: Active, campaign: dict[int, list[Permit]], found: Found, now: Occasion, used: Uses
) -> Iterable[Target]:
    """What is done to the members: the same to those that the same rules concern."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for seq in sorted({seq for shared in found.members.values() for seq in shared}):
        rules = tuple(rule for rule in campaign if seq in found.members[rule])
        groups.setdefault(rules, []).append(seq)
    for rules, seqs in groups.items():
        for part in _parts([permit for rule in rules for permit in campaign[rule]]):
            yield Target(_strongest(active, part, now, used, len(seqs)), tuple(seqs))


def _strongest(
    active: Active, proposals: list[Permit], now: Occasion, used: Uses, subjects: int
) -> Chosen:
    """The strongest permitted action on each of some subjects. At a cap, of a licence or of an
    entry that the rule asks for, what hides a post becomes a hold where the platform can hold;
    anything else stays; and a person is paged. What is not at an entry's cap goes before what is.
    """
    best, licence = max(proposals, key=lambda each: _strength(active, each))
    over_cap = _capped(active, (best, licence))
    action, duration = best.action, best.duration
    if licence is not None:
        if duration is None and action not in LASTING:
            duration = LABELLED if action == "label" else gate.usual_hold(licence)
        use = (now.timeline, licence.id, now.recv // DAY)
        used[use] = used.get(use, 0) + subjects
        over_cap = over_cap or (licence.cap is not None and used[use] > licence.cap)
        posts = best.target in ("this", "campaign")
        if over_cap and action in HIDING and posts and not active.hindrance(now.platform, "hold"):
            action, duration = "hold", gate.usual_hold(licence)
    rules = [best.rule, *(other.rule for other, _ in proposals if other.rule != best.rule)]
    return Chosen(
        action=action,
        target=best.target,
        clause=best.clause,
        rules=tuple(dict.fromkeys(rules)),
        licence=None if licence is None else licence.id,
        duration=None if action in gate.FREE else duration,
        text=best.text if action == best.action else None,
        over_cap=over_cap,
    )


def _capped(active: Active, permit: Permit) -> bool:
    """Whether an entry over its cap stands against a rule; not against what a person ordered."""
    proposal, licence = permit
    ordered = licence is not None and licence.kind is gate.Kind.STANDING_ORDER
    return proposal.action not in gate.FREE and not ordered and active.capped(proposal.rule)


def _strength(active: Active, permit: Permit) -> tuple[int, bool]:
    """Which of several actions is done: of what hides, at an entry's cap only a hold is left."""
    action, capped = permit[0].action, _capped(active, permit)
    return gate.STRENGTH.index("hold" if capped and action in HIDING else action), not capped


def _best(proposals: list[Permit]) -> Permit:
    return max(proposals, key=lambda each: gate.STRENGTH.index(each[0].action))


def _on_room(proposals: list[Permit]) -> str | None:
    """What is proposed for a room; None where it is proposed for anything else."""
    action = _best(proposals)[0].action
    return action if action in ACTIONS_ON_ROOMS else None


def _parts(proposals: list[Permit]) -> list[list[Permit]]:
    """What is proposed for one subject: of all but labels and warnings the strongest is done, and
    labels and warnings are done beside it.
    """
    found = [[each for each in proposals if each[0].action not in ADDED]]
    found += [[each for each in proposals if each[0].action == action] for action in ADDED]
    return [part for part in found if part]


def _paged(active: Active, chosen: Iterable[Chosen]) -> list[Asked]:
    """One case for what a rule holds, however many members its campaign has; over the cap, that is
    its reason.
    """
    held: dict[tuple[int, str], list[Chosen]] = {}
    for each in chosen:
        if each.action in REVIEWED or each.over_cap:
            held.setdefault((each.rules[0], each.action), []).append(each)
    return [
        _ask(
            _proposal(active, parts[0]),
            "over cap" if any(each.over_cap for each in parts) else action,
        )
        for (_, action), parts in held.items()
    ]


def _proposal(active: Active, chosen: Chosen) -> Proposal:
    """What a rule asked for; past a cap it may have got a hold instead, and under a standing order
    it need not have asked for this.
    """
    proposals = active.proposals[chosen.rules[0]]
    return next(
        (
            proposal
            for proposal in proposals
            if proposal.target == chosen.target
            and (
                proposal.action == chosen.action or (chosen.over_cap and proposal.action in HIDING)
            )
        ),
        proposals[0],
    )


def _ask(proposal: Proposal, reason: str) -> Asked:
    return Asked(
        proposal.rule, proposal.clause, proposal.queue or "review", proposal.urgent, reason
    )
