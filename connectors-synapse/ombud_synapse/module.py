"""The hooks: what Synapse asks a module before it publishes, asked of Ombud.

A refusal reaches its author in the answer to what they did, with the link to the notice: so only
hooks whose answer carries more than a code are used. Registration, the user directory, shadow bans
and uploads have none: nobody is refused there. People of other servers are not refused either:
Synapse would hide what they said and tell nobody. This module must never decide anything, never
send what `scope` does not hold, and never change what Synapse handed it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synapse.module_api import NOT_SPAM, EventBase, ModuleApi
from synapse.module_api.errors import Codes

from ombud_synapse import telling
from ombud_synapse.asking import Asking, Verdict
from ombud_synapse.facts import Facts
from ombud_synapse.rates import Rates
from ombud_synapse.registrations import Registrations
from ombud_synapse.scope import Scope
from ombud_synapse.settings import Settings, parse
from ombud_synapse.shown import show

MEMBER = "m.room.member"
CREATE = "m.room.create"
TOLD = ("type", "room_id", "sender", "origin_server_ts", "content", "state_key", "redacts")

Json = dict[str, Any]
Answer = str | Codes | tuple[Codes, Json]


class Ombud:
    """Synapse makes one of it when it starts."""

    @staticmethod
    def parse_config(config: Any) -> Settings:
        """Called by Synapse with what stands under `config:`."""
        return parse(config)

    def __init__(self, config: Settings, api: ModuleApi) -> None:
        self._settings = config
        self._api = api
        self._asking = Asking(config, api)
        self._scope = Scope(config, api)
        self._facts = Facts(api)
        self._rates = Rates(api)
        hooks = {
            "message": ("check_event_for_spam", self.event),
            "join": ("user_may_join_room", self.join),
            "invite": ("user_may_invite", self.invite),
            "room": ("user_may_create_room", self.room),
        }
        on = {hook: does for name, (hook, does) in hooks.items() if name in config.hooks}
        if "room" in config.hooks:
            on |= {"user_may_publish_room": self.publish, "check_event_for_spam": self.event}
        api.register_spam_checker_callbacks(**on)
        show(config, api, self._asking)
        if config.registrations:
            registrations = Registrations(config, api, self._asking)
            api.register_account_validity_callbacks(on_user_registration=registrations.note)

        if config.policy_key:
            from ombud_synapse.policy import PATH, Policy

            api.register_web_resource(PATH, Policy(config, api, self._asking, self._of_others))

    # --- the hooks --------------------------------------------------------------------------------

    async def event(self, event: EventBase) -> Answer:
        """Somebody here says something in a room, or calls one of the public list otherwise."""
        if not self._api.is_mine(event.sender):
            return NOT_SPAM
        wait = await self._rates.wait(event)
        if wait:
            return Codes.LIMIT_EXCEEDED, telling.slowed(wait, self._settings.language)
        if not telling.says(event.type, event.content):
            return NOT_SPAM
        if not self._scope.names(event.room_id):
            sign = telling.SIGNS.get(event.type)
            if sign is None or "room" not in self._settings.hooks:
                return NOT_SPAM
            said = {sign: event.content.get(sign)}
            return await self._listed(event.sender, event.room_id, said)
        if "message" not in self._settings.hooks:
            return NOT_SPAM

        async def asked() -> Json | None:
            if not await self._scope.holds(event.room_id):
                return None
            return {
                "event": _told(event),
                **await self._facts.author(event.sender, event.room_id),
                **await self._facts.media(event.content),
            }

        return self._answer(await self._asking.check(self._settings.hooks["message"], asked))

    async def _of_others(self, event: EventBase) -> Json | None:
        """What is asked about somebody else's event: the event alone, and of their account nothing,
        since only their own server knows it.
        """
        if not telling.says(event.type, event.content) or not await self._scope.holds(
            event.room_id
        ):
            return None
        return {"event": _told(event)}

    async def join(self, user: str, room: str, _is_invited: bool) -> Answer:
        """Somebody here wants to join a room, or is in it and changes their name: that is let pass,
        since a refusal would reach nobody.
        """
        content = {"membership": "join"}
        return await self._membership("join", user, user, room, content)

    async def invite(self, inviter: str, invitee: str, room: str) -> Answer:
        """Somebody here invites somebody into a room."""
        if not self._api.is_mine(inviter):
            return NOT_SPAM
        return await self._membership("invite", inviter, invitee, room, {"membership": "invite"})

    async def _membership(
        self, hook: str, sender: str, whom: str, room: str, content: Json
    ) -> Answer:
        if not self._scope.names(room):
            return NOT_SPAM

        async def asked() -> Json | None:
            if not await self._scope.holds(room):
                return None
            if hook == "join" and await self._facts.is_member(sender, room):
                return None
            event = self._not_yet(MEMBER, sender, content, room_id=room, state_key=whom)
            shown_in = None if hook == "join" else room
            return {"event": event, **await self._facts.author(sender, shown_in)}

        return self._answer(await self._asking.check(self._settings.hooks[hook], asked))

    async def room(self, user: str, config: Mapping[str, Any]) -> Answer:
        """Somebody here makes a room that is to stand in the public list; others are theirs."""
        content = telling.public_room(config)
        if content is None:
            return NOT_SPAM

        async def asked() -> Json | None:
            event = self._not_yet(CREATE, user, content)
            return {"event": event, **await self._facts.author(user)}

        return self._answer(await self._asking.check(self._settings.hooks["room"], asked))

    async def publish(self, user: str, room: str) -> Answer:
        """Somebody here puts a room into the public list, or takes it out: that is let pass."""
        return await self._listed(user, room, {})

    async def _listed(self, user: str, room: str, said: Json) -> Answer:
        """A room that everybody finds, or is to find, with what is `said` over it from now on."""

        async def asked() -> Json | None:
            public = self._api.public_room_list_manager
            if await public.room_is_in_public_room_list(room) is not bool(said):
                return None
            signs = await self._facts.signs(room)
            if signs is None:
                return None
            event = self._not_yet(CREATE, user, telling.short({**signs, **said}))
            return {"event": event, **await self._facts.author(user)}

        return self._answer(await self._asking.check(self._settings.hooks["room"], asked))

    # --- in small ---------------------------------------------------------------------------------

    def _not_yet(self, type_: str, sender: str, content: Json, **more: str) -> Json:
        """An event that Synapse has not made yet: it has no id."""
        now = self._api.get_current_time_msec()
        event = {"type": type_, "sender": sender, "origin_server_ts": now, "content": content}
        return {**event, **more}

    def _answer(self, verdict: Verdict) -> Answer:
        """What Synapse is told, and with it the author."""
        if verdict.action == "allow":
            return NOT_SPAM
        return Codes.FORBIDDEN, telling.refusal(verdict, self._settings.language)


def _told(event: EventBase) -> Json:
    """What is told of an event, and nothing that Synapse keeps beside it."""
    whole = event.get_dict()
    told = {name: whole[name] for name in TOLD if name in whole}
    return {**told, "event_id": event.event_id}
