"""What the machine has."""

from __future__ import annotations

import os
from pathlib import Path

#: Where a limit on the memory of a container stands, of version 2 and of version 1 of control groups.
_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def machine_memory(limits: tuple[Path, ...] = _LIMITS) -> int:
    """Bytes of memory for all processes: those of the machine, or of the container where it has less."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for path in limits:
        try:
            memory = min(memory, int(path.read_text("ascii")))
        except (OSError, ValueError):  # not there, or "max"
            continue
    return memory
