"""A homeserver connected as the how-to says: `ombud connect matrix`, its two files, a restart, the
account's powers, `ombud connect check`. Ombud and Synapse run in processes of their own.
"""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from flow.served_platform import wait
from flow.serving_process import Serving
from flow.small_community import prepare, rows, rule
from ombud import config, homecheck, journal, reading, session
from ombud.app import KEY_FILE
from ombud.config import SETTINGS_FILE
from ombud.connectors.matrix import MatrixConnector
from ombud.controls import programs
from ombud.store.keyfile import KeyFile
from platforms.relay import Wire
from platforms.synapse import ADMIN, CLIENT, HOST, NAME, Person, Synapse
from tidy.source_tree import ROOT

MODULE = ROOT / "connectors-synapse"
ACCOUNT = f"@ombud:{NAME}"
BAGS, RUMOUR = "cheap bags", "secret lizard rulers"
RULES = dict(
    [
        rule("bags", f'text contains "{BAGS}"', f'text "{BAGS}"', 'text "a"'),
        rule(
            "rumour",
            f'text contains "{RUMOUR}"',
            f'text "{RUMOUR}"',
            'text "a"',
            then='alert "look"',
        ),
    ]
)


@dataclass
class Talk:
    """Both servers. `room` is moderated, of `nowhere` nothing was said to anybody. Where there are
    wires between them, `there` leads to the homeserver and `back` to Ombud.
    """

    folder: Path
    serving: Serving
    server: Synapse
    owner: Person
    room: str
    nowhere: str
    looked: list[list[homecheck.Finding]]
    there: Wire
    back: Wire
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def somebody(self) -> Person:
        """A new member of the room."""
        who = self.server.register(f"guest{next(self.numbers)}")
        assert who.join(self.room).status == 200
        return who

    def empower(self) -> None:
        """Give Ombud's account what it needs: an admin's rights, and the room's power."""
        at = f"{ADMIN}/v2/users/{quote(ACCOUNT)}"
        assert self.server.admin.ask("PUT", at, {"admin": True}).status == 200
        at = f"{CLIENT}/rooms/{quote(self.room)}/state/m.room.power_levels"
        levels = self.owner.ask("GET", at).json
        levels["users"][ACCOUNT] = 100
        assert self.owner.state(self.room, "m.room.power_levels", levels).status == 200

    def read(self) -> None:
        """Have something read, so that what the room is like is known under the settings of now."""
        self.seqs(self.owner.say(self.room, "good morning").json["event_id"])

    def seqs(self, *events: str) -> list[int]:
        """Where events stand in the journal, each exactly once, waited for until published."""
        with closing(KeyFile(self.folder / KEY_FILE, readonly=True)) as keys:
            key, source = keys.community, f"talk/{self.room}"
            asked = [journal.identity(key, source, each) for each in events]
        told = [journal.publication(key, each) for each in asked]
        query = "SELECT seq, via FROM journal WHERE identity = ?"
        later = "SELECT seq FROM journal WHERE identity = ?1 OR published = ?1"

        def is_published(identity: bytes, own: bytes) -> bool:
            found = rows(self.folder, query, identity)
            assert len(found) < 2
            if not found or found[0][1] != "check":
                return bool(found)
            return bool(rows(self.folder, later, own))

        def all_are() -> bool:
            return all(map(is_published, asked, told))

        wait(all_are, f"{events}: {self.serving.told()}")
        return [rows(self.folder, query, each)[0][0] for each in asked]

    def types(self, after: int = 0) -> list[str]:
        """The types of all events, in the journal's order."""
        query = "SELECT type FROM journal WHERE type NOT LIKE '!%' AND seq > ? ORDER BY seq"
        return [type_ for (type_,) in rows(self.folder, query, after)]

    def last(self) -> int:
        """The last record's number."""
        return int(rows(self.folder, "SELECT max(seq) FROM journal")[0][0])

    def labels(self, event: str) -> list[str]:
        """What Ombud's account has put below a message."""
        at = f"/_matrix/client/v1/rooms/{quote(self.room)}/relations/{quote(event)}/m.annotation"
        told = self.owner.ask("GET", at).json["chunk"]
        return [
            each["content"]["m.relates_to"]["key"] for each in told if each["sender"] == ACCOUNT
        ]

    @contextmanager
    def connector(self) -> Iterator[MatrixConnector]:
        """One of its own, as the sender makes one."""
        with closing(KeyFile(self.folder / KEY_FILE, readonly=True)) as keys:
            secret = keys.key(programs.secret_name("talk"))
        settings = config.parse_settings((self.folder / SETTINGS_FILE).read_bytes())
        with closing(MatrixConnector(settings.matrix["talk"], secret, name="talk")) as made:
            yield made

    def check(self) -> list[homecheck.Finding]:
        """What `ombud connect check` finds."""
        with reading.reading(self.folder) as reader:
            return homecheck.check(self.folder, reader.keys, "talk")


def told(path: str) -> Any:
    """What a file that was written for Synapse says."""
    return msgspec.json.decode(Path(path).read_text(encoding="utf-8").partition("\n")[2])


@contextmanager
def talk(
    aside: Path,
    rules: Mapping[str, str] = RULES,
    *,
    wired: bool = False,
    section: str = "",
    before: Callable[[Person, str], None] = lambda *_: None,
    folders: Sequence[Path] = (),
    **more: Any,
) -> Iterator[Talk]:
    """Set up as the how-to says, until the block ends. `wired`: with wires in between. `section` is
    added to the homeserver's section of the settings; `before` happens in the room, which the owner
    has made, before it is connected. The homeserver finds modules in `folders` too; `more` is
    laid over its settings.
    """
    folder = prepare(aside / "data", rules, 'procedural_holds = true\nname = "Talk"\n')
    serving = Serving(folder, aside)
    server = Synapse(aside / "hs", more, python_path=(MODULE, *folders))
    wires: list[Wire] = []
    try:
        serving.start()
        server.start()
        wires = [Wire(server.port), Wire(serving.port)]
        owner = server.register("owner")
        room = owner.room(room_alias_name="lobby")
        before(owner, room)
        made = session.begin(
            folder,
            "homeserver",
            name="talk",
            url=wires[0].url if wired else server.url,
            ombud_url=wires[1].url if wired else "",
            server=NAME,
            rooms=[f"#lobby:{NAME}"],
            allow=[HOST],
        )
        assert made["rooms"] == [room]
        found = Talk(folder, serving, server, owner, room, owner.room(), [], wires[0], wires[1])
        found.looked.append(found.check())
        server.kill()
        service, module = made["files"]
        server.settings["app_service_config_files"] = [shutil.copy(service, aside)]
        server.settings |= told(module)
        server.start()
        found.looked.append(found.check())
        found.empower()
        found.looked.append(found.check())
        with (folder / "ombud.toml").open("a") as file:
            file.write("reports_seconds = 1\n" + section)
        session.request(folder, "reload")
        yield found
    finally:
        server.kill()
        serving.kill()
        for each in wires:
            each.close()


def plain(content: Any) -> str:
    """Anything as text, to look something up in."""
    return json.dumps(content)
