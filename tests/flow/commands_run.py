"""Whatever the commands can do, done on a small community; what they print as JSON is noted."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
from click.testing import CliRunner
from PIL import Image

from dsa.database import Process
from dsa.filed_community import TOKEN, section
from flow import certified_community, claims_community, learning_community
from flow.case_desk import DESK_RULES, bags, copies, flag, shoes
from flow.small_community import line, prepare
from ombud import session
from ombud.app import Engine
from ombud.cli import main
from ombud.config import STORE_FILE
from ombud.doors import Doors
from ombud.store.sqlite import Store
from signals.factchecks.checks_made import TRAIN, review

TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "list": "list"}
TYPES |= {"NoneType": "null", "dict": "object"}
RULE = """rule cheap-bags
  "Somebody offers cheap bags."

for     post
clause  spam.links
mode    live

when
  text contains "cheap bags"

then
  hold this

tell author
  en  "A person will look at this offer."

should catch "an offer"
  text  "Cheap bags here"

should pass "a thank you"
  text  "Thanks"
"""

COPIES = (
    RULE.replace("rule cheap-bags", "rule copies")
    .replace('text contains "cheap bags"', "text.repeats in last 1 hour >= 2")
    .replace("hold this", "warn campaign")
    .replace('text  "Cheap bags here"', "text.repeats in last 1 hour  2")
    .replace('text  "Thanks"', "text.repeats in last 1 hour  1")
)

Found = dict[str, dict[str, set[str]]]  # command -> path -> types


def event(number: int, **data: Any) -> str:
    """One post as a line."""
    whole = {
        "specversion": "1.0",
        "id": f"e{number}",
        "source": "forum/welcome",
        "type": "post.created",
        "time": f"2026-11-20T09:{number:02}:00Z",
        "data": data,
    }
    return json.dumps(whole) + "\n"


def paths(value: object, known: Mapping[str, str], at: str = "") -> Iterator[tuple[str, str]]:
    """Every path in a JSON value with its type; keys that the page writes as `*` are not named."""
    if isinstance(value, dict):
        for key, each in value.items():
            path = f"{at}.{key}".lstrip(".")
            if path not in known and f"{at}.*".lstrip(".") in known:
                path = f"{at}.*".lstrip(".")
            yield path, TYPES[type(each).__name__]
            yield from paths(each, known, path)
    elif isinstance(value, list):
        for each in value:
            yield f"{at}[]", TYPES[type(each).__name__]
            yield from paths(each, known, f"{at}[]")


class Community:
    """A small community whose commands are run, and what they printed."""

    def __init__(self, folder: Path, fields: Mapping[str, Any]) -> None:
        self.folder = folder
        self.fields = fields
        self.found: Found = defaultdict(lambda: defaultdict(set))

    def run(self, words: str, *arguments: object, data: bool = True) -> Any:
        """Run a command with --json, note all paths it printed, and return the object."""
        place = ["--data", str(self.folder)] if data else []
        line = [*words.split(), *map(str, arguments), *place, "--json"]
        done = CliRunner().invoke(main, line, catch_exceptions=False)
        printed = json.loads(done.stdout)
        known = {field.path: field.type for field in self.fields[words]}
        for path, type_ in paths(printed, known):
            self.found[words][path].add(type_)
        return printed


def write_rules(folder: Path) -> None:
    """A live rule, one that watches, and one that acts on a campaign."""
    folder.mkdir(parents=True)
    (folder / "cheap-bags.rule").write_text(RULE)
    watching = RULE.replace("cheap-bags", "dear-bags").replace("mode    live", "mode    watch")
    (folder / "dear-bags.rule").write_text(watching)
    (folder / "copies.rule").write_text(COPIES)
    (folder / "show-fact-checks.rule").write_text(claims_community.RULE)
    (folder.parent / "policies").mkdir()
    (folder.parent / "policies" / "context.md").write_text(claims_community.POLICY)
    (folder.parent / "ombud.toml").write_text("procedural_holds = true\n")


def appeal(folder: Path, decision: str) -> None:
    """The person a decision concerns answers to it."""
    with session.engine(folder) as engine, closing(Doors(engine, "http://127.0.0.1")) as doors:
        told = engine.store.one("statement_of_decision", (decision,))
        assert told
        doors.appeal(doors.link(told[0]).rpartition("/")[2], decision, "This was no offer.")


def change_lists(run: Callable[..., Any], base: Path) -> None:
    """Do to lists whatever can be done to them, and look."""
    words = base / "words.txt"
    words.write_text("roulette\n")
    (base / "community" / "lists" / "own-helpers.txt").write_text("include: trusted helpers\n")
    run("connect reload")
    run("lists add", "trusted helpers", "chi", "--source", "a forum", "--expires", "2099-01-01")
    run("lists import", "bad words", words, "--source", "a forum", "--new")
    run("lists confirm", "bad words", "roulette", "--seen", "0")
    run("lists quarantine", "bad words", "roulette")
    run("lists release", "bad words", "roulette")
    run("lists remove", "staff names", "admin")
    run("lists list")
    for name in ("trusted helpers", "staff names", "own helpers"):
        run("lists show", name)


def change_staff(run: Callable[..., Any]) -> None:
    """Rules are approved and renewed by any name; people are added, shown and changed, and from
    then on a name is a member's.
    """
    run("rules approve", "cheap-bags", "--by", "binh")
    run("rules renew", "dear-bags")
    run("staff link")
    run("staff add", "Ana", "--role", "admin")
    run("staff add", "Binh", "--role", "reviewer", "--queue", "spam", "--action", "hold")
    run("staff list")
    run("staff show", "Binh")
    run("staff roles", "Binh", "--role", "author")
    for verb in ("suspend", "restore", "link", "remove"):
        run(f"staff {verb}", "Binh")
    run("staff show", "Ana")


def begin_the_day(run: Callable[..., Any], base: Path) -> None:
    """The morning's lines, and the canned replies with one that is none."""
    run("digest")
    (base / "community" / "replies" / "odd.en.md").write_text("no title")
    run("replies")


def begin_and_end(run: Callable[..., Any]) -> None:
    """The states of the community, looked at before, in and after; and what has ended."""
    for words in ("show", "run"):
        run(f"retention {words}")
    for state in ("duty", "emergency"):
        for words in ("show", "begin", "show", "end"):
            run(f"{state} {words}")


def use_claims(run: Callable[..., Any], base: Path) -> None:
    """Fact-checks are imported, looked at and proposed."""
    feed, post = base / "feed.json", base / "claim.ndjson"
    feed.write_text(json.dumps([review(), {"@type": "Thing"}]))
    run("claims import", feed)
    run("connect reload")
    post.write_text(event(9, author={"id": "fay"}, text=TRAIN))
    run("ingest", post)
    (found,) = run("claims search", TRAIN)["items"]
    run("claims show", found["id"])
    run("claims list")
    run("claims proposed")


def certify(community: Community, base: Path) -> None:
    """A rule with a certificate, and another community whose hits are being labelled."""
    run, before = community.run, community.folder
    community.folder = base / "proven"
    clock = certified_community.grown(community.folder, 5)
    with Engine(community.folder, now=clock) as engine:
        certified_community.earned(engine, clock)
    run("gate show")
    community.folder = base / "labelled"
    certified_community.grown(community.folder, 5)
    run("gate start", "bags", "--labeller", "Ben")
    item = run("gate due", "--by", "Ben")["items"][0]["item"]
    run("gate label", item, "unclear", "--by", "Ben")
    run("gate show")
    run("gate stop", "bags")
    community.folder = before


FINAL = '[connectors.chat]\nurl = "http://127.0.0.1:9/hook"\nactions = {remove = "none"}\n'


def look_again(community: Community, base: Path) -> None:
    """What cannot be taken back is decided by two, and somebody is to look at it once more."""
    run, before = community.run, community.folder
    community.folder = base / "irreversible"
    asks = {"shoes.rule": DESK_RULES["shoes.rule"].replace("remove this", 'alert "look"')}
    prepare(community.folder, asks, settings=FINAL)
    with session.engine(community.folder) as engine:
        engine.submit([line(shoes(number, who)) for number, who in enumerate(("bo", "cy"))])
    for each in run("cases list")["items"]:
        run("cases decide", each["id"], "uphold", "--action", "remove", "--by", "Mia")
        run("cases confirm", each["id"], "--by", "Lou")
    first, _ = (each["id"] for each in run("cases list")["items"])
    run("cases decide", first, "seen", "--by", "Kim")
    run("cases irreversible")
    run("cases show", first)
    community.folder = before


def work_on_cases(community: Community, base: Path) -> None:
    """Cases are taken, put aside, split, judged, confirmed and undone; appeals are answered."""
    look_again(community, base)
    run, little = community.run, community.folder
    community.folder = base / "cases"
    prepare(community.folder, DESK_RULES)
    posts = [bags(1), shoes(2, "bo", 1), shoes(3, "cy", 2), *copies(22)]
    with session.engine(community.folder) as engine:
        engine.submit([line(each) for each in (*posts, flag(1, "post/e9", "di", 3))])
    listed = run("cases list")["items"]
    of = {each["reason"]: each["id"] for each in listed}
    asked = [each["id"] for each in listed if each["reason"] == "no licence"]
    campaign = next(each["id"] for each in listed if each["records"] > 20)
    held = next(each["id"] for each in listed if each["reason"] == "hold" and each["records"] == 1)
    run("cases show", campaign)
    run("cases claim", held, "--by", "mia")
    run("cases show", held)
    run("cases back", held, "--by", "mia")
    run("cases snooze", asked[0], "--until", (datetime.now(UTC) + timedelta(days=1)).isoformat())
    run("cases list", "--state", "snoozed")
    run("cases snooze", asked[0])
    run("cases assign", asked[1], "--to", "lou")
    run("cases urgent", asked[1])
    run("cases merge", asked[0], asked[1])
    shown = run("cases show", asked[1])
    run("cases split", asked[1], "--record", shown["subjects"][0]["record"])
    run("cases note", asked[1], "seen before", "--for", "2 days")
    run("cases decide", held, "release", "--never-again")
    run("cases show", held)
    run("cases ask-again", held)
    run("cases decide", of["alert"], "uphold", "--action", "suspend")
    run("cases undo", of["alert"])
    run("cases decide", of["alert"], "uphold", "--action", "suspend", "--why", "It is a fake.")
    run("cases show", of["alert"])
    run("cases decide", campaign, "uphold", "--action", "remove", "--all", "--by", "mia")
    run("cases show", campaign)
    run("cases confirm", campaign, "--by", "lou")
    run("cases show", campaign)
    given = [run("orders give", campaign, *more)["order"] for more in ((), ("--by", "mia"))]
    with session.engine(community.folder) as engine:
        engine.submit([line(each) for each in copies(2, 50)])
    run("orders end", given[0], "--undo")
    run("orders end", given[1], "--undo")
    run("orders list")
    run("cases show", asked[1])
    (made, other) = (
        each["id"] for each in run("decisions list", "--by-role", "reviewer")["items"][:2]
    )
    appeal(community.folder, made)
    (told,) = run("appeals list")["items"]
    run("cases show", told["case"])
    run("appeals answer", told["id"], "Which one?", "--by", "kim")
    run("appeals decide", told["id"], "--outcome", "reverse", "--text", "So it was.")
    run("appeals show", told["id"])
    run("decisions show", other)
    run("appeals list", "--state", "answered")
    community.folder = little


def back_up(community: Community, base: Path) -> None:
    """A backup is made, and a community from it: with the keys, and without."""
    out, keys = base / "backup", community.folder / "ombud.keys"
    community.run("backup", out)
    for ways in (("--keys", keys, "--check"), ("--without-keys",)):
        place = base / f"restored{len(ways)}"
        community.run("restore", out, *ways, "--data", place, data=False)


def try_rules(community: Community, base: Path) -> None:
    """Other rules are tried on a past with enough people for a sample; watching rules are read;
    models are learned.
    """
    back_up(community, base)
    run, folder = community.run, community.folder
    file, labels = base / "more.ndjson", base / "labels.ndjson"
    picture = base / "picture.png"
    Image.effect_noise((80, 80), 60).save(picture)
    run("signals pdq", picture, data=False)
    newcomers = [{"id": f"n{n}", "created": "2026-11-20T08:00:00Z"} for n in range(6)]
    text = "Cheap bags, dear bags http://a.example http://b.example"
    file.write_text(
        "".join(event(10 + n, author=who, text=text) for n, who in enumerate(newcomers))
    )
    label = {"source": "forum/welcome", "clause": "spam.links", "breaks": True}
    labels.write_text("\n".join(json.dumps({**label, "id": f"e{n}"}) for n in range(10, 16)))
    watching = folder / "rules" / "dear-links.rule"
    watched = RULE.replace("cheap-bags", "dear-links").replace("mode    live", "mode    watch")
    watched = watched.replace("cheap bags", "dear bags").replace("Cheap bags", "Dear bags")
    watching.write_text(watched.replace('bags"\n\nthen', 'bags"\n  links.count >= 2\n\nthen'))
    watching.write_text(
        watching.read_text().replace(
            'Dear bags here"', 'Dear bags http://a.example http://b.example"'
        )
    )
    run("ingest", file)
    tried = base / "tried"
    tried.mkdir()
    (tried / "dearest.rule").write_text(watching.read_text().replace("dear-links", "dearest"))
    (tried / "cheap-bags.rule").write_text(RULE)
    draft = RULE.replace("cheap-bags", "sketch").replace("mode    live", "mode    draft")
    (tried / "sketch.rule").write_text(draft)
    unmet = ("--expect", "hits of dearest = 0", "--expect", "recall of dearest > 2 %")
    run("replay", "--rules", tried, "--since", "2026-01-01", "--labels", labels, *unmet)
    run("replay", "--rules", tried, "--until", "2027-01-01", "--expect", "recall of dearest > 0")
    run("rules watch", "--labels", labels)
    run("rules watch")
    run("ledger runs")
    publish(community, base)
    learn(community, base)
    certify(community, base)


def publish(community: Community, base: Path) -> None:
    """Write statements of reasons, have one refused, and send the others."""
    run, folder = community.run, community.folder
    run("transparency dsa", "--out", base / "statements")
    days = ("--from", "2025-01-01", "--to", "2030-12-31")
    run("transparency regulation", *days, "--out", base / "report")
    store = Store(folder / STORE_FILE, readonly=True)
    leaf = store.connection.execute("SELECT leaf FROM filing").fetchall()[0][0]
    store.close()
    with session.asking(folder) as ask:
        for was, state in (("written", "sending"), ("sending", "refused")):
            ask("move statements", leaves=[leaf], was=was, state=state, detail="category")
    database = Process(base / "database")
    settings = folder / "ombud.toml"
    kept = settings.read_text() if settings.exists() else ""
    try:
        settings.write_text(kept + section(database.url))
        (folder / "token").write_text(TOKEN)
        run("transparency dsa", "--submit")
    finally:
        database.close()
        settings.write_text(kept)


def learn(community: Community, base: Path) -> None:
    """A community with much to learn from, and one with little."""
    said = learning_community.posts()
    made = learning_community.community(base / "learning")
    labels = learning_community.labels(base / "said.ndjson", said)
    with session.engine(made) as engine:
        engine.submit(learning_community.lines(said))
    little = community.folder
    community.run("learn clause", learning_community.CLAUSE)
    community.folder = made
    community.run("learn clause", learning_community.CLAUSE, "--labels", labels)
    community.run("learn list")
    community.run("learn show", learning_community.CLAUSE)
    community.folder = little


def spoil(folder: Path) -> None:
    """Change one stored verdict, one end of watching and one public file, so that all that is
    checked has something to tell.
    """
    connection = apsw.Connection(str(folder / "ombud.db"))
    connection.execute(
        "UPDATE journal SET payload = json_set(payload, '$.until', 1) WHERE type = '!renewal'"
    )
    connection.execute("UPDATE journal SET verdict = zeroblob(16) WHERE seq = 3")
    connection.close()
    (folder / "ledger" / "checkpoint").write_bytes(b"nothing\n")
