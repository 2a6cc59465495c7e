"""What a run shows: the demonstration's story, or all there is.

This module must never hold a kind of its own: each stands in the module that makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ombud.simulate.campaigns import CAMPAIGNS, Campaign
from ombud.simulate.crowds import CROWDS
from ombud.simulate.sayings import SAYINGS
from ombud.simulate.twins import TWINS
from ombud.simulate.waves import WAVES


class Scene(NamedTuple):
    """What goes wrong and what only looks like it, by name."""

    harm: Mapping[str, Campaign]
    honest: Mapping[str, Campaign]


STORY = Scene(CAMPAIGNS, TWINS)
# From 1,500 events on there is room for each of them.
WIDE = Scene({**CAMPAIGNS, **WAVES}, {**TWINS, **CROWDS, **SAYINGS})
