"""Somebody joins the people who run the community, gets other roles, is suspended, returns, goes.

The journal names people by their tokens and the public log by nothing but roles. What a change asks
is checked here, by the one writer: two first accounts at once are one account and one refusal. This
module must never leave a community in which nobody may change the staff.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ombud import journal
from ombud.effects import Effect, Group, Hands
from ombud.errors import BadUse, catalogue
from ombud.journal import Control
from ombud.review.case import APPEALS
from ombud.staff import people, roles
from ombud.staff.roles import Member, Members
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.verdicts.community import Community

catalogue(
    U200=(
        "Nobody called {name} is among the people who run this community.",
        "`ombud staff list` shows them; `ombud staff add` adds one.",
    ),
    U201=(
        "{name} may not do this.",
        "It is for these roles: {roles}. Who is suspended may do nothing.",
    ),
    U202=(
        "Somebody who runs this community is called {name}, or so that it looks the same.",
        "Take a name that can be told apart.",
    ),
    U203=(
        "After this nobody could change the staff any more.",
        "Give somebody else the role admin first.",
    ),
    U206=("{name} is {state} already.", "There is nothing more to do."),
    U250=(
        "{name} may not do this here: they may do it only {detail}.",
        "An admin says for which queues and actions somebody is there: `ombud staff roles`.",
    ),
    U207=(
        "The first account is there already.",
        "Have an admin add you: `ombud staff add`.",
    ),
    U459=(
        "This account is heard as somebody else of the staff, or this person by another account.",
        "Let go of the earlier one first: `ombud staff unbind`, or on one's own page.",
    ),
)

CHANGES = ("added", "roles", "suspended", "restored", "removed", "bound", "unbound")


def asked(what: str, who: str | int, by: str | int, **given: Any) -> Control:
    """The control that changes the staff. `who` and `by` are names or tokens; `given`: `roles`,
    `queues`, `actions` where they are to change, `first` where nobody may be there yet, `platform`
    and `account` by which somebody is heard.
    """
    if what not in CHANGES:
        raise ValueError(f"{what} is no change of staff")
    return Control("staff", {}, {"what": what, "who": who, "by": by, **given})


def change(hands: Hands, tx: Group, control: Control) -> Effect:
    """Change the staff. Raises BadUse U085, U200 to U207 and U459, and then nothing has changed."""
    wanted, members, keys = control.sealed, hands.community.staff, hands.keys
    what, first = wanted["what"], bool(wanted.get("first"))
    if first and members:
        raise BadUse("U207", "first")
    if not first:
        _may(hands, what, wanted)
    if what == "added":
        _free(members, keys, wanted["who"])
        who, before = people.person(keys, wanted["who"]), None
    else:
        who = found(members, keys, wanted["who"])
        before = members[who]
    after = _after(before, what, wanted, hands.community.active.settings.queues)
    payload: dict[str, Any] = {
        "what": what,
        "who": who,
        "by": who if first else acting(members, keys, wanted["by"]),
        "roles": list(after.roles),
        "queues": list(after.queues),
        "actions": list(after.actions),
    }
    if what == "bound":
        payload["chat"] = _chat(members, keys, who, wanted)
    if before is not None and not roles.rulers(roles.changed(members, payload)):
        raise BadUse("U203", "roles")
    if before is None and not members and not roles.may(after, "staff"):
        raise BadUse("U203", "roles")
    apply(hands.community, payload)
    tx.later.append(lambda: _let_go(hands, who))
    return Effect(payload, "staff", {"outcome": f"{what}: {', '.join(after.roles)}"}, touched=1)


def _may(hands: Hands, what: str, wanted: Mapping[str, Any]) -> None:
    """Raise BadUse where somebody may not change the staff so. By which account one is heard is for
    oneself to say, and nobody else: who the two are is proven by a code that its person asked for.
    """
    members, keys, by = hands.community.staff, hands.keys, wanted["by"]
    own = what in ("bound", "unbound") and acting(members, keys, by) == found(
        members, keys, wanted["who"]
    )
    if what == "bound" and not own:
        raise BadUse("U201", "by", name=_named(by), roles="the person themselves")
    if not own:
        require(hands.community, keys, by, "staff")


def _chat(members: Members, keys: KeyFile, who: int, wanted: Mapping[str, Any]) -> int:
    """The token of the account by which somebody is heard from now on. Raises BadUse U459."""
    chat = keys.account(str(wanted["platform"]), str(wanted["account"]))
    taken = any(each.chat == chat for each in members.values())
    if taken or members[who].chat is not None:
        raise BadUse("U459", "account")
    return chat


def _let_go(hands: Hands, who: int) -> None:
    """Cases that somebody has, or is to look at, and may not work on any more, wait for others."""
    member = hands.community.staff.get(who)
    for case, queue in hands.store.all("cases_of_person", {"who": who}):
        permission = "appeals" if queue == APPEALS else "cases"
        if not roles.may(member, permission, queue=queue):
            hands.store.run("let_case_go", {"who": who, "id": case})


def _after(
    before: Member | None, what: str, wanted: Mapping[str, Any], queues: Mapping[str, str]
) -> Member:
    """Somebody as they are after a change, or were before they went."""
    if before is None or what == "roles":
        said, some, acts = (wanted.get(each) or () for each in ("roles", "queues", "actions"))
        after = roles.checked(said, some, acts, queues)
        same = before and msgspec.structs.replace(before, suspended=False, chat=None)
        if same == after:
            raise BadUse("U206", "roles", name="This person", state="just that")
        return after
    if what == "unbound" and before.chat is None:
        raise BadUse("U206", "who", name="This person", state="bound to no account")
    if what in ("suspended", "restored") and before.suspended == (what == "suspended"):
        state = "suspended" if before.suspended else "not suspended"
        raise BadUse("U206", "who", name="This person", state=state)
    return before


def _free(members: Members, keys: KeyFile, name: str) -> None:
    """Raise BadUse where somebody is called so, or looks so, or where nobody may be called so."""
    if people.unnamed(name):
        raise people.nobody(name)
    mine = people.look(people.called(name))
    names = (people.name_of(keys, token) for token in members)
    if mine in [people.look(each) for each in names if each is not None]:
        raise BadUse("U202", "name", name=people.spelt(name))


def found(members: Members, keys: KeyFile, who: str | int) -> int:
    """The token of one of the people there are. Raises BadUse U085 or U200."""
    token = keys.known_account(people.STAFF, people.called(who)) if isinstance(who, str) else who
    if token is None or token not in members:
        name = people.spelt(who) if isinstance(who, str) else "this"
        raise BadUse("U200", "name", name=name)
    return token


def acting(members: Members, keys: KeyFile, by: str | int) -> int:
    """The token of who does something: a member where there are accounts; whoever gives no name is
    who has the data folder at hand.
    """
    if isinstance(by, str) and (not members or people.unnamed(by)):
        return people.person(keys, by)
    return found(members, keys, by)


def require(
    community: Community,
    keys: KeyFile,
    by: str | int,
    permission: str,
    *,
    queue: str | None = None,
    action: str | None = None,
) -> int:
    """The token of who does something, if they may: in a queue, by an action, where it is about
    one. Raises BadUse as `allowed`.
    """
    allowed(community.staff, keys, by, permission, queue=queue, action=action)
    return acting(community.staff, keys, by)


def allowed(
    members: Members,
    keys: KeyFile,
    by: str | int,
    permission: str,
    *,
    queue: str | None = None,
    action: str | None = None,
) -> None:
    """Raise BadUse U085, U200 or U201 where somebody may not do something, or U250 where they may
    do it elsewhere.

    Where there are no accounts, everybody at the command line may; and so may, at any time, whoever
    gives no name there: who has the folder has everything that is in it.
    """
    if isinstance(by, str) and (not members or people.unnamed(by)):
        return
    may(members[found(members, keys, by)], by, permission, queue=queue, action=action)


def may(
    one: Member,
    by: str | int,
    permission: str,
    *,
    queue: str | None = None,
    action: str | None = None,
) -> None:
    """Raise BadUse U201 where one of the staff, called `by`, may not do something, or U250 where
    they may do it elsewhere.
    """
    if not roles.may(one, permission):
        who_may = ", ".join(roles.who_may(permission))
        raise BadUse("U201", "by", name=_named(by), roles=who_may)
    if not roles.may(one, permission, queue=queue, action=action):
        raise BadUse("U250", "by", name=_named(by), detail=_only(one))


def _named(by: str | int) -> str:
    return people.spelt(by) if isinstance(by, str) else "Whoever asks"


def _only(member: Member) -> str:
    """To what somebody is narrowed, in words."""
    sides = (("in the queues", member.queues), ("by the actions", member.actions))
    return " and ".join(f"{words} {', '.join(given)}" for words, given in sides if given)


# --- live, replayed and recovered alike -----------------------------------------------------------


def apply(community: Community, payload: Mapping[str, Any]) -> None:
    """Let a recorded change take effect. Readers on other threads see it as a whole or not."""
    community.staff = roles.changed(community.staff, payload)


def restore(community: Community, store: Store) -> None:
    """Bring back the people there are, from all changes there were."""
    community.staff = members_of(store)


def members_of(store: Store) -> dict[int, Member]:
    """The people there are, as the journal tells it."""
    known: dict[int, Member] = {}
    for _, _, payload in store.all("controls", ("!staff",)):
        known = roles.changed(known, journal.read_json(payload))
    return known
