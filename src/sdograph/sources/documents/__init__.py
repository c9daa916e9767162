"""The kinds of files that documents arrive in, one module a kind: bytes -> lines, or bytes -> members.

:mod:`sdograph.sources.text` has the one table of them, and the functions that others call.
"""
