"""`python -m ombud.cli`: the command line where no `ombud` is installed on the path.

This module must never hold anything else.
"""

from __future__ import annotations

from ombud.cli import main

main(prog_name="ombud")
