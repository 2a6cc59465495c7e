"""What a password's hash costs: as in earnest, and so little that a test can hash many.

Every test of this process hashes cheaply (tests/conftest.py), but those that say what a hash costs.
"""

from __future__ import annotations

import argon2

from ombud.staff import passwords

EARNEST = passwords._hasher
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
