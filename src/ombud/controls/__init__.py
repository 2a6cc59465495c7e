"""What each control does, live: one module a control, and `carry_out` that finds it.

    config     a configuration is activated
    reversal   decisions are undone, restrictions reach their end
    deadline   a check was answered by its hook's choice
    erasure    everything of one account goes
    programs   programs get keys to the doors and lose them
    lists      entries are added to a list, taken out, quarantined
    followed   they come and go as somebody else publishes them
    state      somebody is on duty, it is an emergency, and both until when
    standing_order  a person orders what is done to a campaign, also to what is still to come
    standing   a rule on watch is renewed, a rule's version is approved
    entitled   whether somebody may do what cases and appeals ask for, and as which role
    confirming  somebody says that the machine's clock is right
    demand     what an authority, a court or a lawyer demanded is entered and answered
    lookup     somebody looks up a member, a post, a room or a server
    incident   or has the file of an incident: of which cases and hours, and whether they may
    staff      somebody joins the staff, gets other roles, is suspended, comes back, goes
    labels     a rule's hits are put before people, who label them
    certificates  its licence is granted, audited, taken away
    heard      what somebody said in a moderators' room is heard once, and answered once
    reopening  what it did by itself comes before people again
    review     a person judges a case
    irreversible  who looks again at what cannot be taken back, and by when
    outcome    a person decides appeals
    restoring  a review is undone before anything of it went out

A control is an input: the live engine carries it out once and writes its payload into the journal;
replay reads that payload and applies it, and never works it out again. A control is a group of its
own, so that what it looks up in the store is all there is. Nothing in here may ever decide on an
event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ombud.controls import (
    certificates,
    config,
    confirming,
    deadline,
    demand,
    erasure,
    heard,
    labels,
    lists,
    lookup,
    outcome,
    programs,
    restoring,
    reversal,
    review,
    staff,
    standing,
    standing_order,
    state,
)
from ombud.effects import Effect, Hands
from ombud.errors import BadData, BadUse, OmbudError, catalogue
from ombud.journal import Control

catalogue(
    D007=(
        "Another writer has taken over this community.",
        "Stop one of them: one community has one writer.",
    ),
    U088=(
        "This cannot be journalled as done by {by}.",
        "Say by which role it is done: {roles}. No name stands in the journal.",
    ),
)


# refused alone, having changed nothing
REFUSABLE = frozenset(
    {"review", "outcome", "undo", "access", "lookup", "demand", "clock", *state.STATES}
)
# by whom a payload may say that it was done; people are tokens there
ROLES = ("admin", "rule", "list")


def carry_out(hands: Hands, tx: Any, control: Control) -> Effect:
    """Carry a control out, live. Raises BadUse U088 where its payload would tell a name."""
    by = control.payload.get("by", ROLES[0])
    if by not in ROLES:
        raise BadUse("U088", "by", by=repr(by), roles=", ".join(ROLES))
    heard.require_new(hands, control.sealed.get("heard"))
    effect = heard.by_chat(hands, tx, control, _CARRIED_OUT[control.type](hands, tx, control))
    if control.type in REFUSABLE:
        hands.community.register.apply(control.type, tx.seq, tx.recv, effect.payload)
    return effect


def fenced() -> OmbudError:
    """The error for a writer that has been replaced."""
    return BadData("D007", "head")


def _undo(hands: Hands, tx: Any, control: Control) -> Effect:
    """A judgement of a case is undone within its seconds, or decisions are, whenever."""
    return (restoring.undo if "case" in control.sealed else reversal.undo)(hands, tx, control)


_CARRIED_OUT: Mapping[str, Callable[[Hands, Any, Control], Effect]] = {
    "config": config.activate,
    "deadline": deadline.deadline,
    "undo": _undo,
    "review": review.review,
    "outcome": outcome.outcome,
    "ended": reversal.end,
    "erasure": erasure.erase,
    "access": programs.change,
    "list": lists.change,
    **dict.fromkeys(state.STATES, state.change),
    "standing_order": standing_order.change,
    "renewal": standing.renew,
    "approval": standing.approve,
    "lookup": lookup.look_up,
    "clock": confirming.confirm,
    "demand": demand.demand,
    "staff": staff.change,
    "population": labels.begin,
    "draw": certificates.draw,
    "label": labels.label,
    "labelling": labels.stop,
    "certificate": certificates.certify,
    "demotion": certificates.demote,
}
