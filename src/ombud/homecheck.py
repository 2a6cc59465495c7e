"""Whether everything is there by which a Matrix homeserver that is connected is read and acted on.

With the token of an admin, who is the one to say so, the account is given what it lacks. Without
one this module must never change a room or an account beyond making the one that acts and joining
with it; and it must never keep or tell that token, nor say that something is there which the
homeserver did not show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ombud import config, egress
from ombud.config import SETTINGS_FILE, MatrixConnector
from ombud.connectors import matrix_chat, matrix_power, matrix_scope
from ombud.connectors.matrix_chat import MESSAGE, REACTION
from ombud.connectors.matrix_client import (
    ADMIN,
    CLIENT,
    CLIENT_V1,
    UNKNOWN_TOKENS,
    Client,
    Said,
)
from ombud.connectors.matrix_policies import MODERATORS, USER
from ombud.connectors.matrix_power import POWER
from ombud.controls import programs
from ombud.errors import BadUse, OmbudError, catalogue
from ombud.store.keyfile import KeyFile

catalogue(
    U469=(
        "The room {room} is encrypted: nothing of it is asked about or read.",
        "Take it out (`ombud connect room remove {name} ROOM`), and watch one that is not.",
    ),
    U508=(
        "Fewer than three people share the room {room} by invitation: nothing of it is read.",
        "Wait until more have come, or take it out: `ombud connect room remove {name} ROOM`.",
    ),
    U510=(
        "Nothing is asked before publication: {detail}.",
        (
            "Install the module into Synapse, take {name}-module.yaml over into homeserver.yaml,"
            " restart Synapse, and run `ombud serve`."
        ),
    ),
    U511=(
        "The room {room} was replaced by {there}, which nobody moderates.",
        "Look at that room; `ombud connect room add {name} '{there}'` has it moderated, too.",
    ),
    U499=(
        "The room {room} was replaced, and it is not said plainly by which one.",
        "Ask whoever moderates it; `ombud connect room add {name} ROOM` has that one moderated.",
    ),
    U509=(
        "What kind of room {room} is cannot be known ({detail}): nothing of it is read.",
        "Let Ombud's account into it, and check again.",
    ),
    U470=(
        "The homeserver sends no server notices ({detail}): people are only invited to be told.",
        "Set server_notices in homeserver.yaml, as the how-to shows, and restart Synapse.",
    ),
    U471=(
        "The homeserver does not reach Ombud: it answered {detail}.",
        "Run `ombud serve`, and look at url in {name}-appservice.yaml.",
    ),
    U472=(
        "The homeserver does not take the admin's token: it answered {detail}.",
        "Give the access token of an admin of the homeserver, from a file or standard input (-).",
    ),
    U479=(
        "The homeserver calls the account {found}, and ombud.toml {account}.",
        "Mend server and sender in ombud.toml, then run `ombud connect reload`.",
    ),
)

MODULE, STAFF = "module", "staff"
TIMES = 60  # how much longer than one request a whole check may take


class Finding(NamedTuple):
    """One thing that was looked at: what it is, and what lacks, if anything. `there`: the room that
    took the place of one, where nobody moderates it yet. `about`: a room, MODULE or STAFF.
    """

    what: str
    lack: OmbudError | None = None
    there: str = ""
    about: str = ""

    @property
    def code(self) -> str:
        """The code of what lacks; empty: nothing."""
        return "" if self.lack is None else self.lack.code

    def as_json(self) -> dict[str, str] | None:
        """What lacks in the one shape of an error; None: nothing."""
        return None if self.lack is None else self.lack.as_json()


def connected(
    matrix: Mapping[str, MatrixConnector], keys: KeyFile, name: str
) -> tuple[MatrixConnector, str]:
    """A homeserver's section of the settings, and the token of Ombud's account there. Raises BadUse
    U486.
    """
    try:
        return matrix[name], keys.key(programs.secret_name(name)).hex()
    except LookupError:
        raise BadUse("U486", "name", name=name[:100]) from None


def check(
    folder: Path,
    keys: KeyFile,
    name: str,
    resolve: egress.Resolve = egress.system_resolver,
    admin: str = "",
) -> list[Finding]:
    """Look whether a homeserver that is connected can be read and acted on, thing by thing. `admin`
    is the access token of somebody who may give the account what it lacks, where they do.

    The account that acts is made where it is not there, and joins rooms that it may. Raises BadUse
    U486.
    """
    matrix = config.parse_settings(config.read_file(folder / SETTINGS_FILE)).matrix
    settings, token = connected(matrix, keys, name)
    client = Client(settings, token, name=name, resolve=resolve)
    giver = Client(settings, admin, name=name, resolve=resolve) if admin else None
    try:
        giving = None if giver is None else giver.for_a_call(TIMES)
        return list(_Checking(client.for_a_call(TIMES), settings, name, giving).findings())
    finally:
        client.close()
        if giver is not None:
            giver.close()


def look(
    settings: MatrixConnector,
    keys: KeyFile,
    name: str,
    resolve: egress.Resolve = egress.system_resolver,
    ended: Callable[[], bool] = lambda: False,
) -> list[Finding]:
    """The same, which only looks: no account is made, no room joined, nothing sent. Nothing is
    asked any more once it has `ended`. Raises BadUse U486 without its secret.
    """
    _, token = connected({name: settings}, keys, name)
    with closing(Client(settings, token, name=name, resolve=resolve)) as client:
        asking = client.for_a_call(TIMES, ended)
        return list(_Checking(asking, settings, name, None, looks=True).findings())


class _Checking:
    """One look at a homeserver. With `looks` it changes nothing there."""

    def __init__(
        self,
        client: Client,
        settings: MatrixConnector,
        name: str,
        giver: Client | None,
        *,
        looks: bool = False,
    ) -> None:
        self._looks = looks
        self._client = client
        self._giver = giver
        self._settings = settings
        self._name = name

    def findings(self) -> Iterator[Finding]:
        """Everything in order; what cannot be there without the one before is not asked."""
        for first in (self._reached, self._known):
            found = first()
            yield found
            if found.lack is not None:
                return
        if self._giver is not None:
            yield self._given(self._giver)
        yield self._admin()
        for room in self._settings.rooms:
            yield from (each._replace(about=room) for each in self._room(room))
        if self._settings.staff_room:
            staff = self._moderators(self._settings.staff_room)
            yield from (each._replace(about=STAFF) for each in staff)
        for listed, room in self._settings.policies.follow.items():
            yield self._joined(room, f"the policy list {listed}")
        if self._settings.policies.publish:
            yield self._own_list(self._settings.policies.publish)
        yield self._asks()._replace(about=MODULE)
        if not self._looks:
            yield self._notices()
        yield self._back()

    def _reached(self) -> Finding:
        what = f"the homeserver at {self._settings.url}"
        said = self._client.ask("GET", "/_matrix/client/versions")
        if said.good or said.code in UNKNOWN_TOKENS:
            return Finding(what)
        return Finding(what, self._away(said))

    def _known(self) -> Finding:
        what = f"the application service, as {self._settings.account}"
        asked = {
            "type": "m.login.application_service",
            "username": self._settings.sender,
            "inhibit_login": True,
        }
        if not self._looks:
            self._client.ask("POST", f"{CLIENT}/register", content=asked)  # else it is there
        who = self._client.ask("GET", f"{CLIENT}/account/whoami")
        if not who.good:
            return Finding(what, BadUse("U474", "as_token"))
        found = str(who.body.get("user_id"))
        if found != self._settings.account:
            shown = {"found": found[:100], "account": self._settings.account}
            return Finding(what, BadUse("U479", f"matrix.{self._name}.server", **shown))
        return Finding(what)

    def _given(self, giver: Client) -> Finding:
        """The account is made an admin by one; in its rooms it gets the power that one of the
        homeserver's own people has there, and an invitation where nobody comes in without.
        """
        account, what = self._settings.account, "the admin's token"
        path = f"{ADMIN}/v2/users/{{}}"
        said = giver.ask("PUT", path, account, content={"admin": True})
        if not said.good:
            return Finding(what, BadUse("U472", "--admin-token-file", detail=_short(said)))
        for room in self._settings.rooms:
            lack = matrix_power.lacking(self._client, self._settings, room)
            if isinstance(lack, OmbudError):
                path = f"{ADMIN}/v1/rooms/{{}}/make_room_admin"
                giver.ask("POST", path, room, content={"user_id": account})
        return Finding(what)

    def _admin(self) -> Finding:
        what = f"{self._settings.account} is an admin of the homeserver"
        return Finding(what, self._lack(matrix_power.lacking(self._client, self._settings)))

    def _room(self, room: str) -> Iterator[Finding]:
        joined = self._joined(room, room)
        yield joined
        if joined.lack is not None:
            return
        lack = matrix_power.powerless(self._client, self._settings, room)
        yield Finding(f"{room}: power level {POWER}", self._lack(lack))
        yield self._readable(room)
        there = matrix_scope.successor(self._client, room)
        if isinstance(there, str):
            yield self._replaced(room, there)

    def _replaced(self, room: str, there: str) -> Finding:
        """A room that was upgraded: whether the one in its place is moderated, too."""
        if there in self._settings.rooms:
            return Finding(f"{room}: replaced by {there}, which is moderated")
        shown = {"room": room, "there": there, "name": self._name}
        lack = BadUse("U511" if there else "U499", "rooms", **shown)
        return Finding(f"{room}: not replaced", lack, there)

    def _readable(self, room: str) -> Finding:
        """Whether anything of a room is asked about or read, though it is named."""
        what, found = f"{room}: readable", matrix_scope.look(self._client, self._settings, room)
        if isinstance(found, matrix_scope.Room):
            if found.readable:
                return Finding(what)
            code = "U469" if found.encrypted else "U508"
            return Finding(what, BadUse(code, "rooms", room=room, name=self._name))
        detail = "it is not told" if found is None else _short(found)
        return Finding(what, BadUse("U509", "rooms", room=room, detail=detail))

    def _moderators(self, room: str) -> Iterator[Finding]:
        """The moderators' room: joined, for those who are invited, and readable for Ombud."""
        joined = self._joined(room, "the moderators' room")
        yield joined
        if joined.lack is not None:
            return
        found = list(matrix_chat.lacking(lambda type_: self._client.state(room, type_)))
        for code, trouble in found:
            lack = BadUse("U478", "staff_room", url=self._settings.url, detail=trouble)
            yield Finding("the moderators' room", BadUse(code, "staff_room") if code else lack)
        if not found:
            yield Finding("the moderators' room: for those who are invited, and readable")
        power = self._lack(self._may(room, (MESSAGE, REACTION), "events_default", 0))
        yield Finding("the moderators' room: power to write", power)

    def _asks(self) -> Finding:
        """Whether the module is there, for these rooms, and reaches Ombud."""
        what = "the module, which asks before publication"
        said = self._client.ask("GET", "/_synapse/client/ombud")
        modules = said.body.get("modules")
        if not said.good or not isinstance(modules, list):
            return Finding(what, self._unasked(f"Synapse shows no module ({_short(said)})"))
        mine = [each for each in modules if each.get("platform") == self._name]
        named = {str(room) for each in mine for room in each["rooms"]}
        missing = [each for each in self._settings.rooms if each not in named]
        trouble = "".join(str(each["trouble"])[:100] for each in mine)
        if trouble:
            return Finding(what, self._unasked(f"Ombud does not answer the module ({trouble})"))
        if missing:
            return Finding(what, self._unasked(f"the module does not name {missing[0]}"))
        return Finding(what)

    def _unasked(self, detail: str) -> BadUse:
        return BadUse("U510", "modules", detail=detail, name=self._name)

    def _joined(self, room: str, called: str) -> Finding:
        lack = matrix_power.absent(self._client, self._settings, room)
        if lack is not None and not self._looks:
            via = {"via": self._settings.policies.via} if self._settings.policies.via else None
            path = f"{CLIENT}/join/{{}}"
            said = self._client.ask("POST", path, room, content={}, query=via)
            lack = None if said.good else lack
        return Finding(f"{called}: joined", self._lack(lack))

    def _own_list(self, room: str) -> Finding:
        """Whether the account may write into the room of one's own list."""
        found = self._joined(room, "the policy list of your own")
        if found.lack is not None:
            return found
        return Finding(
            found.what, self._lack(self._may(room, (USER,), "state_default", MODERATORS))
        )

    def _may(
        self, room: str, types: tuple[str, ...], otherwise: str, usual: int
    ) -> OmbudError | Said | None:
        """What lacks for the account to send events of some types into a room; None: nothing."""
        levels = self._client.state(room, "m.room.power_levels").body
        named = levels.get("events")
        named = named if isinstance(named, dict) else {}
        asked = [named.get(each, levels.get(otherwise, usual)) for each in types]
        needed = max(each if isinstance(each, int) else POWER for each in asked)
        return matrix_power.powerless(self._client, self._settings, room, needed)

    def _notices(self) -> Finding:
        """A notice to its own account, once: whether the homeserver sends any."""
        content = {
            "user_id": self._settings.account,
            "content": {"msgtype": "m.notice", "body": "Ombud: notices arrive."},
        }
        path = f"{ADMIN}/v1/send_server_notice/{{}}"
        said = self._client.ask("PUT", path, f"ombud-{self._name}-check", content=content)
        lack = None if said.good else BadUse("U470", "server_notices", detail=_short(said))
        return Finding("server notices", lack)

    def _back(self) -> Finding:
        """Whether the homeserver reaches Ombud, with the right token."""
        path = f"{CLIENT_V1}/appservice/{{}}/ping"
        said = self._client.ask("POST", path, f"ombud-{self._name}", content={})
        told = {"detail": _short(said), "name": self._name}
        lack = None if said.good else BadUse("U471", f"{self._name}-appservice.yaml", **told)
        return Finding("the way from the homeserver to Ombud", lack)

    # --- in small ---------------------------------------------------------------------------------

    def _lack(self, found: OmbudError | Said | None) -> OmbudError | None:
        return self._away(found) if isinstance(found, Said) else found

    def _away(self, said: Said) -> OmbudError:
        where = f"matrix.{self._name}.url"
        return BadUse("U478", where, url=self._settings.url, detail=_short(said))


def _short(said: Said) -> str:
    return said.trouble or f"{said.status} {said.code}".strip()
