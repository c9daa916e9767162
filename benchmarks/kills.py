"""``python -m benchmarks.kills``: kill -9 at random moments, and what the store holds afterwards.

A server takes updates at ``/update`` and graphs at ``/store`` while ``sdograph ingest`` commits to the same
data directory. In each round the server, its writing process or the ingest is killed at a random moment, and
the rest comes to its end. Then, before anybody writes again:

* the generation that CURRENT names opens, and its number never went back, nor did those of the answers;
* every change that was acknowledged is there, and none of which the answer said that nothing was written;
* no change is there by half: each writes several triples, most of them in two graphs;
* the default graph holds each triple of the named graphs once, and nothing else;
* a server answers from that generation.

Ends with 1 when one of these was broken. ``--seed`` repeats the victims and the moments, as far as the
machine does.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import DefaultGraph, NamedNode

from benchmarks.measure import free_port, wait_for
from sdograph import bundled, manifest, pipeline
from sdograph.namespaces import DCT
from sdograph.store import EmbeddedStore

VICTIMS = ("server", "writer", "ingest")
BASE = "urn:x-kills:"
#: The triples of an item: those of the left graph, and those of the right, which states two of them too.
LEFT, RIGHT = frozenset({1, 2, 3}), frozenset({2, 3, 4})
GRAPHS = 4
#: Triples of each graph that is put.
PUT = 5


@dataclass
class Ledger:
    """What has to be there, by what the answers said: name -> the values that are possible."""

    possible: dict[str, set[int | None]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    generation: int = 0

    def fails(self, what: str) -> None:
        self.broken.append(what)
        if len(self.broken) <= 20:
            print(f"BROKEN: {what}", flush=True)

    def said(self, name: str, value: int | None, outcome: str) -> None:
        """Keeps what an answer said of a change: ``done``, ``not``, or ``unknown`` when there was none."""
        self.counts[outcome] += 1
        if outcome == "done":
            self.possible[name] = {value}
        elif outcome == "unknown":
            self.possible[name] = self.possible.get(name, {None}) | {value}

    def settle(self, name: str, value: int | None) -> None:
        """Compares with what is there; that is so from now on."""
        possible = self.possible.get(name, {None})
        if value not in possible:
            self.fails(f"{name} is {value}, and should be {' or '.join(map(str, possible))}")
        if len(possible) > 1:
            self.counts["unanswered, there" if value != min(possible, key=_first) else "unanswered, not"] += 1
        self.possible[name] = {value}


def _first(value: int | None) -> int:
    return -1 if value is None else value


class Service:
    """The server, started again whenever it was killed."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.port = free_port()
        environment = os.environ | {
            "SDOGRAPH_DATA_DIR": str(self.data_dir),
            "SDOGRAPH_WRITE_TOKEN": "sesame",
            "SDOGRAPH_QUERY_WORKERS": "1",
            "SDOGRAPH_LOG_FORMAT": "none",
        }
        command = [sys.executable, "-m", "sdograph", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(f"http://127.0.0.1:{self.port}/health", self.process)

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def writer(self) -> int | None:
        """The process id of its writing process, once there is one."""
        assert self.process is not None
        for file in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            for pid in file.read_text().split():
                if b"sdograph_api.change.writer" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    return int(pid)
        return None

    def ask(
        self, method: str, path: str, body: str = "", media_type: str = "text/plain"
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Status, headers and body; raises OSError or HTTPException when there is no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            headers = {"Authorization": "Bearer sesame", "Content-Type": media_type}
            connection.request(method, path, body.encode(), headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)


class Work:
    """The clients and the ingest, for one round."""

    def __init__(self, service: Service, ledger: Ledger, folder: Path, dice: random.Random, n: int) -> None:
        self._service = service
        self._ledger = ledger
        self._folder = folder
        self._stop = threading.Event()
        self._round = n
        self.ingest: subprocess.Popen[bytes] | None = None
        self._threads = [
            threading.Thread(target=target, args=(random.Random(dice.random()),))
            for target in (self._update, self._put, self._ingest, self._watch)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _steps(self) -> Iterator[int]:
        step = self._round * 1000
        while not self._stop.is_set():
            step += 1
            yield step

    def _update(self, dice: random.Random) -> None:
        seen = 0
        for n in self._steps():
            there = [k for k, v in self._ledger.possible.items() if k.startswith("item/") and v == {1}]
            name, value = f"item/{n}", 1
            if there and dice.random() < 0.3:
                name, value = dice.choice(there), None
            verb = "INSERT" if value else "DELETE"
            sides = " ".join(
                f"GRAPH <{BASE}{side}> {{ <{BASE}{name}> <{BASE}part> {', '.join(map(str, sorted(parts)))} }}"
                for side, parts in (("left", LEFT), ("right", RIGHT))
            )
            seen = self._send(
                name,
                value,
                seen,
                "POST",
                "/update",
                f"{verb} DATA {{ {sides} }}",
                "application/sparql-update",
            )

    def _put(self, dice: random.Random) -> None:
        seen = 0
        for n in self._steps():
            name, value = f"graph/{dice.randrange(GRAPHS)}", n if dice.random() < 0.8 else None
            path = f"/store?graph={quote(BASE + name, safe='')}"
            body = "".join(f"<{BASE}{name}> <{BASE}value{k}> {n} .\n" for k in range(PUT))
            seen = self._send(
                name, value, seen, "PUT" if value else "DELETE", path, body if value else "", "text/turtle"
            )

    def _send(
        self, name: str, value: int | None, seen: int, method: str, path: str, body: str, media_type: str
    ) -> int:
        """Asks for a change and keeps what the answer says; returns the generation it names."""
        try:
            status, headers, content = self._service.ask(method, path, body, media_type)
        except (OSError, http.client.HTTPException):
            self._ledger.said(name, value, "unknown")
            time.sleep(0.05)  # the server may be gone
            return seen
        if status in (200, 201, 204):
            self._ledger.said(name, value, "done")
            told = headers.get("X-Sdograph-Generation") or json.loads(content)["generation"]
            if int(told) < seen:
                self._ledger.fails(f"an answer of generation {told} after one of {seen}")
            return int(told)
        code = json.loads(content).get("code", "")
        self._ledger.counts[f"answer {status} {code}"] += 1
        if status not in (404, 409, 503):
            self._ledger.fails(f"{method} {path}: {status} {content[:300]!r}")
        # A graph that is not there cannot be deleted.
        self._ledger.said(name, value, "unknown" if code == "outcome-unknown" else "not")
        return seen

    def _ingest(self, dice: random.Random) -> None:
        text = next((bundled.data() / "liaison-statements").glob("LS_*.txt")).read_text("utf-8")
        for n in self._steps():
            name = f"statement/{n}"
            path = self._folder / f"{n}.txt"
            path.write_text(text.replace("LS to SA, SA3 and SA5 on", f"LS {name} to SA, SA3 and SA5 on"))
            self.ingest = subprocess.Popen(
                [sys.executable, "-m", "sdograph", "ingest", str(path)],
                env=os.environ | {"SDOGRAPH_DATA_DIR": str(self._service.data_dir)},
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            code = self.ingest.wait()
            if code > 0:
                self._ledger.counts[f"ingest ended with {code}"] += 1
            self._ledger.said(name, 1, "done" if code == 0 else "unknown" if code < 0 else "not")
            time.sleep(dice.uniform(0, 0.2))

    def _watch(self, _: random.Random) -> None:
        pointer = self._service.data_dir / "CURRENT"
        while not self._stop.is_set():
            number = int(pointer.read_text("ascii"))
            if number < self._ledger.generation:
                self._ledger.fails(f"CURRENT went from {self._ledger.generation} to {number}")
            self._ledger.generation = number
            time.sleep(0.002)


def check(service: Service, ledger: Ledger) -> None:
    """Compares the store with the ledger."""
    snapshot = EmbeddedStore(service.data_dir).current()
    if snapshot.generation < ledger.generation:
        ledger.fails(f"CURRENT went from {ledger.generation} to {snapshot.generation}")
    ledger.generation = snapshot.generation
    if json.loads(service.ask("GET", "/health")[2])["generation"] != snapshot.generation:
        ledger.fails("the server answers from another generation")
    stated, merged = set(), []
    sides: dict[str, dict[str, set[int]]] = {}
    values: dict[str, list[int]] = {}
    statements: dict[str, NamedNode] = {}
    sizes: Counter[NamedNode] = Counter()
    for q in snapshot.quads():
        if isinstance(q.graph_name, DefaultGraph):
            merged.append(q.triple)
            continue
        stated.add(q.triple)
        graph = q.graph_name.value
        sizes[q.graph_name] += 1
        name = q.subject.value.removeprefix(BASE)
        if graph in (BASE + "left", BASE + "right"):
            sides.setdefault(name, {}).setdefault(graph, set()).add(int(q.object.value))
        elif graph.startswith(BASE):
            values.setdefault(name, []).append(int(q.object.value))
        elif q.predicate == DCT.title and q.object.value.startswith("LS statement/"):
            statements[q.object.value.split(" ")[1]] = q.graph_name
    if len(merged) != len(stated) or set(merged) != stated:
        ledger.fails(f"the default graph has {len(merged)} triples, the others together {len(stated)}")
    found: dict[str, int] = {}
    for name, parts in sides.items():
        if parts != {BASE + "left": set(LEFT), BASE + "right": set(RIGHT)}:
            ledger.fails(f"{name} is there by half: {parts}")
        found[name] = 1
    for name, written in values.items():
        if len(written) != PUT or len(set(written)) != 1:
            ledger.fails(f"{name} is there by half: {written}")
        found[name] = written[0]
    # The statements differ in a title only, so that their graphs are of one size.
    if len({sizes[graph] for graph in statements.values()}) > 1:
        ledger.fails(f"a document is there by half: {[(n, sizes[g]) for n, g in statements.items()]}")
    found |= dict.fromkeys(statements, 1)
    for name in found.keys() | ledger.possible.keys():
        ledger.settle(name, found.get(name))


def run(data_dir: Path, folder: Path, rounds: int, seconds: float, span: float, seed: int) -> Ledger:
    """Rounds over a data directory that holds something, until their number or the time is over.

    The kill comes at most ``span`` seconds after the work of a round began.
    """
    dice = random.Random(seed)
    ledger = Ledger(generation=EmbeddedStore(data_dir).current_number())
    service = Service(data_dir)
    end = time.monotonic() + seconds
    try:
        for n in range(1, rounds + 1):
            if time.monotonic() > end:
                break
            if not service.runs:
                service.start()
            work = Work(service, ledger, folder, dice, n)
            victim = dice.choice(VICTIMS)
            moment = time.monotonic() + dice.uniform(0.1, span)
            work.start()
            _kill(victim, service, work, moment)
            work.finish()
            ledger.counts["rounds"] += 1
            ledger.counts[f"killed {victim}"] += 1
            if not service.runs:
                service.start()
            check(service, ledger)
            if n % 20 == 0:
                print(f"{n} rounds, generation {ledger.generation}", flush=True)
    finally:
        service.stop()
    return ledger


def _kill(victim: str, service: Service, work: Work, moment: float) -> None:
    find: Callable[[], int | None] = {
        "server": lambda: service.process.pid if service.process else None,
        "writer": service.writer,
        "ingest": lambda: work.ingest.pid if work.ingest and work.ingest.poll() is None else None,
    }[victim]
    time.sleep(max(moment - time.monotonic(), 0))
    while (pid := find()) is None:
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)


def small(data_dir: Path) -> None:
    """The registry and the founding statement."""
    entries = [e for e in manifest.entries() if e.name.startswith(("registry/", "liaison-statements/"))]
    pipeline.build(EmbeddedStore(data_dir), entries, manifest.schemes())


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.kills", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=3600, help="no round begins after that")
    parser.add_argument("--span", type=float, default=2.5, help="seconds from work to kill, at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data-dir", type=Path, help="one to write to; by default a small one is built")
    asked = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sdograph-kills-") as folder:
        data_dir = asked.data_dir or Path(folder) / "data"
        if asked.data_dir is None:
            small(data_dir)
        ledger = run(data_dir, Path(folder), asked.rounds, asked.seconds, asked.span, asked.seed)
    for what, count in sorted(ledger.counts.items()):
        print(f"{what}: {count}")
    print(
        f"seed {asked.seed}, {time.monotonic() - begun:.0f} s, generation {ledger.generation}, "
        f"promises broken: {len(ledger.broken)}"
    )
    return 1 if ledger.broken else 0


if __name__ == "__main__":
    sys.exit(main())
