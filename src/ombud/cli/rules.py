"""`ombud rules` and `ombud signals`: what the community says, and what rules can see.

This module must never activate anything: it reads the texts, tells what they would do, and hands on
what people say of them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ombud.cli.replay import (
    figure,
    show_few,
    show_labels,
    show_run,
    show_sample,
    show_share,
    show_would,
)
from ombud.cli.show import (
    WRONG,
    Group,
    by_option,
    data_option,
    diagnostic_json,
    instant,
    json_option,
    past_progress,
    print_json,
    say,
    show_diagnostic,
    talk,
    told,
)

if TYPE_CHECKING:
    from ombud.rules.cost import Cost


@click.group(cls=Group)
def rules() -> None:
    """The community's rules: read, check, format, try."""


@rules.command("list")
@data_option
@json_option
def rules_list(folder: Path, as_json: bool) -> None:
    """All rules with their clause, mode, and what they may do by themselves now."""
    from ombud import rulebook

    with told(as_json):
        found = rulebook.listing(folder)
        if as_json:
            print_json({"items": found})
            return
        for each in found:
            say(f"{each['name']:<24} {each['mode']:<6} {each['clause']:<22} {each['acts']}")
            if each["eyes"]:
                say(f"    {_behind(each)}{_watching(each)}")


def _behind(rule: Mapping[str, Any]) -> str:
    """Who stands behind a rule's version."""
    author = rule["author"] or "(erased)"
    others = ", ".join(name or "(erased)" for name in rule["approved_by"])
    if not others:
        return f"one person: {author}"
    alone = "one person: " if rule["eyes"] == "one person" else ""  # its author may have approved
    return f"{alone}by {author}, approved by {others}"


def _watching(rule: Mapping[str, Any]) -> str:
    """Until when it watches; what to do where that is soon or over."""
    if not rule["watch"] or rule["mode"] != "watch":
        return ""
    day, name = rule["watches_until"][:10], rule["name"]
    if rule["watch"] == "watching":
        return f"; watches until {day}"
    over = "has watched its time, and is judged no more since" if rule["watch"] == "ended" else ""
    return f"; {over or 'watches only until'} {day}: `ombud rules renew {name}`"


@rules.command("check")
@data_option
@json_option
def rules_check(folder: Path, as_json: bool) -> None:
    """Check rules, policies and lists; exit 1 where there are errors."""
    from ombud import rulebook
    from ombud.rules import cost
    from ombud.rules.diagnostic import ERROR, WARNING

    with told(as_json):
        loaded, ending = rulebook.loaded(folder), rulebook.ending(folder)
        costs = cost.of(loaded.rules)
        if as_json:
            items = [diagnostic_json(each) for each in loaded.diagnostics]
            found = {"ok": loaded.ok, "rules": len(loaded.rules), "left_out": loaded.left_out}
            found |= {"errors": loaded.count(ERROR), "warnings": loaded.count(WARNING)}
            print_json({**found, "items": items, "ending": ending, "cost": costs.as_json()})
        else:
            for each in loaded.diagnostics:
                show_diagnostic(each)
            for one in ending:
                talk(f"{one['rule']}{_watching({'name': one['rule'], 'mode': 'watch', **one})}")
            errors, warnings = loaded.count(ERROR), loaded.count(WARNING)
            counts = (_many(errors, "error"), _many(warnings, "warning"))
            out = f" ({loaded.left_out} left out)" if loaded.left_out else ""
            say(f"{_many(len(loaded.rules) + loaded.left_out, 'rule')}{out}, {', '.join(counts)}")
            _say_cost(costs)
    if not loaded.ok:
        sys.exit(WRONG)


def _say_cost(costs: Cost) -> None:
    """What the rules may cost, kind by kind, and what of them is dearest."""
    for each in costs.kinds:
        say(
            f"one {each.kind}: usually {each.usual_us:,}, everything asked {each.worst_us:,}"
            f" millionths of a second; the longest text {each.longest_us / 1_000_000:.1f} seconds"
        )
    for what, dearest in (("rules", costs.rules), ("conditions", costs.conditions)):
        if dearest:
            say(f"dearest {what}: {', '.join(f'{name} ({us:,})' for name, us in dearest)}")


def _many(count: int, what: str) -> str:
    """A number and its noun."""
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


@rules.command("renew")
@click.argument("rule")
@by_option
@data_option
@json_option
def rules_renew(rule: str, by: str, folder: Path, as_json: bool) -> None:
    """Let a RULE on watch watch for 90 days more, from now."""
    from ombud import session

    with told(as_json):
        session.request(folder, "renew", rule=rule, by=by)
        if as_json:
            print_json({"renewed": rule})
        else:
            say(f"{rule} watches for 90 days more")


@rules.command("approve")
@click.argument("rule")
@click.option("--by", required=True, help="Who has read it; another person than its author.")
@click.option("--version", help="Approve only this version; its first characters are enough.")
@data_option
@json_option
def rules_approve(rule: str, by: str, version: str | None, folder: Path, as_json: bool) -> None:
    """Put a second pair of eyes behind the version of a RULE that is in force."""
    from ombud import session

    with told(as_json):
        session.request(folder, "approve", rule=rule, by=by, version=version)
        if as_json:
            print_json({"approved": rule, "by": by})
        else:
            say(f"{rule} is approved by {by}")


@rules.command("format")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 where a file would change.")
@data_option
@json_option
def rules_format(check: bool, folder: Path, as_json: bool) -> None:
    """Bring every rule file into the one canonical layout."""
    from ombud import rulebook

    with told(as_json):
        changed = rulebook.format_all(folder, write=not check)
        if as_json:
            print_json({"items": changed})
        else:
            for name in changed:
                say(f"{'would change' if check else 'changed'} {name}")
    if check and changed:
        sys.exit(WRONG)


@rules.command("test")
@data_option
@json_option
def rules_test(folder: Path, as_json: bool) -> None:
    """Run the examples that stand beside the rules; exit 1 where one fails."""
    from ombud import rulebook

    with told(as_json):
        (found, errors), covered = rulebook.tried(folder), rulebook.covered(folder)
        for problem in errors:
            show_diagnostic(problem)
        if as_json:
            print_json({"items": found, "rules": covered})
        else:
            for each in found:
                sign = "catches" if each["catch"] else "passes"
                mark = "ok  " if each["ok"] else "FAIL"
                say(f"{mark}  {each['rule']}  {sign}: {each['title']}")
                if not each["ok"] and each["detail"]:
                    talk(f"      {each['detail']}")
            for rule in covered:
                _show_coverage(rule)
    if errors or not all(each["ok"] for each in found):
        sys.exit(WRONG)


def _show_coverage(rule: dict[str, Any]) -> None:
    """How many conditions of a rule its examples show, and which they do not."""
    conditions = rule["conditions"]
    say(f"{rule['rule']}: conditions shown by examples: {rule['shown']} of {len(conditions)}")
    for each in conditions:
        if not each["shown"]:
            wanted = "should catch" if each["part"] == "when" else "should pass"
            say(f"      line {each['line']}, {each['condition']}: by no example that {wanted}")


@rules.command("watch")
@click.argument("name", required=False)
@click.option(
    "--labels",
    type=click.Path(path_type=Path),
    help="A file of labels, one JSON object a line: source, id, clause, breaks.",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), help="Draw the sample by this number; else random."
)
@click.option("--since", help="Count what was received from this time on.")
@by_option
@data_option
@json_option
def rules_watch(
    name: str | None,
    labels: Path | None,
    seed: int | None,
    since: str | None,
    by: str,
    folder: Path,
    as_json: bool,
) -> None:
    """What the watching rules, or the rule NAME, have hit since they went into watch."""
    from ombud import runs

    with told(as_json):
        with past_progress(as_json) as begin:
            found = runs.watched(folder, name, labels, seed, begin, instant(since), by)
        if as_json:
            print_json(found)
            return
        for each in found["items"]:
            begun = "watching since" if since is None else "watching, counted from"
            say(f"{each['name']} ({each['clause']}), {begun} {each['since']}")
            if each["few"]:
                show_few()
            else:
                beside = f"{figure(each['beside_acting'])} of them beside a rule that acts"
                say(f"  {figure(each['hits'])} hits, {beside}, {figure(each['people'])} people")
            if each["unknown"] != 0:
                say(f"  unknown on {figure(each['unknown'])} events")
            show_would(each["would"])
            show_share("precision", each["precision"])
            show_share("recall", each["recall"])
        if not found["items"]:
            say("no rule is watching")
        show_labels(found["labels"])
        show_sample(found["sample"])
        show_run(found)
        say(f"time: {found['seconds']} s")


@click.group(cls=Group)
def signals() -> None:
    """What rules can see."""


@signals.command("list")
@click.option(
    "--lang",
    default="en",
    show_default=True,
    type=click.Choice(["en", "vi"]),
    help="The language of the meanings.",
)
@json_option
def signals_list(lang: str, as_json: bool) -> None:
    """All signals and counters with their meaning."""
    from ombud import rulebook

    found = rulebook.signals()
    if as_json:
        print_json({"items": found})
        return
    for each in found:
        say(f"{each['name']:<34} {each['type']:<10} {each['meaning'][lang]}")


@signals.command("explain")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option
@json_option
def signals_explain(file: Path, folder: Path, as_json: bool) -> None:
    """All facts of each event in FILE, as rules would see them, from an empty past."""
    from ombud import rulebook

    with told(as_json):
        found = rulebook.explained(folder, file)
        if as_json:
            print_json({"items": found})
            return
        for each in found:
            if "error" in each:
                error = each["error"]
                say(f"{each['id']}: {error['code']} {error['message']} ({error['where']})")
                continue
            fired = ", ".join(each.get("fired", ())) or "no rule fired"
            say(f"{each['id']} ({each['kind'] or 'not judged'}): {fired}")
            for name, value in each.get("facts", {}).items():
                say(f"    {name:<44} {rulebook.said(name, value)}")


@signals.command("pdq")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@json_option
def signals_pdq(files: tuple[Path, ...], as_json: bool) -> None:
    """The hash of pictures, for `author.avatar` of events and for lists of avatars.

    Needs the extra "images". A picture of little detail (quality under 50) is no use.
    """
    from ombud import rulebook

    with told(as_json):
        found = rulebook.hashed(files)
        if as_json:
            print_json({"items": found})
            return
        for each in found:
            say(f"{each['pdq']}  {each['quality']:>3}  {each['file']}")
