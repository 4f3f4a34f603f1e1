"""From which score on is an account looked at as a whole, and from which probability is its owner asked?

Both were chosen on the training accounts of `benchmarks/noticing_found.py` and are reported on others; see
`docs/why/online-notice.md`.
"""

LOOK_FROM = -2.0  # log-odds: about one visit in eight would be an intruder's
ASK_FROM = 0.9  # the probability that the investigation then gives
