"""``python -m sdograph``: the command line."""

from sdograph.cli import main

main()
