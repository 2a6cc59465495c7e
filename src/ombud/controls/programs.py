"""Programs get keys to the doors and lose them; a platform gets another secret for its webhooks; a
room of it is moderated from now on, or no more.

None of it changes a verdict. It stands in the journal all the same, with the token of who did it:
what a program may do is as much the community's affair as what a person may. Of a key only a digest
is kept, beside the journal; the secret is in the key file alone. This module must never journal or
return either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from ombud import journal
from ombud.access import PlatformKey
from ombud.config import MatrixConnector
from ombud.controls import staff
from ombud.effects import Effect, Group, Hands
from ombud.errors import BadUse, catalogue
from ombud.journal import Control
from ombud.model import MATRIX_IN_ROOMS
from ombud.staff.people import ADMIN
from ombud.store.sqlite import Store

catalogue(
    U020=("There is already a key called {name}.", "Revoke it first, or take another name."),
    U452=(
        "In {room} {count} decisions are in force that nobody could undo any more: {actions}.",
        (
            "`ombud connect room in-force {name} '{room}'` shows them and `ombud decisions undo`"
            " takes them back, within moments; or say how many stay: --leave-in-force {count}."
        ),
    ),
    U021=("There is no key called {name} in use.", "`ombud connect list` shows them."),
)

LEFT_MAX = 100_000  # decisions in one room that are counted


def made(key: PlatformKey, digest: bytes, by: str | int = ADMIN) -> Control:
    """The control by which a program may use the doors, by the key with this digest."""
    return Control("access", {}, {"do": "key made", "key": key, "digest": digest, "by": by})


def revoked(name: str, by: str | int = ADMIN) -> Control:
    """The control by which a program may use the doors no more."""
    return Control("access", {}, {"do": "key revoked", "name": name, "by": by})


def signed(platform: str, secret: bytes, by: str | int = ADMIN) -> Control:
    """The control that replaces what webhooks to a platform are signed with."""
    return Control(
        "access", {}, {"do": "secret made", "name": platform, "secret": secret, "by": by}
    )


def roomed(
    platform: str, room: str, by: str | int = ADMIN, *, add: bool, leave: int | None = None
) -> Control:
    """The control that says of a room that it was added to those that are moderated, or taken out;
    which they are stands in the settings. `leave`: how many decisions at most may stay in force in
    one that is taken out; None: whatever is.
    """
    told = {"name": platform, "room": room, "by": by, "leave": leave}
    return Control("access", {}, {"do": "room added" if add else "room removed", **told})


def change(hands: Hands, tx: Group, control: Control) -> Effect:
    """Change who may use the doors. Raises BadUse U020, U021, U452, or as `staff.require`; then
    nothing has changed.
    """
    sealed, store = control.sealed, hands.store
    do = sealed["do"]
    staff.allowed(hands.community.staff, hands.keys, sealed["by"], "keys")
    name = sealed["key"].name if do == "key made" else sealed["name"]
    in_use = any(row[0] == name and row[4] is None for row in store.all("platform_keys"))
    if do == "key made" and in_use:
        raise BadUse("U020", "name", name=name)
    if do == "key revoked" and not in_use:
        raise BadUse("U021", "name", name=name)
    by = staff.require(hands.community, hands.keys, sealed["by"], "keys")
    payload: dict[str, Any] = {"do": do, "name": name, "by": by}
    if do == "key made":
        payload["grants"] = msgspec.to_builtins(sealed["key"])
        row = (name, sealed["digest"], journal.canonical_json(sealed["key"]), tx.recv)
        tx.later.append(lambda: store.run("add_key", row))
    elif do == "key revoked":
        tx.later.append(lambda: store.run("revoke_key", {"name": name, "now": tx.recv}))
    elif do == "secret made":
        hands.keys.keep(secret_name(name), sealed["secret"])
    else:
        payload["room"] = sealed["room"]
        if do == "room removed":
            left = _left(store, name, sealed["room"], sealed["leave"])
            payload |= {"left": left} if left else {}
    return Effect(payload, "config", {"outcome": do}, touched=1)


# --- what stands in a room ------------------------------------------------------------------------


class Standing(NamedTuple):
    """A decision that needs its room to be undone. `going`: it was undone or has ended, and the
    homeserver has not done so yet.
    """

    id: str
    time: int
    action: str
    clause: str
    until: int | None
    going: int


def in_force(store: Store, platform: str, room: str, limit: int = LEFT_MAX) -> list[Standing]:
    """What was done in a room and can be undone only while it is moderated, the oldest first."""
    wanted = {"platform": platform, "source": f"{platform}/{room}", "limit": limit}
    rows = store.all("left_in_room", wanted)
    return [Standing(*row[:6]) for row in rows]


def out_of_reach(store: Store, matrix: Mapping[str, MatrixConnector], decision: str) -> bool:
    """Whether a decision cannot be undone, since it was done in a room of a homeserver that is none
    of those that are moderated there.
    """
    row = store.one("place_of_decision", (decision,))
    if row is None or row[1] not in MATRIX_IN_ROOMS:
        return False
    platform, _, room = (row[0] or "").partition("/")
    told = matrix.get(platform)
    return told is not None and room.startswith("!") and room not in told.rooms


def _left(store: Store, platform: str, room: str, leave: int | None) -> dict[str, int]:
    """What stays in force there, by action. Raises BadUse U452 where that is more than may."""
    left = Counter(each.action for each in in_force(store, platform, room))
    if leave is not None and left.total() > leave:
        said = ", ".join(f"{action} ({count})" for action, count in sorted(left.items()))
        shown = {"room": room, "name": platform, "count": left.total(), "actions": said}
        raise BadUse("U452", "room", **shown)
    return dict(sorted(left.items()))


def secret_name(platform: str) -> str:
    """The name in the key file of what webhooks to a platform are signed with."""
    return f"webhook {platform}"
