"""``/update`` and ``/store``: changes from outside, made by a process that can be ended."""
