"""``/api/v1/ingest`` and ``/ingest``: documents from outside, read by a process that can be ended."""
