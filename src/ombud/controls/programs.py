"""Programs get keys to the doors and lose them; a platform gets another secret for its webhooks; a
room of it is moderated from now on, or no more.

None of it changes a verdict. It stands in the journal all the same, with the token of who did it:
what a program may do is as much the community's affair as what a person may. Of a key only a digest
is kept, beside the journal; the secret is in the key file alone. This module must never journal or
return either.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ombud import journal
from ombud.access import PlatformKey
from ombud.controls import staff
from ombud.effects import Effect, Group, Hands
from ombud.errors import BadUse, catalogue
from ombud.journal import Control
from ombud.staff.people import ADMIN

catalogue(
    U020=("There is already a key called {name}.", "Revoke it first, or take another name."),
    U021=("There is no key called {name} in use.", "`ombud connect list` shows them."),
)


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


def roomed(platform: str, room: str, by: str | int = ADMIN, *, add: bool) -> Control:
    """The control that says of a room that it was added to those that are moderated, or taken out;
    which they are stands in the settings.
    """
    do = "room added" if add else "room removed"
    return Control("access", {}, {"do": do, "name": platform, "room": room, "by": by})


def change(hands: Hands, tx: Group, control: Control) -> Effect:
    """Change who may use the doors. Raises BadUse U020, U021, or as `staff.require`; then nothing
    has changed.
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
    return Effect(payload, "config", {"outcome": do}, touched=1)


def secret_name(platform: str) -> str:
    """The name in the key file of what webhooks to a platform are signed with."""
    return f"webhook {platform}"
