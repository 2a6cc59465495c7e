"""A long past of a room, made by Synapse itself: far more events than clients could send in a test.

A module that only the tests load has Synapse make and keep many messages at once, as it does itself
with the first events of a room. They are events like all others: of their author, signed, each upon
the one before, kept in the one order, and told to every application service. What is left out is
what each message would do to somebody's phone.
"""

from __future__ import annotations

from pathlib import Path

from platforms.synapse import Person

TOGETHER = 1000  # events that are made at once
AT = "/_test/past"
MODULE = '''
from synapse.events.snapshot import UnpersistedEventContext
from synapse.module_api import DirectServeJsonResource, parse_json_object_from_request
from synapse.types import create_requester


class Past(DirectServeJsonResource):
    """Makes many messages of one author at once."""

    isLeaf = True

    def __init__(self, config, api):
        self._inside = api._hs
        super().__init__(clock=self._inside.get_clock())
        api.register_web_resource("/_test/past", self)

    @staticmethod
    def parse_config(config):
        return config

    async def _async_render_POST(self, request):
        asked = parse_json_object_from_request(request)
        room, sender = asked["room"], asked["sender"]
        make = self._inside.get_event_creation_handler()
        store = self._inside.get_storage_controllers()
        ends = await self._inside.get_datastores().main.get_forward_extremities_for_room(room)
        last = max(ends, key=lambda end: end[2])[0]
        group = (await store.state.get_state_group_for_events([last]))[last]
        state = await store.state.get_state_ids_for_group(group)
        made, depth = [], None
        for text in asked["texts"]:
            message = {"type": "m.room.message", "room_id": room, "sender": sender}
            event, context = await make.create_event(
                create_requester(sender),
                {**message, "content": {"msgtype": "m.text", "body": text}},
                prev_event_ids=[last],
                depth=depth,
                state_map=dict(state),
                for_batch=True,
            )
            made.append((event, context))
            last, depth = event.event_id, event.depth + 1
        whole = await UnpersistedEventContext.batch_persist_unpersisted_contexts(
            made, room, group, self._inside.get_datastores().state
        )
        await store.persistence.persist_events(whole)
        return 200, {}
'''


SETTING = {"module": "past_of_tests.Past"}


def put_module(folder: Path) -> Path:
    """Put the module into a folder, which is given back."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "past_of_tests.py").write_text(MODULE)
    return folder


def say_much(who: Person, room: str, texts: list[str]) -> None:
    """Somebody in the room has said all this."""
    for at in range(0, len(texts), TOGETHER):
        asked = {"room": room, "sender": who.id, "texts": texts[at : at + TOGETHER]}
        made = who.server.ask("POST", AT, asked)
        assert made.status == 200, made
