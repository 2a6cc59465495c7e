"""What we notice over time: counts and distinct counts by key, and texts that are nearly the same.

counts      entries, distinct values and members by key
clusters    which texts are nearly the same, in bounded memory
names       names that accounts post under, by place
timeline    the windows of one line of time, and the place of each event in it
"""

from ombud.windows.clusters import EQUAL, Clusters
from ombud.windows.counts import CAP, Counts, Distinct, Members, seq_of
from ombud.windows.names import Names
from ombud.windows.timeline import BEGINNING, NEAR, STALE, Shape, Timeline, clustered

__all__ = [
    "BEGINNING",
    "CAP",
    "EQUAL",
    "NEAR",
    "STALE",
    "Clusters",
    "Counts",
    "Distinct",
    "Members",
    "Names",
    "Shape",
    "Timeline",
    "clustered",
    "seq_of",
]
