"""``/api/v1/``: the graph as JSON, for programs and people that do not want to write SPARQL."""
