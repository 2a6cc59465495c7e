"""What holds for every test: where a change is judged, the same examples are drawn each time.

At home property tests draw new examples at every run and so go on searching; with CI set they draw
the same ones, so that a change is judged by what it changes.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")
