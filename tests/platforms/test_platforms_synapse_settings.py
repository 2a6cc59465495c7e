"""The module's settings and hooks, tried in Synapse's own environment without a homeserver."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from platforms.synapse import PLACE
from platforms.watched_synapse import MODULE
from tidy.source_tree import ROOT

HOW_TO = ROOT / "docs" / "how-to" / "ask-before-matrix-publishes.md"

# Reads a list of settings; of each it prints the hooks that are registered, or what is wrong.
TRY = """
import json, sys, yaml
from ombud_synapse import Ombud
class Api:
    server_name = "hs.example"
    class _hs:
        get_clock = staticmethod(lambda: None)
    def __init__(self): self.seen = []
    def register_web_resource(self, path, resource): pass
    def should_run_background_tasks(self): return False
    def __getattr__(self, name):
        if not name.startswith("register_"): raise AttributeError(name)
        return lambda **hooks: self.seen.extend(sorted(hooks))
for config in json.load(sys.stdin):
    api = Api()
    if isinstance(config, str):
        config = yaml.safe_load(config)["modules"][0]["config"]
        assert config.pop("key_file") == "/etc/synapse/ombud.key"
        config["key"] = "omb_" + "k" * 43
    try:
        Ombud(Ombud.parse_config(config), api)
        print(json.dumps(api.seen))
    except Exception as error:
        print(json.dumps([type(error).__name__, *error.path, error.msg]))
"""
# Asks with two hooks while the question itself is never put together; nothing is sent.
LATE = """
import json
from twisted.internet import defer, task
from ombud_synapse.asking import Asking
from ombud_synapse.settings import Hook, parse
async def asked(reactor):
    asking = Asking(parse({"url": "http://h", "key": "omb_k", "rooms": ["!a"]}), None)
    began, found = reactor.seconds(), []
    for late in ("allow", "refuse"):
        verdict = await asking.check(Hook(late, 0.2), lambda: defer.Deferred())
        found.append([verdict.action, verdict.late])
    print(json.dumps([found, reactor.seconds() - began]))
task.react(lambda reactor: defer.ensureDeferred(asked(reactor)))
"""
# One server asks without end, another a little, and the first again a second later.
BOUND = """
import json
from ombud_synapse.policy import Bound, SynapseError
class Api:
    now = 0
    def get_current_time_msec(self): return self.now
api = Api()
bound = Bound(api)
def taken(origin, times):
    found = 0
    for _ in range(times):
        try:
            bound.take(origin)
        except SynapseError as error:
            assert error.code == 429
        else:
            found += 1
    return found
print(json.dumps([taken("a", 1000), taken("b", 3)]))
api.now += 1000
print(json.dumps(taken("a", 1000)))
"""
KEY = "omb_" + "k" * 43
GOOD: dict[str, Any] = {"url": "http://127.0.0.1:1", "key": KEY, "rooms": ["!a"]}
MESSAGES = "check_event_for_spam"
ALL = (
    *(MESSAGES, "user_may_create_room", "user_may_invite", "user_may_join_room"),
    "user_may_publish_room",
)
USUAL = [MESSAGES, "user_may_invite", "user_may_join_room"]


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What becomes of each of CASES and BAD, by their names."""
    folder = tmp_path_factory.mktemp("key")
    (folder / "key").write_text(KEY + "\n")
    configs: dict[str, Any] = {
        **CASES,
        "key file": {**GOOD, "key": None, "key_file": str(folder / "key")},
    }
    configs["key file"].pop("key")
    blocks = re.findall(r"^```yaml\n(.*?)^```$", HOW_TO.read_text(), re.DOTALL | re.MULTILINE)
    configs["how-to"] = "".join(blocks)
    named = {**configs, **{name: config for name, (config, _) in BAD.items()}}
    lines = printed(TRY, json.dumps(list(named.values())))
    return dict(zip(named, map(json.loads, lines), strict=True))


def printed(script: str, told: str = "") -> list[str]:
    """The lines that a script prints in Synapse's environment, with the module beside it."""
    done = subprocess.run(
        [Path(PLACE) / "bin" / "python", "-c", script],
        input=told.encode(),
        env={"PYTHONPATH": str(MODULE), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().splitlines()


CASES: dict[str, dict[str, Any]] = {
    "usual": GOOD,
    "one off": {**GOOD, "hooks": {"join": False}},
    "rooms": {**GOOD, "hooks": {"room": {"late": "refuse", "hook": "rooms"}}},
    "all": {**GOOD, "registrations": True, "hooks": {"room": None}},
}
BAD: dict[str, tuple[Any, str]] = {
    "nothing": ({}, "url"),
    "no url": ({**GOOD, "url": "127.0.0.1"}, "url"),
    "no rooms": ({**GOOD, "rooms": []}, "rooms"),
    "an alias": ({**GOOD, "rooms": ["#a:hs.example"]}, "rooms"),
    "a mistyped name": ({**GOOD, "room": ["!a"]}, "config"),
    "a mistyped hook": ({**GOOD, "hooks": {"messages": {}}}, "hooks"),
    "a mistyped part": ({**GOOD, "hooks": {"join": {"deadline": 1}}}, "join"),
    "no deadline": ({**GOOD, "deadline_ms": 0}, "message"),
    "a deadline that is true": ({**GOOD, "deadline_ms": True}, "message"),
    "late": ({**GOOD, "late": "hold"}, "late"),
    "a hook's late": ({**GOOD, "hooks": {"join": {"late": "open"}}}, "late"),
    "another language": ({**GOOD, "language": "fr"}, "language"),
    "two keys": ({**GOOD, "key_file": "/x"}, "key"),
    "no key": ({**GOOD, "key": "abc"}, "key"),
    "a key that is not there": (
        {"url": "http://h", "rooms": ["!a"], "key_file": "/no"},
        "key_file",
    ),
    "no policy key": ({**GOOD, "policy": {}}, "key_file"),
    "a policy's late": ({**GOOD, "policy": {"key_file": "/x", "late": "x"}}, "late"),
    "registrations": ({**GOOD, "registrations": "yes"}, "registrations"),
    "bots": ({**GOOD, "bots": ["bot"]}, "bots"),
}


@pytest.mark.parametrize(
    ("name", "hooks"),
    [
        ("usual", USUAL),
        ("key file", USUAL),
        ("one off", USUAL[:2]),
        ("rooms", [*ALL]),
        (
            "how-to",
            [
                *ALL,
                "on_user_registration",
            ],
        ),
        (
            "all",
            [
                *ALL,
                "on_user_registration",
            ],
        ),
    ],
)
def test_only_hooks_that_can_say_why_are_registered(
    tried: dict[str, list[str]], name: str, hooks: list[str]
) -> None:
    """None of registration, directory, shadow ban and upload, whose refusals reach nobody; being
    told of an account that was made refuses nobody.
    """
    assert tried[name] == hooks


@pytest.mark.parametrize(("name", "place"), [(name, place) for name, (_, place) in BAD.items()])
def test_bad_settings_keep_synapse_from_starting(
    tried: dict[str, list[str]], name: str, place: str
) -> None:
    """A slip must not leave a hook open: Synapse is told which setting, and why."""
    assert tried[name][0] == "ConfigError"
    assert place in tried[name][1:-1]
    assert tried[name][-1]


def test_the_deadline_holds_while_a_question_is_put_together() -> None:
    """A room's state that Synapse cannot read in time keeps nobody waiting."""
    (line,) = printed(LATE)
    found, seconds = json.loads(line)
    assert found == [["allow", True], ["refuse", True]]
    assert 0.4 <= seconds < 5


def test_each_server_may_ask_so_much_and_no_more() -> None:
    """200 at once and 20 a second, each for itself: what is asked costs the writer's time."""
    assert [json.loads(line) for line in printed(BOUND)] == [[200, 3], 20]
