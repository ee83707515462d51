"""Speed, measured as ratios and printed; nothing here is asserted by a clock.

`python -m tests.bench sync find [--customers 100000]`.
"""
