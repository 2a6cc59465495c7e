"""A community as the program wrote it when its schema was 2, rebuilt from a dump.

Everything that could happen then happened in it: events of every kind, holds, unknown facts, an
undo, an end, an erasure, a check with its deadline and publication, an appeal, a history, three
configurations, a connector. The dump is never written anew: it stands for pasts that are recorded
somewhere and must keep their meaning.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import apsw

from flow.small_community import rows
from ombud.app import KEY_FILE
from ombud.config import STORE_FILE

DUMPS = {STORE_FILE: "community_of_schema_2.sql", KEY_FILE: "community_of_schema_2_keys.sql"}
LAST = 1_772_625_600_000_000  # the clock of its last records
CONFIGS = 3


def rebuild(folder: Path) -> Path:
    """The folder of that community: both files, and the operator's texts as they were last."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, dump in DUMPS.items():
        made = apsw.Connection(str(folder / name))
        made.execute("BEGIN")
        made.execute((Path(__file__).parent / dump).read_text(encoding="utf-8"))
        made.execute("COMMIT")
        made.close()
    write_texts(folder)
    return folder


def write_texts(folder: Path) -> None:
    """Write what the last recorded configuration was made of, as the operator had it in files."""
    query = "SELECT payload FROM journal WHERE type = '!config' ORDER BY seq DESC LIMIT 1"
    sources = json.loads(rows(folder, query)[0][0])["sources"]
    contents = {hashlib.sha256(row[0]).hexdigest(): row[0] for row in _contents(folder)}
    texts = {name: {file: text.encode() for file, text in sources[name].items()} for name in
             ("rules", "policies")}  # fmt: skip
    texts["lists"] = {file: contents[digest] for file, digest in sources["lists"].items()}
    for name, files in texts.items():
        (folder / name).mkdir(exist_ok=True)
        for file, content in files.items():
            (folder / name / file).write_bytes(content)
    able = ", ".join(f'{name} = "{undo}"' for name, undo in sources["capabilities"]["chat"].items())
    settings = sources["settings"]
    (folder / "ombud.toml").write_text(
        f'name = "{settings["name"]}"\norigin = "{settings["origin"]}"\n'
        f"procedural_holds = {str(settings['procedural_holds']).lower()}\n\n"
        f'[connectors.chat]\nurl = "https://platform.example/hook"\nactions = {{ {able} }}\n',
        encoding="utf-8",
    )


def _contents(folder: Path) -> list[tuple[bytes]]:
    return [(row[0],) for row in rows(folder, "SELECT bytes FROM content")]
