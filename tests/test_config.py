"""What the operator wrote: settings by name, bounded files, samples that never overwrite."""

from __future__ import annotations

from pathlib import Path

import pytest

from ombud import config
from ombud.config import Settings
from ombud.errors import BadData, BadUse
from ombud.model import MATRIX_ACTIONS, ONLY_BEFORE


def test_settings_have_defaults_and_are_read_from_toml(tmp_path: Path) -> None:
    """No file means every default; a file changes what it names."""
    assert config.read(tmp_path).settings == Settings()
    assert not Settings().procedural_holds
    (tmp_path / "ombud.toml").write_text(
        'name = "Phở & friends"\nprocedural_holds = true\nlanguages = ["vi"]\n'
        '[queues]\nspam = "links and shops"\n',
        encoding="utf-8",
    )
    found = config.read(tmp_path).settings
    assert found.name == "Phở & friends"
    assert found.procedural_holds
    assert found.languages == ("vi",)
    assert found.queues == {"spam": "links and shops"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"procedural_hold = true", "procedural_hold"),
        (b'procedural_holds = "yes"', "procedural_holds"),
        (b"[queues]\nspam = 5", "queues"),
        (b"name = \nx = 1", "line 1"),
        (b"name = 'a'\nname = 'b'\n", "line 2"),
        (b"name = '\xff'", "utf-8"),
    ],
)
def test_bad_settings_are_refused_by_name(content: bytes, said: str) -> None:
    """An unknown setting, a wrong type and broken TOML are U001, and the message says which."""
    with pytest.raises(BadUse) as caught:
        config.parse_settings(content, "/x/ombud.toml")
    assert caught.value.code == "U001"
    assert caught.value.where == "/x/ombud.toml"
    assert said in caught.value.message


def test_deeply_nested_settings_are_refused() -> None:
    """Nesting of any depth is an error and no crash."""
    with pytest.raises(BadUse) as caught:
        config.parse_settings(b"name = " + b"[" * 100_000)
    assert caught.value.code == "U001"


def test_each_folder_holds_files_of_its_own_sort(tmp_path: Path) -> None:
    """Rules, policies and lists are read by suffix; other files and folders are passed over."""
    for name in ("rules/a.rule", "rules/a.rule~", "policies/p.md", "lists/l.txt", "lists/l.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode())
    (tmp_path / "rules" / "folder.rule").mkdir()
    found = config.read(tmp_path)
    assert found.of("rules") == {"a.rule": b"rules/a.rule"}
    assert found.of("policies") == {"p.md": b"policies/p.md"}
    assert found.of("lists") == {"l.txt": b"lists/l.txt"}


def test_what_stands_beside_the_files_is_named(tmp_path: Path) -> None:
    """All that is not read, by folder and name; hidden files and an editor's own apart."""
    for name in (
        *("rules/zz.rule.txt", "rules/zz.Rule", "rules/sub/zz.rule", "rules/dir.rule/x"),
        *("policies/other.MD", "policies/p.md", "lists/more.csv", "lists/l.txt"),
        *("rules/.a.rule.swp", "rules/a.rule~", "rules/.git/x", "rules/#a.rule#", "rules/a.bak"),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    assert config.read(tmp_path).unread == (
        *("rules/dir.rule/", "rules/sub/", "rules/zz.Rule", "rules/zz.rule.txt"),
        *("policies/other.MD", "lists/more.csv"),
    )


def test_files_are_read_in_one_order(tmp_path: Path) -> None:
    """The order of files does not depend on the file system."""
    (tmp_path / "rules").mkdir()
    for name in ("c", "a", "b"):
        (tmp_path / "rules" / f"{name}.rule").write_bytes(b"")
    assert list(config.read(tmp_path).rules) == ["a.rule", "b.rule", "c.rule"]


def test_the_number_and_size_of_files_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too many files are D006, a too large one D005, each with its path."""
    (tmp_path / "lists").mkdir()
    for name in ("a", "b", "c"):
        (tmp_path / "lists" / f"{name}.txt").write_bytes(b"12345")
    monkeypatch.setattr(config, "FILES_MAX", 2)
    with pytest.raises(BadData) as caught:
        config.read(tmp_path)
    assert (caught.value.code, caught.value.where) == ("D006", str(tmp_path / "lists"))
    monkeypatch.setattr(config, "FILES_MAX", 3)
    monkeypatch.setattr(config, "FILE_BYTES_MAX", 4)
    with pytest.raises(BadData) as caught:
        config.read(tmp_path)
    assert (caught.value.code, caught.value.where) == ("D005", str(tmp_path / "lists" / "a.txt"))


def test_samples_never_overwrite(tmp_path: Path) -> None:
    """A file that is there stays as it is, byte for byte; the others are written beside it."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.rule").write_bytes(b"mine")
    samples = {"rules": {"a.rule": b"sample"}, "policies": {"p.md": b"policy"}}
    config.copy_samples(tmp_path, samples)
    config.copy_samples(tmp_path, {**samples, "policies": {"p.md": b"newer"}})
    assert (tmp_path / "rules" / "a.rule").read_bytes() == b"mine"
    assert (tmp_path / "policies" / "p.md").read_bytes() == b"policy"


# --- doors ----------------------------------------------------------------------------------------

CONNECTED = """
public_url = "https://talk.example/mod"

[connectors.forum]
url = "http://127.0.0.1:8000/hook"
allow = ["127.0.0.1"]
actions = { hold = "exact", remove = "partial", label = "none" }

[connectors.chat]
url = "https://chat.example/hook"

[hooks.default]
[hooks.strict]
deadline_ms = 200
late = "refuse"
"""


def test_connectors_and_hooks_are_read(tmp_path: Path) -> None:
    """Each platform with its address and what it can do, each hook with its deadline."""
    (tmp_path / "ombud.toml").write_text(CONNECTED, encoding="utf-8")
    found = config.read(tmp_path)
    forum, chat = found.settings.connectors["forum"], found.settings.connectors["chat"]
    assert (forum.url, forum.allow) == ("http://127.0.0.1:8000/hook", ("127.0.0.1",))
    assert (chat.actions, chat.allow, chat.timeout_seconds) == ({}, (), 10)
    default, strict = found.settings.hooks["default"], found.settings.hooks["strict"]
    assert (default.deadline_ms, default.late) == (500, "allow")
    assert (strict.deadline_ms, strict.late) == (200, "refuse")
    assert found.capabilities == {
        "forum": {"hold": "exact", "remove": "partial", "label": "none"},
        "chat": {},
    }
    assert config.read(tmp_path / "elsewhere").capabilities == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("public_url = 'talk.example'", "public_url"),
        ("public_url = 'https://a b'", "public_url"),
        ("[connectors.a]", "url"),
        ("[connectors.a]\nurl = 'ftp://a.example'", "url"),
        ("[connectors.a]\nurl = 'https://a'\ntimeout_seconds = 0", "timeout_seconds"),
        ("[connectors.a]\nurl = 'https://a'\ntimeout_seconds = 61", "timeout_seconds"),
        ("[connectors.a]\nurl = 'https://a'\nsecret = 'x'", "secret"),
        ("[connectors.a]\nurl = 'https://a'\nactions = { hold = 'sometimes' }", "actions"),
        ("[hooks.a]\ndeadline_ms = 9", "deadline_ms"),
        ("[hooks.a]\ndeadline_ms = 30001", "deadline_ms"),
        ("[hooks.a]\nlate = 'silent'", "late"),
    ],
)
def test_bad_doors_are_refused_by_name(content: str, said: str) -> None:
    """What cannot be reached, waited for or answered is U001, and the message says which."""
    with pytest.raises(BadUse) as caught:
        config.parse_settings(content.encode())
    assert caught.value.code == "U001"
    assert said in caught.value.message


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/full", "/dev"])
def test_what_is_no_regular_file_is_not_read(path: str) -> None:
    """A device never ends, and tells a size of nothing."""
    with pytest.raises(BadData, match="D016"):
        config.read_file(Path(path))


MATRIX = """
[matrix.talk]
url = "http://127.0.0.1:8008"
server = "talk.example"
rooms = ["!a:talk.example", "!b"]
"""


def test_a_homeserver_is_a_platform_beside_the_others(tmp_path: Path) -> None:
    """What it can do is the software's to say; two platforms of one name are refused."""
    (tmp_path / "ombud.toml").write_text(CONNECTED + MATRIX, encoding="utf-8")
    found = config.read(tmp_path)
    assert set(found.settings.platforms) == {"forum", "chat", "talk"}
    assert found.settings.matrix["talk"].account == "@ombud:talk.example"
    assert found.capabilities["talk"] == {**MATRIX_ACTIONS, "hold": ONLY_BEFORE}
    with pytest.raises(BadUse) as caught:
        config.parse_settings((CONNECTED + MATRIX.replace("talk]", "chat]")).encode())
    assert caught.value.code == "U480"
    for wrong in ("rooms = []", 'rooms = ["#a:b"]', 'rooms = ["!a b"]'):
        bad = MATRIX.replace('rooms = ["!a:talk.example", "!b"]', wrong)
        with pytest.raises(BadUse):
            config.parse_settings(bad.encode())
