"""A standing order is given from a case, or ended before its time.

Whoever gives it is a person; what it may do is bounded by what a person has decided about the very
campaign: more than a hold needs that nothing of it waits that is decided in bulk, and a second
person, who decided the campaign or gives the order. It ends by itself, and with any change of its
rule or clause. This module must never give an order about anything that is not a campaign, nor
about who writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ombud import decisions, gate, ids, journal
from ombud.controls import entitled, judged
from ombud.controls.review import observed
from ombud.effects import Effect, Group, Hands
from ombud.errors import BadUse, catalogue
from ombud.gate import standing_order
from ombud.gate.standing_order import StandingOrder
from ombud.journal import Control
from ombud.review import case as cases
from ombud.review import choices
from ombud.review.case import Case
from ombud.review.choices import Act
from ombud.store.sqlite import Row, Store
from ombud.verdicts.community import Community

catalogue(
    U300=("No standing order can be given from the case {case}: {why}.", "{hint}"),
    U301=("There is no standing order {order} in force.", "`ombud orders list` shows them."),
    U302=(
        "A standing order lasts at most {limit} hours.",
        "Name a time between 1 second and that; it can be given again.",
    ),
)

CONTROL = "standing_order"


def asked(
    case: str, by: str, action: str, length: int | None = None, *, fresh: object = None
) -> Control:
    """The control that gives an order from a case. Raises BadUse U302 for an impossible length."""
    if length is not None and not 0 < length <= standing_order.LONGEST:
        raise BadUse("U302", "--for", limit=standing_order.LONGEST // 3_600_000_000)
    sealed = {"case": case, "by": by, "action": action, "length": length, "fresh": fresh}
    sealed["order"] = ids.new_id("ord")
    return Control(CONTROL, {"begins": True}, sealed)


def ended(order: str, by: str) -> Control:
    """The control that ends one."""
    return Control(CONTROL, {"begins": False, "order": order}, {"by": by})


def change(hands: Hands, tx: Group, control: Control) -> Effect:
    """Give an order, or end it. Raises BadUse U220, U300, U301, and as `controls.entitled`."""
    given = _given(hands, tx, control) if control.payload["begins"] else _ended(hands, tx, control)
    payload, about, outcome = given
    apply(hands.community, payload)
    fields = {"clause": about.clause, "rule": about.rule, "action": about.action}
    return Effect(payload, "standing_order", {**fields, "outcome": outcome}, touched=1)


def _given(hands: Hands, tx: Group, control: Control) -> tuple[dict[str, Any], StandingOrder, str]:
    told = control.sealed
    case, by, action = cases.find(hands.store, str(told["case"])), str(told["by"]), told["action"]
    person = entitled.require(hands, by, "cases", queue=case.queue, actions=(action,))
    entitled.many(hands, by, case.queue, (action,), fresh=told.get("fresh"))
    active = hands.community.active
    _possible(hands, case, action, tx.recv)
    alone = False
    if action in standing_order.CONFIRMED:
        entitled.require_named(hands, by)
        alone = _alone(hands, case, action, person, tx.recv)
    assert case.cluster is not None  # `_possible` saw to it  # noqa: S101
    assert case.rule is not None  # noqa: S101
    length = told["length"] or standing_order.USUAL
    given = StandingOrder(
        str(told["order"]),
        case.id,
        case.rule,
        active.version_of(case.rule),
        case.clause,
        active.clause_version(case.clause),
        case.cluster,
        _rooms(hands, case),
        action,
        tx.recv + length,
    )
    payload = {"begins": True, "by": person, "at": tx.recv, "order": msgspec.to_builtins(given)}
    payload["alone"] = alone
    return payload, given, f"begun ({decisions.ALONE})" if alone else "begun"


def _ended(hands: Hands, tx: Group, control: Control) -> tuple[dict[str, Any], StandingOrder, str]:
    name, by = str(control.payload["order"]), str(control.sealed["by"])
    about = hands.community.orders.get(name)
    if about is None or about.until <= tx.recv:
        raise BadUse("U301", "order", order=name[:40])
    case = cases.find(hands.store, about.case)
    person = entitled.require(hands, by, "cases", queue=case.queue)
    return {"begins": False, "by": person, "at": tx.recv, "order": name}, about, "ended"


def _possible(hands: Hands, case: Case, action: str, now: int) -> None:
    """Raise BadUse U300 where such an order cannot be given from a case."""
    active = hands.community.active
    why, hint = "", "Decide the case itself."
    known = case.rule in active.names
    if action not in standing_order.ORDERABLE:
        why, hint = f"{action[:20]} is not among {', '.join(standing_order.ORDERABLE)}", "Say one."
    elif case.cluster is None or case.timeline:
        why = "it is about no campaign of nearly the same texts"
    elif not known or not active.acting[active.names.index(str(case.rule))]:
        why, hint = "its rule does not act any more", "`ombud rules list` shows which rules do."
    elif hindrance := choices.hindered(Act(action, "this", None, None), case.harm, "post", {}):
        why = hindrance
    elif action in standing_order.CONFIRMED and _waits(hands.store, case):
        why = "some of this campaign still waits to be decided"
        hint = "Decide the case first, all that are alike, or order a hold."
    elif action in standing_order.CONFIRMED and not _confirming(hands.store, case, action):
        why = f"nobody has decided to {action} this campaign"
        hint = "Decide the case first, or order a hold, which a person looks at after."
    elif sum(each.until > now for each in hands.community.orders.values()) >= (
        standing_order.IN_FORCE_MAX
    ):
        why, hint = f"{standing_order.IN_FORCE_MAX} are in force", "End one that is done with."
    if why:
        raise BadUse("U300", "case", case=case.id, why=why, hint=hint)


def _waits(store: Store, case: Case) -> bool:
    """Whether some of what is decided in bulk waits: in the case, or in one that was there when it
    was last judged, of the same texts under the same clause.
    """
    last = max((row[0] for row in store.all("reviews_of_case", (case.id,))), default=0)
    split = store.all("open_of_cluster", {"cluster": case.cluster, "clause": case.clause})
    left = [each for (other,) in split for each in cases.left(store, other)]
    return any(each.apart is None and (each.id == case.id or each.record < last) for each in left)


def _confirming(store: Store, case: Case, action: str) -> list[Row]:
    """The reviews of a case that upheld it with no less, and of which decisions about its texts by
    more than one author stand, or about all that it is about.
    """
    strength = gate.STRENGTH.index
    return [
        row
        for row in store.all("reviews_of_case", (case.id,))
        if row[11] is None and row[7] == "upheld" and row[8]
        if strength(row[8]) >= strength(action)
        if _stands(store, case, row)
    ]


def _stands(store: Store, case: Case, review: Row) -> bool:
    """Whether decisions of a review stand that are about enough of a campaign to be about all."""
    made = store.all("decisions_of_record", (review[0],))
    stand = [row for row in made if row[13] is None]
    alike = {row[5] for row in stand if _of_campaign(store, case, row[16])}
    whole = len(store.all("reviewed", (review[0],))) == len(cases.subjects(store, case.id))
    return len(alike) > 1 or (bool(alike) and whole and len(stand) == len(made))


def _of_campaign(store: Store, case: Case, record: int) -> bool:
    """Whether a record is of the texts that a case is about, and was not merged into it."""
    row = store.one("entries_of", (record,))
    return row is not None and case.cluster in journal.clusters(row[1])


def _alone(hands: Hands, case: Case, action: str, person: int, now: int) -> bool:
    """Whether whoever gives the order has decided the campaign by themselves too, since nobody
    else is there. Raises BadUse U300 where somebody is: an order reaches as many as come.
    """
    for row in _confirming(hands.store, case, action):
        if row[5] is not None or not judged.same_person(hands, row[3], person):
            return False
    if judged.others(hands, person, now, queue=case.queue, actions=(action,)):
        why = "only whoever asks for it has decided this campaign"
        hint = "Let somebody else give it, or order a hold, which a person looks at after."
        raise BadUse("U300", "case", case=case.id, why=why, hint=hint)
    return True


def behind(store: Store, licence: str | None, action: str) -> list[int | None]:
    """Who stands behind what a rule did under an order's licence: who gave it and, where it does
    more than hold, who decided the campaign. Tokens; nobody under any other licence.
    """
    kind, _, order = (licence or "").partition(":")
    given = store.one("order_given", (order,)) if kind == standing_order.PREFIX else None
    if given is None:
        return []
    payload = journal.read_json(given[0])
    people: list[int | None] = [payload["by"]]
    if action in standing_order.CONFIRMED:
        for row in store.all("reviews_of_case", (payload["order"]["case"],)):
            if row[11] is None and row[7] == "upheld":
                people += (row[3], row[5])
    return people


def _rooms(hands: Hands, case: Case) -> tuple[int, ...]:
    """The rooms in which the campaign was seen, the first ones first."""
    found: dict[int, None] = {}
    for each in cases.subjects(hands.store, case.id):
        alike = _of_campaign(hands.store, case, each.record)
        seen = observed(hands, each.record) if alike else None
        if seen is not None:
            found[seen.key("room") or 0] = None
    return tuple(found)[: standing_order.ROOMS_MAX]


def apply(community: Community, payload: Mapping[str, Any]) -> None:
    """Let a recorded order hold, or end it."""
    community.orders = standing_order.changed(community.orders, payload)


def restore(community: Community, store: Store) -> None:
    """Bring back the orders as the journal's controls left them."""
    for row in store.all("controls", (f"!{CONTROL}",)):
        apply(community, journal.read_json(row[2]))
