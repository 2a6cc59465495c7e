"""`ombud cases`: what waits for a person, and deciding it.

This module must never show a text that was not asked for by its case, nor who flagged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from ombud.cli.show import (
    Group,
    data_option,
    instant,
    json_option,
    length,
    limit_option,
    print_json,
    say,
    told,
)

F = TypeVar("F", bound=Callable[..., Any])


def by_option(command: F) -> F:
    """`--by NAME`: who does it. Until there are accounts of staff it is what you say it is; then it
    is one of them, whose roles allow it.
    """
    return click.option(
        "--by", default="admin", show_default=True, help="Your name; kept in the key file alone."
    )(command)


def role_option(default: str) -> Callable[[F], F]:
    """`--role`: as what somebody acts; it is all that others are told."""
    return click.option(
        "--role",
        default=default,
        show_default=True,
        type=click.Choice(["admin", "reviewer", "appeals reviewer"]),
        help="As what you act, where there are no accounts: all that the person is told of you.",
    )


lang_option = click.option(
    "--lang",
    default="en",
    show_default=True,
    type=click.Choice(["en", "vi"]),
    help="The language of what is shown.",
)
lease_option = click.option("--lease", help="The token that `claim` gave you.")


@click.group(cls=Group)
def cases() -> None:
    """What waits for a person: look at it, take it, decide it."""


@cases.command("list")
@click.option("--queue", default="", help="Only this queue.")
@click.option(
    "--state",
    default="open",
    show_default=True,
    type=click.Choice(["open", "snoozed", "assigned", "closed"]),
    help="Only cases that stand so.",
)
@click.option("--after", default="", metavar="ID", help="Go on behind this case.")
@lang_option
@limit_option
@data_option
@json_option
def cases_list(
    queue: str, state: str, after: str, lang: str, limit: int, folder: Path, as_json: bool
) -> None:
    """The cases of a queue, in the order in which somebody should look at them."""
    from ombud import clock
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        book = reader.casebook()
        now = clock.now()
        found = book.page(now, lang, queue=queue, state=state, after=after, limit=limit)
        if as_json:
            print_json({"items": found, "queues": book.queues(now)})
            return
        for each in found:
            who = f"  {each['claimed_by']} has it" if each["claimed_by"] else ""
            many = f"{each['records']} records" if each["records"] != 1 else "1 record"
            say(f"{each['id']}  {each['queue']:<14} {each['clause']:<22} {many}{who}")
            say(f"    {each['why']}")
        queues = book.queues(now)
        waiting = ", ".join(f"{one['queue']} {one['open']}" for one in queues)
        say(f"open: {waiting or 'nothing'}")
        for one in queues:
            if one["called"]:
                more = f", {one['folded']} more folded into them" if one["folded"] else ""
                say(f"called to {one['queue']} within a day: {one['called']} messages{more}")


@cases.command("show")
@click.argument("case")
@lang_option
@data_option
@json_option
def cases_show(case: str, lang: str, folder: Path, as_json: bool) -> None:
    """One case: what was said, why it is here, what was done before, what can be done."""
    from ombud import clock
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = reader.casebook().case(case, clock.now(), lang)
        if as_json:
            print_json(found)
            return
        title = found["titles"].get(lang) or found["titles"].get("en", "")
        say(f"{found['id']}  {found['clause']} {title}  ({found['reason']})")
        say(found["why"])
        for each in found["subjects"]:
            _show_subject(each)
        for note in found["notes"]:
            say(f"note by {note['by']}, until {note['until'][:10]}: {note['text']}")
        if found["proposal"]:
            by, which = found["proposal"]["by"], found["proposal"]["id"]
            say(f"proposed by {by}: waits for a second person (--proposal {which})")
        if found["looks_at"]:
            late = ", overdue" if found["looks_at"]["overdue"] else ""
            say(f"look at {found['looks_at']['case']} by {found['looks_at']['due'][:19]}{late}")
        for review in found["reviews"]:
            undone = ", undone" if review["undone"] else ""
            say(f"{review['time'][:19]}  {review['outcome']} by {review['by']}{undone}")


@cases.command("irreversible")
@limit_option
@data_option
@json_option
def cases_irreversible(limit: int, folder: Path, as_json: bool) -> None:
    """What people did that cannot be taken back, and whether somebody else has looked at it."""
    from ombud import clock
    from ombud.controls import irreversible
    from ombud.reading import reading

    with told(as_json), reading(folder) as reader:
        found = irreversible.listed(reader.store, clock.now(), limit)
        if as_json:
            print_json(found)
            return
        for each in found["items"]:
            when = f"decided {each['decided'][:19]}, due {each['due'][:19]}"
            say(f"{each['case']}  {each['action']} ({each['clause']}): {each['state']}; {when}")
        say(f"{found['count']} in all, {found['overdue']} overdue, {found['late']} looked at late")


def _show_subject(found: Mapping[str, Any]) -> None:
    """One record of a case."""
    apart = f"  apart: {found['apart']}" if found["apart"] else ""
    judged = "  judged" if found["judged"] else ""
    who = f"  {found['account']}" if found["account"] else ""
    say(f"record {found['record']}: {found['subject'] or 'gone'}{who}{apart}{judged}")
    if found["text"]:
        say(f"    “{found['text']}”")
    for each in found["saw"]:
        say(f"    - {each}")
    if found["decision"]:
        one = found["decision"]
        say(f"    {one['action']}: {one['state']}, by {one['by']}")
    acts = ", ".join(f"{each['action']} ({each['on']})" for each in found["choices"])
    if acts:
        say(f"    can be done: {acts}")


def _ask(folder: Path, as_json: bool, do: str, done: str, **asked: Any) -> None:
    """Have something done, and say so."""
    from ombud import session

    with told(as_json):
        found = session.request(folder, do, **asked)
        if as_json:
            print_json(found if isinstance(found, dict) else {"done": bool(found)})
        else:
            say(done.format(**found) if isinstance(found, dict) else done)


@cases.command("claim")
@click.argument("case", required=False)
@click.option("--queue", default="", help="The next of this queue, where no case is named.")
@click.option("--after", default="", metavar="ID", help="The next one behind this case.")
@by_option
@data_option
@json_option
def cases_claim(
    case: str | None, queue: str, after: str, by: str, folder: Path, as_json: bool
) -> None:
    """Take a case, or the next one: nobody else decides it for 15 minutes."""
    from ombud import session

    with told(as_json):
        asked = {"case": case or "", "queue": queue, "after": after, "by": by}
        found = session.request(folder, "claim case", **asked)
        if as_json:
            print_json(found)
        elif found["case"]:
            say(f"{found['case']} is yours until {found['until']} (--lease {found['lease']})")
        else:
            say("Nothing waits.")


@cases.command("back")
@click.argument("case")
@by_option
@data_option
@json_option
def cases_back(case: str, by: str, folder: Path, as_json: bool) -> None:
    """Give a case back before your claim ends."""
    _ask(folder, as_json, "give case back", "Anybody can take it.", case=case, by=by)


@cases.command("decide")
@click.argument("case")
@click.argument("outcome", type=click.Choice(["uphold", "release", "seen"]))
@click.option("--action", "actions", multiple=True, help="What is done; once for each target.")
@click.option("--on", "targets", multiple=True, help="To what each is done: this, author, room.")
@click.option("--for", "lasts", help="For how long: the last action named.", metavar="LENGTH")
@click.option("--text", help="A label's, warning's or context's text.")
@click.option("--why", help="Why, in your words, for the person concerned.")
@click.option("--why-lang", default="en", show_default=True, type=click.Choice(["en", "vi"]))
@click.option("--record", "records", multiple=True, type=int, help="Only this record.")
@click.option("--all", "everything", is_flag=True, help="All but those that stand apart.")
@click.option("--alone", is_flag=True, help="There is nobody to confirm it.")
@click.option("--proposal", help="The one of somebody else that you want something else than.")
@click.option("--never-again", "rest", is_flag=True, help="Rules ask no more, for 30 days.")
@lease_option
@role_option("reviewer")
@by_option
@data_option
@json_option
def cases_decide(
    case: str,
    outcome: str,
    actions: Sequence[str],
    targets: Sequence[str],
    lasts: str | None,
    text: str | None,
    why: str | None,
    why_lang: str,
    records: Sequence[int],
    everything: bool,
    alone: bool,
    proposal: str | None,
    rest: bool,
    lease: str | None,
    role: str,
    by: str,
    folder: Path,
    as_json: bool,
) -> None:
    """Uphold a case, with what is then done, or release what waits. Nothing goes out for 10
    seconds: `ombud cases undo`.
    """
    from ombud import session

    with told(as_json):
        acts: list[dict[str, Any]] = [{"action": each} for each in actions]
        for act, target in zip(acts, targets, strict=False):
            act["on"] = target
        if acts:
            acts[-1] |= {"length": length(lasts), "text": text}
        asked: dict[str, Any] = {"outcome": outcome, "acts": acts, "records": list(records)}
        asked |= {"lease": lease, "case": case, "role": role, "by": by, "rest": rest}
        asked |= {"everything": everything, "alone": alone, "proposal": proposal}
        found = session.request(folder, "decide case", why={why_lang: why} if why else {}, **asked)
        _judged(found, as_json)


def _judged(found: Mapping[str, Any], as_json: bool) -> None:
    """What became of a judgement."""
    if as_json:
        print_json(found)
    elif found["proposed"]:
        say(f"Proposed. {found['why']}")
    else:
        say(f"Decided: {len(found['decisions'])} decisions made or taken back.")


@cases.command("confirm")
@click.argument("case")
@click.option("--proposal", help="The one that you saw; any other is refused.")
@lease_option
@by_option
@data_option
@json_option
def cases_confirm(
    case: str, proposal: str | None, lease: str | None, by: str, folder: Path, as_json: bool
) -> None:
    """Agree, as a second person, to what somebody else wants done."""
    from ombud import session

    with told(as_json):
        asked = {"case": case, "by": by, "lease": lease, "proposal": proposal}
        found = session.request(folder, "confirm case", **asked)
        _judged(found, as_json)


@cases.command("undo")
@click.argument("case")
@by_option
@data_option
@json_option
def cases_undo(case: str, by: str, folder: Path, as_json: bool) -> None:
    """Take the last judgement of a case back, within 10 seconds: all is as before."""
    _ask(folder, as_json, "undo case", "All is as before.", case=case, by=by)


@cases.command("ask-again")
@click.argument("case")
@by_option
@data_option
@json_option
def cases_ask_again(case: str, by: str, folder: Path, as_json: bool) -> None:
    """End what `decide --never-again` said: rules ask about it as before."""
    _ask(folder, as_json, "ask about case", "Rules ask about it again.", case=case, by=by)


@cases.command("snooze")
@click.argument("case")
@click.option("--until", help="When it comes back (RFC 3339); without it, now.")
@by_option
@data_option
@json_option
def cases_snooze(case: str, until: str | None, by: str, folder: Path, as_json: bool) -> None:
    """Put a case aside until a time, 30 days ahead at most."""
    with told(as_json):
        back = instant(until)
    done = "It comes back then." if until else "It waits in its place."
    _ask(folder, as_json, "snooze case", done, case=case, by=by, until=back)


@cases.command("assign")
@click.argument("case")
@click.option("--to", default="", help="Who is to look; without it, anybody.")
@by_option
@data_option
@json_option
def cases_assign(case: str, to: str, by: str, folder: Path, as_json: bool) -> None:
    """Say who is to look at a case."""
    _ask(folder, as_json, "assign case", "So it is.", case=case, by=by, to=to)


@cases.command("urgent")
@click.argument("case")
@by_option
@data_option
@json_option
def cases_urgent(case: str, by: str, folder: Path, as_json: bool) -> None:
    """Have a case looked at before all others: within five minutes."""
    _ask(folder, as_json, "urge case", "It comes first now.", case=case, by=by)


@cases.command("split")
@click.argument("case")
@click.option("--record", "records", multiple=True, type=int, required=True, help="What goes.")
@by_option
@data_option
@json_option
def cases_split(case: str, records: Sequence[int], by: str, folder: Path, as_json: bool) -> None:
    """Make a case of its own of some records of a case."""
    _ask(folder, as_json, "split case", "They are {case}.", case=case, by=by, records=list(records))


@cases.command("merge")
@click.argument("case")
@click.argument("into")
@by_option
@data_option
@json_option
def cases_merge(case: str, into: str, by: str, folder: Path, as_json: bool) -> None:
    """Put what waits in a case into another one that asks the same."""
    _ask(folder, as_json, "merge case", "They are one case now.", case=case, by=by, into=into)


@cases.command("note")
@click.argument("case")
@click.argument("text")
@click.option("--for", "lasts", help="How long it stays; without it, 30 days.", metavar="LENGTH")
@by_option
@data_option
@json_option
def cases_note(
    case: str, text: str, lasts: str | None, by: str, folder: Path, as_json: bool
) -> None:
    """Tell whoever looks next; the note is sealed, and ends."""
    with told(as_json):
        stays = length(lasts)
    _ask(folder, as_json, "note case", "Noted.", case=case, by=by, text=text, lasts=stays)
