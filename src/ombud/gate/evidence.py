"""What labels prove: how sure it is that a rule is right often enough, or is not any more.

Looked at after every label, a test made for one look certifies wrongly in a quarter of all runs. So
the evidence here is an *e-process*: of a rule whose precision is no better than a bound, it reaches
1 / ALPHA at any time with a chance of ALPHA at most (Ville's inequality), however often one looks.
It is a mixture of likelihood ratios, the precision `q` uniform on the far side of the bound p:

    of k right among n     e = Int q^k (1-q)^(n-k) dq / (width * p^k * (1-p)^(n-k))

over (p, 1) for a certificate, over (0, p) for an alarm (Howard, Ramdas, McAuliffe and Sekhon 2021,
"Time-uniform, nonparametric, nonasymptotic confidence sequences"; Robbins's mixtures). With whole
numbers the integral is a binomial tail, which is summed here term by term.

Bounds are integers in permille. This module must never round in a rule's favour.
"""

from __future__ import annotations

import bisect
import functools
import math

ALPHA = 0.05
ENOUGH = -math.log(ALPHA)  # log of 1 / ALPHA: from here on the evidence suffices
LABELS_MAX = 20_000  # nothing beyond this is looked for
_SMALLEST = 1e-18  # of a sum: what a further term must add to be worth adding


def certifies(right: int, labels: int, level: int) -> bool:
    """Whether it is proved that the precision is above `level` (permille)."""
    if right * 1000 <= labels * level:
        return False  # every bet on more has lost
    return log_evidence(right, labels, level) >= ENOUGH


def alarms(right: int, labels: int, level: int) -> bool:
    """Whether it is proved that the precision is below `level` (permille)."""
    if right * 1000 >= labels * level:
        return False  # every bet on less has lost
    return log_counter_evidence(right, labels, level) >= ENOUGH


def log_evidence(right: int, labels: int, level: int) -> float:
    """The logarithm of the evidence that precision is above `level`, of `right` among `labels`."""
    p = _share(right, labels, level)
    tail = log_at_most(right, labels + 1, p)
    return _log_beta(right, labels) + tail - math.log1p(-p) - _log_likelihood(right, labels, p)


def log_counter_evidence(right: int, labels: int, level: int) -> float:
    """The logarithm of the evidence that precision is below `level`."""
    p = _share(right, labels, level)
    tail = log_at_least(right + 1, labels + 1, p)
    return _log_beta(right, labels) + tail - math.log(p) - _log_likelihood(right, labels, p)


@functools.cache
def between(right: int, labels: int) -> tuple[int, int]:
    """The precision (permille) that these labels prove it is above, 0 where none, and the one they
    prove it is below, 1000 where none: each at 1 - ALPHA, however often one has looked.
    """
    levels = range(1, 1000)
    above = bisect.bisect_left(levels, True, key=lambda level: not certifies(right, labels, level))
    below = bisect.bisect_left(levels, True, key=lambda level: alarms(right, labels, level))
    return above, below + 1


@functools.cache
def labels_needed(wrong: int, level: int) -> int:
    """How many labels it takes to prove `level` if `wrong` of them say that the rule was wrong.

    LABELS_MAX where that many are not enough. One more right label never makes it less.
    """
    low, high = wrong, max(2 * wrong, 16)
    while high < LABELS_MAX and not certifies(high - wrong, high, level):
        low, high = high, min(2 * high, LABELS_MAX)
    while high - low > 1:
        middle = (low + high) // 2
        if certifies(middle - wrong, middle, level):
            high = middle
        else:
            low = middle
    return high


def share_exceeds(found: int, among: int, share: int) -> bool:
    """Whether the one-sided exact lower bound (Clopper and Pearson) of `found` among `among` is
    above `share` (permille), at 1 - ALPHA.

    So it is where as many would be found by a chance of less than ALPHA if the share were true.
    """
    if not 0 <= found <= among or not 0 < share < 1000:
        raise ValueError(f"{found} of {among} against {share}")
    return found > 0 and log_at_least(found, among, share / 1000) < math.log(ALPHA)


def lower_bound(found: int, among: int) -> float:
    """The one-sided exact lower bound (Clopper and Pearson) of a share at 1 - ALPHA, rounded
    down.
    """
    if not 0 <= found <= among:
        raise ValueError(f"{found} of {among}")
    if found == 0:
        return 0.0
    low, high, wanted = 0.0, 1.0, math.log(ALPHA)
    for _ in range(60):
        middle = (low + high) / 2
        if middle < 1.0 and log_at_least(found, among, middle) < wanted:
            low = middle
        else:
            high = middle
    return low


# --- binomial tails -------------------------------------------------------------------------------


def log_at_most(k: int, n: int, p: float) -> float:
    """log P(X <= k) for X binomial (n, p), 0 <= k <= n."""
    if k >= n:
        return 0.0
    if k >= n * p:  # the other side is the smaller one
        return math.log1p(-math.exp(_log_upper(k + 1, n, p)))
    return _log_lower(k, n, p)


def log_at_least(k: int, n: int, p: float) -> float:
    """log P(X >= k) for X binomial (n, p), 0 <= k <= n."""
    if k <= 0:
        return 0.0
    if k <= n * p:
        return math.log1p(-math.exp(_log_lower(k - 1, n, p)))
    return _log_upper(k, n, p)


def _log_lower(k: int, n: int, p: float) -> float:
    """The terms k, k - 1, ... 0, each as a part of the first, until they add nothing."""
    term = total = 1.0
    odds = (1 - p) / p
    for at in range(k, 0, -1):
        term *= at / (n - at + 1) * odds
        total += term
        if term < _SMALLEST * total:
            break
    return _log_term(k, n, p) + math.log(total)


def _log_upper(k: int, n: int, p: float) -> float:
    """The terms k, k + 1, ... n."""
    term = total = 1.0
    odds = p / (1 - p)
    for at in range(k, n):
        term *= (n - at) / (at + 1) * odds
        total += term
        if term < _SMALLEST * total:
            break
    return _log_term(k, n, p) + math.log(total)


def _log_term(k: int, n: int, p: float) -> float:
    """log P(X = k)."""
    chosen = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return chosen + _log_likelihood(k, n, p)


def _log_likelihood(right: int, labels: int, p: float) -> float:
    return right * math.log(p) + (labels - right) * math.log1p(-p)


def _log_beta(right: int, labels: int) -> float:
    """log B(right + 1, labels - right + 1)."""
    wrong = labels - right
    return math.lgamma(right + 1) + math.lgamma(wrong + 1) - math.lgamma(labels + 2)


def _share(right: int, labels: int, level: int) -> float:
    if not 0 <= right <= labels or not 0 < level < 1000:
        raise ValueError(f"{right} right of {labels} against {level}")
    return level / 1000
