"""Canned replies: read from their folder, one bad file keeping no other away; blanks are filled."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import prepare
from ombud import appeals, casework, replies, samples
from ombud.app import Engine
from ombud.errors import BadUse
from ombud.i18n import SPOKEN
from ombud.replies import FILES_MAX, TEXT_LENGTH_MAX


def write(folder: Path, **told: str) -> Path:
    """A folder with replies, by file name with _ for a point."""
    (folder / "replies").mkdir()
    for name, content in told.items():
        (folder / "replies" / f"{name.replace('_', '.')}.md").write_text(content, encoding="utf-8")
    return folder


def test_a_reply_is_a_title_and_a_text_in_each_language(tmp_path: Path) -> None:
    """Composed, without edges; a language may be missing."""
    found = replies.read(
        write(
            tmp_path,
            wait_en="# Wait\n\nWe look.\n\nAgain.\n",
            wait_vi="# Chờ\nĐang xem.",
            b_vi="# B\nB",
        )
    )
    assert list(found.by_name) == ["b", "wait"]
    wait = found.by_name["wait"]
    assert wait.titles == {"en": "Wait", "vi": "Chờ"}
    assert wait.texts == {"en": "We look.\n\nAgain.", "vi": "Đang xem."}
    assert not found.refused
    assert replies.read(tmp_path / "none") == replies.Replies()


BAD = {
    "no-title_en": "Wait\n\nText",
    "no-text_en": "# Wait\n\n",
    "long-title_en": "# " + "x" * 101 + "\nText",
    "long_en": "# Wait\n" + "x" * (TEXT_LENGTH_MAX + 1),
    "open-blank_en": "# Wait\nWe [[look",
    "closed-blank_en": "# Wait\nWe look]]",
    "unseen_en": "# Wait\nWe \u202elook",
    "control_en": "# Wait\nWe \x1blook",
    "Wait_en": "# Wait\nUpper",
    "wait_fr": "# Wait\nFrench",
    "wait": "# Wait\nNo language",
    "huge_en": "# Wait\n" + "x" * 20_000,
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_named_and_keeps_no_other_away(tmp_path: Path, name: str) -> None:
    """Nothing of it is offered."""
    found = replies.read(write(tmp_path, good_en="# Good\nText", **{name: BAD[name]}))
    assert list(found.by_name) == ["good"]
    assert [error.code for error in found.refused] == ["U333"]
    assert name.replace("_", ".") in found.refused[0].message


def test_what_is_no_text_or_no_file_is_named_too(tmp_path: Path) -> None:
    """Bytes that are no UTF-8, folders, too many; what editors leave behind is passed over."""
    folder = write(tmp_path, good_en="# Good\nText") / "replies"
    (folder / "bytes.en.md").write_bytes(b"# \xff\n\xff")
    (folder / "folder.en.md").mkdir()
    (folder / ".hidden").write_text("x")
    (folder / "good.en.md~").write_text("x")
    assert len(replies.read(tmp_path).refused) == 2
    for n in range(FILES_MAX + 1):
        (folder / f"r{n:03}.en.md").write_text("# R\nText")
    found = replies.read(tmp_path)
    assert len(found.by_name) <= FILES_MAX
    assert "more than" in found.refused[0].message


def test_the_shipped_ones_are_good_in_every_language() -> None:
    """Also with the blanks that they have; and a first start puts them into the folder."""
    names = samples.files("replies")
    assert len(names) >= 10
    for name, content in names.items():
        title, text = replies.parsed(name, content.decode())
        assert title
        assert text
    assert {name.rpartition(".")[0][-2:] for name in names} == set(SPOKEN)


def test_the_first_start_copies_them(tmp_path: Path) -> None:
    """Beside what is there."""
    with Engine(tmp_path):
        pass
    found = replies.read(tmp_path)
    assert len(found.by_name) >= 5
    assert not found.refused
    assert all(set(each.texts) == set(SPOKEN) for each in found.by_name.values())


def test_no_message_goes_out_with_a_blank(tmp_path: Path) -> None:
    """Neither from a page nor from the command line, neither with an appeal nor with a case."""
    for text in ("Because [[why]].", "[[]]", "two [[one]] and [[two]]"):
        with pytest.raises(BadUse, match="U332"):
            appeals.worded({"en": text})
    asked = {"case": "cas_1", "by": "mia", "outcome": "release", "why": {"en": text}}
    with Engine(prepare(tmp_path)) as engine, pytest.raises(BadUse, match="U332"):
        casework.perform(engine, "decide case", asked)
    assert appeals.worded({"en": "[1] [a] [[ [b] ]"}) == {"en": "[1] [a] [[ [b] ]"}
