"""What is measured, against a peer or a baseline in the same run. ``make bench`` runs all of it.

Machines are shared and noisy: only ratios are worth comparing, and CPU time rather than the clock.
"""
