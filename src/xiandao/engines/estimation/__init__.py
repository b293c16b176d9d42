"""How many there really are, and how sure one can be: agreement of readers, samples drawn, estimates with intervals.

Pure computation on counts and arrays; nothing here draws at random or reads a clock.

- ``agreement``: Cohen's kappa (Cohen 1960) with the large-sample variance of Fleiss, Cohen and Everitt (1969).
- ``intervals``: Wilson (1927) and Clopper-Pearson (1934) intervals of a share, with the finite population correction.
- ``stratified``: the stratified estimator of a total (Cochran, Sampling Techniques, 3rd ed. 1977, ch. 5) with an
  interval put together from the strata's own Wilson intervals (MOVER: Zou and Donner 2008; Yan and Su 2010), and ratios
  such as precision and recall by linearisation (Cochran ch. 6) on an effective sample size (Korn and Graubard 1998).
- ``planning``: how many to draw for a half-width, allocation over strata (Neyman 1934), expected widths.
- ``drawing``: a draw anybody can repeat: the keys with the smallest hashes (permanent random numbers, Ohlsson 1995).
- ``reliability``: whether scores mean what they say, in bins.
"""

from xiandao.engines.estimation.agreement import Kappa, kappa
from xiandao.engines.estimation.drawing import draw
from xiandao.engines.estimation.intervals import Interval, clopper_pearson, wilson
from xiandao.engines.estimation.planning import Plan, StratumGuess, allocate, expected_half_width, sample_size
from xiandao.engines.estimation.reliability import Bin, reliability
from xiandao.engines.estimation.stratified import Estimate, Ratio, Stratum, ratio, total

__all__ = [
    "Bin",
    "Estimate",
    "Interval",
    "Kappa",
    "Plan",
    "Ratio",
    "Stratum",
    "StratumGuess",
    "allocate",
    "clopper_pearson",
    "draw",
    "expected_half_width",
    "kappa",
    "ratio",
    "reliability",
    "sample_size",
    "total",
    "wilson",
]
