"""The command that runs a community: `ombud serve`.

This module must never decide anything: it starts the server and prints where it is.
"""

from __future__ import annotations

from pathlib import Path

import click

from ombud.cli.show import (
    by_option,
    data_option,
    port_option,
    say,
    show_diagnostic,
    talk,
    told,
    warn,
)


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address that is listened on."
)
@port_option
@click.option(
    "--log-level",
    default="info",
    show_default=True,
    type=click.Choice(["debug", "info", "warning"]),
    help="What is logged; debug: every request.",
)
@by_option
@data_option
def serve(host: str, port: int, log_level: str, by: str, folder: Path) -> None:
    """Serve a community: events and checks come in, verdicts, actions and notices go out.

    Prints its address once it takes requests, and while there are no accounts the one-time link by
    which the first is made. Ends with SIGTERM or Ctrl-C, after what came in is
    answered; a second Ctrl-C ends it at once.
    """
    from ombud import rulebook
    from ombud.reading import keys_behind
    from ombud.server import of_community
    from ombud.store.keyfile import outdated

    def listening(address: str) -> None:
        say(address)
        if running.first_link:
            say(running.first_link)
            talk("By this link the first account is made; it is good once, and for one hour.")
        talk("Ombud serves this community. Ctrl-C stops it.")

    with told():
        for each in rulebook.not_read(folder):
            show_diagnostic(each)
        behind = keys_behind(folder)
        if behind:
            warn(outdated(behind))
        running = of_community(folder, host, port, log_level, by)
        running.run(listening)
