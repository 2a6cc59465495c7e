"""A policy server (MSC4284, `/_matrix/policy/v1/sign`): rooms that live on other servers ask before
anything is sent there, whoever sends it.

What Ombud allows is signed. What is not asked about (members, reactions of signs alone, what is
encrypted) is signed unasked: without a signature it could not be sent at all. An event is believed
only with the signature of its author's server, and the link to the reasons goes to that server
alone. Ombud is asked only about what members of the room say, by servers that are in it and that
its server ACL allows, and about no more of each server than `Bound` lets through. This module must
never sign what Ombud refused, nor anything of a room that the operator did not name.

`python -m ombud_synapse.policy KEY_FILE SERVER_NAME` makes the key, where there is none, and prints
what the room's `m.room.policy` is to say. Of Synapse's inside it uses what a module has no other
way to: the keys of other servers.
"""

from __future__ import annotations

import json
import os
import sys
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from signedjson.key import (
    encode_verify_key_base64,
    generate_signing_key,
    get_verify_key,
    read_signing_keys,
    write_signing_keys,
)
from synapse.api.room_versions import KNOWN_ROOM_VERSIONS
from synapse.crypto.event_signing import check_event_content_hash, compute_event_signature
from synapse.events import EventBase, make_event_from_dict
from synapse.federation.transport.server._base import Authenticator
from synapse.module_api import (
    DirectServeJsonResource,
    ModuleApi,
    parse_json_object_from_request,
)
from synapse.module_api.errors import Codes, SynapseError
from synapse.util.stringutils import parse_server_name

from ombud_synapse import telling
from ombud_synapse.asking import Asking, Json, Verdict
from ombud_synapse.facts import Facts
from ombud_synapse.scope import Scope
from ombud_synapse.settings import Settings

PATH = "/_matrix/policy/v1/sign"
KEY_NAME = "policy_server"
REMEMBERED_MAX = 10_000
OTHERS = "This event is not to be published; its author has been told why."
STRANGER = "Whoever says this is not known to be in that room."
A_SECOND, AT_ONCE = 20, 200  # questions of one server
WAIT_SECONDS = (0, 0.1, 0.3, 0.6)  # in which who has just joined comes to be known here
NOT_OURS = "This server has not been asked to look after that room."

Asked = Callable[[EventBase], Awaitable[Json | None]]


class Policy(DirectServeJsonResource):
    """The endpoint. `asked` gathers what Ombud is asked about an event; None: sign it unasked."""

    isLeaf = True  # noqa: N815

    def __init__(self, settings: Settings, api: ModuleApi, asking: Asking, asked: Asked) -> None:
        inside = api._hs  # noqa: SLF001
        super().__init__(clock=inside.get_clock())
        self._settings = settings
        self._api = api
        self._asking = asking
        self._asked = asked
        self._facts = Facts(api)
        self._scope = Scope(settings, api)
        self._bound = Bound(api)
        self._servers = inside.get_federation_server()
        self._hosts = inside.get_event_auth_handler()
        self._key = signing_key(Path(settings.policy_key))
        self._store = inside.get_datastores().main
        self._keys = inside.get_keyring()
        self._authenticator = Authenticator(inside)
        self._said: OrderedDict[str, Verdict] = OrderedDict()  # an event is asked about once

    async def _async_render_POST(self, request: Any) -> tuple[int, Json]:  # noqa: N802
        """Sign, or say why not."""
        sent = parse_json_object_from_request(request)
        origin = await self._authenticator.authenticate_request(request, sent)
        self._bound.take(origin)
        event = await self._event(sent)
        await self._belongs(origin, event)
        verdict = await self._verdict(event)
        if verdict.action != "allow":
            fields: dict[str, Any] = {"error": OTHERS}
            if origin == _server(event.sender):
                fields = telling.refusal(verdict, self._settings.language)
            raise SynapseError(400, fields.pop("error"), Codes.FORBIDDEN, fields)
        pdu, name = event.get_pdu_json(), self._api.server_name
        signed = compute_event_signature(event.room_version, pdu, name, self._key)[name]
        key = f"{self._key.alg}:{self._key.version}"
        return 200, {name: {key: signed[key]}}

    async def _event(self, sent: Json) -> EventBase:
        """The event, if it is of a named room and is what its author's server has signed. Raises
        SynapseError where it is not.
        """
        room = sent.get("room_id")
        if not isinstance(room, str) or not self._scope.names(room):
            raise SynapseError(400, NOT_OURS, Codes.FORBIDDEN)
        version = KNOWN_ROOM_VERSIONS[await self._store.get_room_version_id(room)]
        event = make_event_from_dict(dict(sent), version)
        if not check_event_content_hash(event):
            raise SynapseError(
                400, "The event's content is not what its hash says", Codes.FORBIDDEN
            )
        await self._keys.verify_event_for_server(
            _server(event.sender),
            event,
            event.origin_server_ts if version.enforce_key_validity else 0,
        )
        return event

    async def _belongs(self, origin: str, event: EventBase) -> None:
        """Whether it is for this server and author to say something in the room. Raises
        SynapseError where it is not; of membership itself, and of what is not asked about, the
        room's own rules are enough.
        """
        room, sender = event.room_id, event.sender
        for each in {origin, _server(sender)}:
            await self._servers.check_server_matches_acl(parse_server_name(each)[0], room)
        if not telling.says(event.type, event.content) or self._api.is_mine(sender):
            return
        if await self._hosts.is_host_in_room(room, origin):
            for pause in WAIT_SECONDS:
                await self._api.sleep(pause)
                if await self._facts.is_member(sender, room):
                    return
        raise SynapseError(400, STRANGER, Codes.FORBIDDEN)

    async def _verdict(self, event: EventBase) -> Verdict:
        """What is said about an event, once and for all: whoever asks again hears the same."""
        known = self._said.get(event.event_id)
        if known is not None:
            return known
        if self._api.is_mine(event.sender):  # asked about when it was sent, and let pass
            stored = await self._store.get_event(event.event_id, allow_none=True)
            return Verdict("refuse" if stored is None else "allow", late=True)

        async def asked() -> Json | None:
            return await self._asked(event)

        verdict = await self._asking.check(self._settings.hooks["policy"], asked)
        if not verdict.late:
            self._said[event.event_id] = verdict
            while len(self._said) > REMEMBERED_MAX:
                self._said.popitem(last=False)
        return verdict


class Bound:
    """How much each server may ask: a few a second, and some at once."""

    def __init__(self, api: ModuleApi) -> None:
        self._api = api
        self._left: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def take(self, origin: str) -> None:
        """Count one question. Raises SynapseError where there were too many."""
        now = self._api.get_current_time_msec()
        left, then = self._left.pop(origin, (float(AT_ONCE), now))
        left = min(AT_ONCE, left + (now - then) * A_SECOND / 1000)
        self._left[origin] = (max(left - 1, 0.0), now)
        while len(self._left) > REMEMBERED_MAX:
            self._left.popitem(last=False)
        if left < 1:
            wait = {"retry_after_ms": 1000}
            raise SynapseError(429, "Too many events at once", Codes.LIMIT_EXCEEDED, wait)


def _server(user: str) -> str:
    return user.partition(":")[2]


def signing_key(path: Path) -> Any:
    """The key in a file that only its owner can read; made where there is none."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            write_signing_keys(file, [generate_signing_key(KEY_NAME)])
    with path.open(encoding="ascii") as file:
        (key,) = read_signing_keys(file)
    return key


def state(key: Any, server: str) -> dict[str, Any]:
    """The content of `m.room.policy` in a room that is to ask."""
    public = encode_verify_key_base64(get_verify_key(key))
    return {"via": server, "public_keys": {"ed25519": public}}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(state(signing_key(Path(sys.argv[1])), sys.argv[2])) + "\n")
