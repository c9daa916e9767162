"""CPU time and memory of processes, as the operating system accounts for them."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process."""

    cpu: float
    """Seconds, user and system, its children included."""
    peak: int
    """Bytes resident at most."""
    output: str


#: Started in between, because a process begins with the peak memory of the one that started it.
_LAUNCHER = """
import json, os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
output = process.stdout.read()
_, status, usage = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
print(json.dumps([process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, output]))
"""


def run(command: Sequence[str], env: dict[str, str], allowed: Sequence[int] = (0,)) -> Run:
    """Runs a command to its end; exits with its output when it ends with another code than is allowed."""
    launcher = [sys.executable, "-S", "-c", _LAUNCHER, *command]
    done = subprocess.run(launcher, env=os.environ | env, capture_output=True, text=True, check=True)
    code, cpu, peak, output = json.loads(done.stdout)
    if code not in allowed:
        sys.exit(f"{' '.join(command)} ended with {code}:\n{output}")
    return Run(cpu, peak, output)


def own_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def tree_cpu(pid: int) -> float:
    """Seconds of CPU that a process and all its descendants have used, also those that have ended."""
    return sum(_cpu(p) for p in _tree(pid))


def children_cpu(pid: int) -> float:
    """Seconds of CPU that the living descendants of a process have used, and what those had started."""
    return sum(_cpu(p) for p in _tree(pid) if p != pid)


def tree_memory(pid: int) -> int:
    """Bytes of memory that are a process's own, its descendants included."""
    total = 0
    for p in _tree(pid):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            for line in Path(f"/proc/{p}/smaps_rollup").read_text().splitlines():
                if line.startswith(("Private_Clean:", "Private_Dirty:")):
                    total += int(line.split()[1]) * 1024
    return total


def proportional_memory(pid: int, of: str) -> tuple[int, int]:
    """Bytes of memory of a process and its descendants, shared pages divided among those that share them.

    Those whose command line has ``of`` in it are the second number. Who ends meanwhile counts for nothing.
    """
    others = chosen = 0
    for p in _tree(pid):
        try:
            lines = Path(f"/proc/{p}/smaps_rollup").read_text().splitlines()
            named = of.encode() in Path(f"/proc/{p}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        size = sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
        others, chosen = (others, chosen + size) if named else (others + size, chosen)
    return others, chosen


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    # Its own, and what children had used that have ended.
    return sum(map(int, fields[11:15])) / _TICK


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = file.read_text().split()
        except (FileNotFoundError, ProcessLookupError):  # it has ended
            continue
        for child in children:
            yield from _tree(int(child))


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def server(
    command: Sequence[str], probe: str, env: dict[str, str] | None = None, *, seconds: float = 60
) -> Iterator[subprocess.Popen[bytes]]:
    """A server until the block ends; it is up when ``probe`` answers."""
    process = subprocess.Popen(
        command, env=os.environ | (env or {}), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(probe, process, seconds)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        finally:
            process.kill()


def wait_for(probe: str, process: subprocess.Popen[bytes] | None, seconds: float = 60) -> None:
    """Asks until there is an answer; exits when there is none, or when the process has ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process is not None and process.poll() is not None:
            sys.exit(f"the server ended with {process.returncode}")
        try:
            urllib.request.urlopen(probe, timeout=seconds).read()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.005)
    sys.exit(f"{probe} did not answer within {seconds} s")
