"""``/sparql``: queries from outside, answered in processes that can be ended."""
