"""The only way out: where Ombud may connect to, for how long, and how much it reads.

A name is looked up once for a connection, every address it has is checked, and the connection goes
to exactly a checked address. TLS and HTTP are httpcore's, whose pool follows no redirect, keeps no
cookie, unpacks nothing and knows no proxy. What goes wrong is a value.

    addresses.py   what a URL and an address may be
    sockets.py     opens the connections, as nothing else in the program does
    exchange.py    one request and its answer, before a deadline

Nothing here may ever reach an address that is not public unless the operator named it, nor wait
past a deadline.
"""

from __future__ import annotations

from ombud.egress.addresses import Place, place
from ombud.egress.exchange import ANSWER_BYTES_MAX, REQUEST_BYTES_MAX, Answer, Egress, Trouble
from ombud.egress.sockets import Resolve, system_resolver

__all__ = [
    "ANSWER_BYTES_MAX",
    "REQUEST_BYTES_MAX",
    "Answer",
    "Egress",
    "Place",
    "Resolve",
    "Trouble",
    "place",
    "system_resolver",
]
