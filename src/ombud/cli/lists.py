"""`ombud lists`: the lists that rules ask, and changing them while rules run.

This module must never print more entries than were asked for: they may be people's ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from ombud.cli.show import (
    Group,
    by_option,
    data_option,
    json_option,
    limit_option,
    print_json,
    say,
    told,
)


@click.group(cls=Group)
def lists() -> None:
    """The lists that rules ask: look at them, change them while rules run."""


@lists.command("list")
@data_option
@json_option
def lists_list(folder: Path, as_json: bool) -> None:
    """All lists in force, with how many entries they have and which rules ask them."""
    from ombud import clock
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = reader.term_lists(clock.now())
        if as_json:
            print_json({"items": found})
            return
        for each in found:
            rules = ", ".join(each["rules"]) or "asked by no rule"
            say(f"{each['name']:<24} {each['entries']:>9,} entries  {_beside(each)}{rules}")


def _beside(found: dict[str, Any]) -> str:
    """What is remarkable about a list's entries."""
    said = [
        f"{found[what]:,} {words}"
        for what, words in (
            ("watch", "on watch"),
            ("capped", "over their cap"),
            ("quarantined", "in quarantine"),
            ("removed", "taken out"),
            ("ending_soon", "end soon"),
        )
        if found[what]
    ]
    return "".join(f"{each}  " for each in said)


@lists.command("show")
@click.argument("name")
@click.option(
    "--state",
    type=click.Choice(["counts", "watch", "capped", "ended", "removed", "quarantined"]),
    help="Only entries that stand so.",
)
@click.option("--skip", default=0, type=click.IntRange(0), help="Leave out so many first.")
@limit_option
@data_option
@json_option
def lists_show(
    name: str, state: str | None, skip: int, limit: int, folder: Path, as_json: bool
) -> None:
    """One list: counts, sources, and a part of its entries."""
    from ombud import clock
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = reader.term_list(name, clock.now(), state=state, limit=limit, skip=skip)
        if as_json:
            print_json(found)
            return
        say(f"{name}: {found['entries']:,} entries  {_beside(found)}".rstrip())
        for source, count in found["sources"].items():
            say(f"    {count:,} from {source}")
        for other in found["includes"]:
            say(f"    includes {other}")
        if found["room"]:
            say(f"    follows {found['room']}")
        for each in found["items"]:
            until = f"  until {each['expires']}" if each["expires"] else ""
            mark = "" if each["state"] == "counts" else f"  {each['state']}"
            stands = f"{mark}{_watch(each)}{_going(each)}{_record(each)}"
            say(f"{each['term']}  ({each['where']}){until}{stands}")
            for line in _advice(each):
                say(f"    {line}")
        if found["shown"] > skip + len(found["items"]):
            say(f"and {found['shown'] - skip - len(found['items']):,} more (--skip, --limit)")


def _advice(entry: dict[str, Any]) -> Iterator[str]:
    """Who publishes an entry and why; and why it does not count here."""
    told, refused = entry["published"], entry["refused"]
    if told is not None and told["ended"]:
        yield f"taken back by who published it, {told['ended']}"
    elif told is not None:
        reason = f": {told['reason']}" if told["reason"] else ""
        what = f"{told['recommendation']} of a {told['kind']}"
        yield f"{what}, published by {told['by']} on {told['written'][:10]}{reason}"
    if refused is not None:
        yield f"not here, since {refused['since'][:10]}: {refused['reason']}"


def _record(entry: dict[str, Any]) -> str:
    """What an entry has done, if anything."""
    if not entry["matches"]:
        return ""
    undone = f", {entry['undone']:,} undone" if entry["undone"] else ""
    return (
        f"  {entry['matches']:,} matches by {entry['people']:,} people{undone}"
        f" ({entry['first']} to {entry['last']})"
    )


_WHY = {
    "many": "it came with many",
    "wide": "{matched} of the latest {looked} posts",
    "busy": "it matched very much",
    "own": "it names your own server, rooms, staff or Ombud",
    "pattern": "it stands for many",
}


def _watch(entry: dict[str, Any]) -> str:
    """Until when an entry is on watch, or why until a person confirms it."""
    told = entry["watch"]
    if told is None:
        return ""
    if told["until"]:
        return f" until {told['until']} or confirmed"
    return f" until confirmed: {_WHY[told['why']].format(**told)}"


def _going(entry: dict[str, Any]) -> str:
    """What somebody else has to ask for too, if anything."""
    told = entry["going"]
    return f"  asked for: {told['do']} (waits until {told['until']})" if told else ""


def _change(folder: Path, as_json: bool, done: str, content: bytes = b"", **asked: Any) -> None:
    """Have a list changed, and say what was done."""
    from ombud import session

    with told(as_json):
        found = session.ask_list(folder, content, **asked)
        if as_json:
            print_json(found)
        elif found["waits"]:
            say("it lets people off: kept for three days, until somebody else asks for it too")
        else:
            say(done.format(**found))


_NEW = click.option("--new", is_flag=True, help="Begin the list if it is not there yet.")


@lists.command("add")
@click.argument("name")
@click.argument("term")
@click.option("--source", help="Where it comes from, if from elsewhere.")
@click.option("--expires", help="When it ends: a date or time (RFC 3339).")
@_NEW
@by_option
@data_option
@json_option
def lists_add(
    name: str,
    term: str,
    source: str | None,
    expires: str | None,
    new: bool,
    by: str,
    folder: Path,
    as_json: bool,
) -> None:
    """Add an entry to a list, on watch; what was said of it before no longer counts."""
    about: dict[str, Any] = {
        "name": name,
        "term": term,
        "source": source,
        "expires": expires,
        "by": by,
    }
    _change(folder, as_json, "added to {list}, on watch", change="add", new=new, **about)


@lists.command("remove")
@click.argument("name")
@click.argument("term")
@by_option
@data_option
@json_option
def lists_remove(name: str, term: str, by: str, folder: Path, as_json: bool) -> None:
    """Take an entry out of a list; where it stands in the file, it stays out until it is added."""
    _change(folder, as_json, "taken out of {list}", change="remove", name=name, term=term, by=by)


@lists.command("import")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="Where the entries come from.")
@_NEW
@by_option
@data_option
@json_option
def lists_import(
    name: str, file: Path, source: str, new: bool, by: str, folder: Path, as_json: bool
) -> None:
    """Add all entries of FILE, written as a list file, to a list, on watch; all of them or none."""
    content = b""
    with told(as_json):
        from ombud import config

        content = config.read_file(file)
    about: dict[str, Any] = {"name": name, "source": source, "new": new, "by": by}
    _change(
        folder, as_json, "{entries} added to {list}, on watch", content, change="import", **about
    )


@lists.command("quarantine")
@click.argument("name")
@click.argument("term")
@click.option("--reason", default="", help="Why it shall not count here.")
@by_option
@data_option
@json_option
def lists_quarantine(
    name: str, term: str, reason: str, by: str, folder: Path, as_json: bool
) -> None:
    """Let an entry not count until it is released, whoever publishes it again."""
    about: dict[str, Any] = {"name": name, "term": term, "reason": reason, "by": by}
    _change(folder, as_json, "in quarantine in {list}", change="quarantine", **about)


@lists.command("release")
@click.argument("name")
@click.argument("term")
@by_option
@data_option
@json_option
def lists_release(name: str, term: str, by: str, folder: Path, as_json: bool) -> None:
    """Let an entry count again that was put in quarantine."""
    _change(folder, as_json, "released in {list}", change="release", name=name, term=term, by=by)


@lists.command("confirm")
@click.argument("name")
@click.argument("term")
@click.option("--all", "whole", is_flag=True, help="With all that came with it.")
@click.option(
    "--seen",
    type=click.IntRange(0),
    help="How often it has matched, where nobody else can confirm.",
)
@by_option
@data_option
@json_option
def lists_confirm(
    name: str, term: str, whole: bool, seen: int | None, by: str, folder: Path, as_json: bool
) -> None:
    """Let an entry count that is on watch, before its time; by somebody else than who added it."""
    about: dict[str, Any] = {"name": name, "term": term, "whole": whole, "seen": seen, "by": by}
    _change(folder, as_json, "{entries} confirmed in {list}", change="confirm", **about)
