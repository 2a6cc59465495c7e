"""What a platform can do and take back bounds what a rule does; an undo reaches what was chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flow.platform_side import CONNECTED, DOORS_RULES, HOUR, all_holds, connected
from flow.small_community import NOW, event, rows, rule
from ombud.activation.compiling import BadRulesFound


def bags(number: int | str, **more: Any) -> dict[str, Any]:
    """A post by ana that is held."""
    return event(number, **{"text": "cheap bags", **more})


# --- what a platform can do -----------------------------------------------------------------------

ELSEWHERE = '\n[connectors.elsewhere]\nurl = "http://127.0.0.1:9/elsewhere"\n'


def able(**actions: str) -> str:
    """Settings of a platform that can do these actions, undone so well; another can do all."""
    listed = ", ".join(f'"{name}" = "{undo}"' for name, undo in actions.items())
    return f"{CONNECTED}actions = {{ {listed} }}\n{ELSEWHERE}"


@pytest.mark.parametrize(
    ("settings", "action", "reasons"),
    [
        (able(hold="exact"), "hold", ["hold"]),
        (able(hold="partial"), "hold", ["hold"]),
        (able(hold="none"), "allow", ["cannot be undone"]),
        (able(warn="exact"), "allow", ["not on this platform"]),
        (CONNECTED, "hold", ["hold"]),
    ],
)
def test_a_rule_does_only_what_the_platform_can_take_back(
    settings: str, action: str, reasons: list[str], tmp_path: Path
) -> None:
    """What cannot be done or undone is put before a person, with that reason; replay agrees."""
    with connected(tmp_path, settings=settings) as platform:
        (answer,) = platform.stream(bags(1))
        assert answer.action == action
        assert rows(tmp_path, "SELECT reason FROM review_case") == [(each,) for each in reasons]
        made = rows(tmp_path, "SELECT count(*) FROM decision")
        assert made == [(int(action == "hold"),)]
        assert len(platform.outbox(kind="action")) == made[0][0]
        all_holds(platform)
    with connected(tmp_path) as platform:
        all_holds(platform)


def test_another_platform_s_limits_are_its_own(tmp_path: Path) -> None:
    """A platform without a connector records everything, whatever the connected one can do."""
    with connected(tmp_path, settings=able(warn="exact")) as platform:
        assert platform.stream(bags(1))[0].action == "allow"
        assert platform.stream(bags(2, source="forum/hall"))[0].action == "hold"
        all_holds(platform)


def test_alerts_need_no_platform(tmp_path: Path) -> None:
    """An alert opens a case here: no connector has to know it."""
    name, text = rule("seen", 'text contains "x"', 'text "x"', 'text "a"', then='alert "spam"')
    rules = {**DOORS_RULES, name: text}
    with connected(tmp_path, settings=able(warn="exact"), rules=rules) as platform:
        platform.stream(event(1, text="x"))
        assert rows(tmp_path, "SELECT reason FROM review_case") == [("alert",)]


def test_a_change_of_what_a_platform_can_do_is_activated(tmp_path: Path) -> None:
    """It changes verdicts, so it is a control; where the platform is reached is none."""
    with connected(tmp_path) as platform:
        assert platform.stream(bags(1))[0].action == "hold"
        settings = tmp_path / "ombud.toml"
        settings.write_text(CONNECTED.replace(":9/", ":10/") + "[hooks.default]\n")
        assert not platform.engine.reload()
        assert platform.engine.settings.connectors["chat"].url.endswith(":10/hook")
        settings.write_text(able(hold="none"))
        assert platform.engine.reload()
        assert platform.stream(bags(2))[0].action == "allow"
        all_holds(platform)


def test_what_no_platform_can_do_is_refused_and_what_runs_goes_on(tmp_path: Path) -> None:
    """A live rule needs a connected platform that can do and undo what it asks for."""
    with connected(tmp_path) as platform:
        for actions in ({"warn": "exact"}, {"hold": "none", "warn": "exact"}):
            (tmp_path / "ombud.toml").write_text(able(**actions).replace(ELSEWHERE, ""))
            with pytest.raises(BadRulesFound) as refused:
                platform.engine.reload()
            assert {each.code for each in refused.value.diagnostics} == {"R076"}
            assert platform.stream(bags(str(actions)))[0].action == "hold"
        (tmp_path / "ombud.toml").write_text(able(warn="exact"))
        assert platform.engine.reload()
        assert platform.stream(bags("last"))[0].action == "allow"
        all_holds(platform)


# --- undoing much at once -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "undone"),
    [
        ({"account": "ana", "platform": "chat"}, "ac"),
        ({"account": "bo", "platform": "chat"}, "b"),
        ({"rule": "bags"}, "abd"),
        ({"by_role": "rule"}, "abcd"),
        ({"since": NOW + HOUR}, "bcd"),
        ({"since": NOW + HOUR, "until": NOW + 3 * HOUR}, "bc"),
        ({"account": "ana", "platform": "chat", "since": NOW + HOUR}, "c"),
        ({"account": "ana", "platform": "forum"}, "d"),
    ],
)
def test_an_undo_takes_exactly_what_is_chosen(
    chosen: dict[str, Any], undone: str, tmp_path: Path
) -> None:
    """Of a person, a rule, a role, a time: each inverse goes out, and no other."""
    with connected(tmp_path) as platform:
        made = {}
        for hours, (letter, told) in enumerate(
            {
                "a": bags(1),
                "b": bags(2, author={"id": "bo"}),
                "c": event(3, text="mind you"),
                "d": bags(4, source="forum/hall"),
            }.items()
        ):
            platform.clock[0] = NOW + hours * HOUR + (hours > 0)
            made[platform.stream(told)[0].decisions[0]] = letter
        platform.deliver()
        found = platform.engine.undo("admin", **chosen)
        assert "".join(made[each] for each in found) == undone
        sent = [each["decision"] for each in platform.deliver() if each["type"] == "action"]
        assert "".join(made[each] for each in sent) == undone.replace("d", "")
        assert platform.engine.undo("admin", **chosen) == []
        all_holds(platform)


def test_undoing_an_unknown_person_is_an_error(tmp_path: Path) -> None:
    """Nobody of that name was ever here: U011, and nothing is journalled."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1))
        with pytest.raises(Exception, match="U011"):
            platform.engine.undo("admin", account="nobody", platform="chat")
        assert rows(tmp_path, "SELECT max(seq) FROM journal") == [(2,)]
