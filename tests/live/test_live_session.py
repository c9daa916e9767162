"""How a sync treats a server, and what it lets through: against a server on this machine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from conftest import Sync
from live_web import Answer, Asked, TestClock, Web, running, static, zipped

from sdograph.errors import LimitExceeded, SdographError, Unavailable, UnreadableDocument, UsageError
from sdograph.live import Limits, sync

#: What the committees are served as: two lines of JSON.
LINES = b'{"id":45144,"reference":"ISO/TC 1"}\n' + b'{"id":45306,"reference":"ISO/IEC JTC 1"}\n'
PATH = "/opendata/committees.jsonl"
LONG = b'{"reference":"' + b"x" * 300_000 + b'"}\n'


def committees(run: Sync, web: Web, limits: Limits | None = None):  # type: ignore[no-untyped-def]
    return run("iso-committees", address=web.address + PATH, limits=limits)


def view(cache: Path) -> Path:
    return cache / "files" / "iso-committees" / "iso_technical_committees.jsonl"


def parts(cache: Path) -> list[int]:
    """The sizes of the downloads under way."""
    return sorted(p.stat().st_size for p in (cache / "partial").iterdir() if p.suffix != ".json")


# --- conditional requests


@pytest.mark.parametrize("etag", [True, False], ids=["etag", "last-modified"])
def test_what_did_not_change_is_not_sent_again(run: Sync, web: Web, cache: Path, etag: bool) -> None:
    web.serve_file(PATH, LINES, etag=etag)
    first = committees(run, web)
    assert (first.files, first.unchanged) == ([view(cache)], False)
    assert view(cache).read_bytes() == LINES
    assert first.bytes == len(LINES)
    assert first.requests == 2, "robots.txt, and the file"
    second = committees(run, web)
    assert (second.files, second.unchanged, second.bytes) == ([view(cache)], True, 0)
    assert second.requests == 1, "the copy of robots.txt is good for a day"
    assert web.asked[-1].headers["if-modified-since"] == "Tue, 10 Jan 2023 09:00:00 GMT"


def test_a_changed_file_replaces_the_one_before(run: Sync, web: Web, cache: Path) -> None:
    web.serve_file(PATH, LINES)
    committees(run, web)
    web.serve_file(PATH, LINES + b'{"id":1}\n')
    assert not committees(run, web).unchanged
    assert view(cache).read_bytes() == LINES + b'{"id":1}\n'
    assert len(list((cache / "objects").glob("*/*"))) == 1, "the old object is gone"


def test_the_same_bytes_sent_again_are_no_change(run: Sync, web: Web) -> None:
    web.on(PATH, Answer(LINES))
    committees(run, web)
    again = committees(run, web)
    assert again.unchanged
    assert again.bytes == len(LINES)


def test_what_is_said_of_a_file(run: Sync, web: Web, cache: Path) -> None:
    web.serve_file(PATH, LINES)
    origin = committees(run, web).origins[view(cache)]
    assert origin.address == web.address + PATH
    assert origin.issued == "2023-01-10"
    assert origin.licence.startswith("ODC-By 1.0")


def test_it_says_who_asks_and_names_nobody(run: Sync, web: Web) -> None:
    web.serve_file(PATH, LINES)
    committees(run, web)
    agents = {asked.headers["user-agent"] for asked in web.asked}
    assert len(agents) == 1
    assert agents.pop().startswith("sdograph/")
    assert not any("@" in asked.headers["user-agent"] or "from" in asked.headers for asked in web.asked)


# --- patience


def test_it_waits_as_long_as_it_is_asked_to(run: Sync, web: Web, clock: TestClock, cache: Path) -> None:
    web.on(PATH, Answer(status=429, headers={"Retry-After": "7"}), Answer(LINES))
    committees(run, web)
    assert 7.0 in clock.slept
    assert view(cache).read_bytes() == LINES


def test_a_date_to_come_back_at(run: Sync, web: Web, clock: TestClock) -> None:
    # The clock of the test begins at 22:13:20; a second passes before the second request.
    later = {"Retry-After": "Tue, 14 Nov 2023 22:13:51 GMT"}
    web.on(PATH, Answer(status=503, headers=later), Answer(LINES))
    committees(run, web)
    assert clock.slept == [1.0, 30.0]


def test_pauses_grow_and_end(run: Sync, web: Web, clock: TestClock) -> None:
    web.on(PATH, Answer(status=503))
    with pytest.raises(Unavailable, match=r"503.*\(4 tries\)") as caught:
        committees(run, web)
    assert caught.value.exit_code == 3
    assert len(web.paths()) == 4
    assert clock.slept == [1.0, 1.0, 2.0, 4.0], "one for the rate, then 1, 2 and 4 seconds at a jitter of 0.5"


def test_one_that_asks_for_hours_is_not_waited_for(run: Sync, web: Web, clock: TestClock) -> None:
    web.on(PATH, Answer(status=429, headers={"Retry-After": "7200"}))
    with pytest.raises(Unavailable, match="asks to wait 7,200 seconds"):
        committees(run, web)
    assert len(web.paths()) == 1
    assert clock.time < 1_700_000_010


def test_what_is_not_there_is_asked_for_once(run: Sync, web: Web) -> None:
    with pytest.raises(Unavailable, match="404"):
        committees(run, web)
    assert web.paths() == [PATH]


def test_no_more_than_one_request_a_second(run: Sync, web: Web, clock: TestClock) -> None:
    web.serve_file(PATH, LINES)
    committees(run, web)
    assert clock.slept == [1.0]


def test_a_run_makes_no_more_requests_than_it_may(run: Sync, web: Web) -> None:
    web.on(PATH, Answer(status=503))
    with pytest.raises(Unavailable, match="3 requests were made"):
        committees(run, web, Limits(requests=3))
    assert len(web.asked) == 3


# --- offline


def test_offline_it_says_so_and_changes_nothing(run: Sync, cache: Path, clock: TestClock) -> None:
    with running(Web()) as web:
        web.serve_file(PATH, LINES)
        committees(run, web)
    # Another client: the first one still has a connection, which a thread of the server keeps alive.
    with (
        httpx.Client(trust_env=False) as offline,
        pytest.raises(Unavailable, match=r"refused.*nothing was changed") as caught,
    ):
        sync("iso-committees", {"address": web.address + PATH}, cache, client=offline, clock=clock)
    assert caught.value.exit_code == 3
    assert view(cache).read_bytes() == LINES


def test_a_name_that_nobody_knows(cache: Path, clock: TestClock) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[Errno -2] Name or service not known", request=request)

    with (
        httpx.Client(transport=httpx.MockTransport(refuse)) as client,
        pytest.raises(Unavailable, match="Name or service not known"),
    ):
        sync("3gpp-work-plan", {}, cache, client=client, clock=clock)
    assert not list((cache / "files").iterdir())


def test_time_outs_are_tried_again(cache: Path, clock: TestClock) -> None:
    faults = [httpx.ConnectTimeout("slow"), httpx.ReadTimeout("slow"), httpx.ReadError("reset")]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/robots.txt":
            return httpx.Response(404)
        if faults:
            raise faults.pop(0)
        return httpx.Response(200, content=LINES)

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        found = sync("iso-committees", {}, cache, client=client, clock=clock)
    assert found.files[0].read_bytes() == LINES


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")
def test_a_certificate_that_nobody_vouches_for(
    web: Web, cache: Path, tmp_path: Path, clock: TestClock
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    files = ["-keyout", str(key), "-out", str(certificate), "-subj", "/CN=localhost", "-days", "1"]
    subprocess.run(["openssl", "req", "-x509", "-nodes", *curve, *files], check=True, capture_output=True)
    with running(Web(), certificate=(certificate, key)) as encrypted:
        encrypted.serve_file(PATH, LINES)
        address = encrypted.address.replace("127.0.0.1", "localhost") + PATH
        with pytest.raises(Unavailable, match="CERTIFICATE_VERIFY_FAILED"):
            sync("iso-committees", {"address": address}, cache, clock=clock)
    assert encrypted.asked == []


# --- robots.txt


def test_a_path_that_robots_txt_forbids(run: Sync, web: Web) -> None:
    web.on("/robots.txt", Answer(b"User-agent: *\nDisallow: /opendata/*.jsonl$\n"))
    web.serve_file(PATH, LINES)
    with pytest.raises(Unavailable, match=r"robots\.txt does not allow") as caught:
        committees(run, web)
    assert caught.value.exit_code == 3
    assert caught.value.where == web.address + PATH
    assert web.paths() == []


def test_robots_txt_is_asked_for_again_after_a_day(run: Sync, web: Web, clock: TestClock) -> None:
    web.serve_file(PATH, LINES)
    committees(run, web)
    clock.time += 86_401
    web.on("/robots.txt", Answer(b"User-agent: sdograph\nDisallow: /\n"))
    with pytest.raises(Unavailable, match=r"robots\.txt"):
        committees(run, web)


def test_a_site_whose_robots_txt_cannot_be_had_now_is_left_alone(run: Sync, web: Web) -> None:
    """RFC 9309, 2.3.1.4: unreachable means that everything is forbidden."""
    web.on("/robots.txt", Answer(status=503))
    web.serve_file(PATH, LINES)
    with pytest.raises(Unavailable, match="503"):
        committees(run, web)
    assert web.paths() == []


def test_the_delay_that_a_site_asks_for(run: Sync, web: Web, clock: TestClock) -> None:
    web.on("/robots.txt", Answer(b"User-agent: *\nCrawl-delay: 10\n"))
    web.on(PATH, Answer(status=503), Answer(LINES))
    committees(run, web)
    assert clock.slept == [1.0, 1.0, 9.0], "the rate before it was known, the pause, the rest of the delay"
    web.on("/robots.txt", Answer(b"User-agent: *\nCrawl-delay: 86400\n"))
    clock.time += 86_401
    with pytest.raises(Unavailable, match="86,400 seconds between requests"):
        committees(run, web)


def test_an_endless_robots_txt(run: Sync, web: Web) -> None:
    web.on("/robots.txt", Answer(b"#" * 600_000))
    with pytest.raises(Unavailable, match=r"robots\.txt"):
        committees(run, web)


# --- whole, or not at all


def test_a_cut_download_is_gone_on_with(run: Sync, web: Web, cache: Path) -> None:
    seen: list[Asked] = []

    def cut_once(asked: Asked) -> Answer:
        seen.append(asked)
        answer = static(asked, LONG)
        return Answer(answer.body, answer.status, answer.headers, cut=100_000 if len(seen) == 1 else None)

    web.routes[PATH] = cut_once
    found = committees(run, web)
    assert view(cache).read_bytes() == LONG
    assert seen[1].headers["range"] == "bytes=100000-"
    assert seen[1].headers["if-range"].startswith('"')
    assert found.bytes == len(LONG), "no byte came twice"


def test_the_next_run_goes_on_where_this_one_was(run: Sync, web: Web, cache: Path) -> None:
    web.routes[PATH] = lambda asked: Answer(LONG, headers=static(asked, LONG).headers, cut=200_000)
    with pytest.raises(Unavailable):
        committees(run, web, Limits(tries=1))
    assert parts(cache) == [200_000]
    assert not view(cache).exists()
    web.serve_file(PATH, LONG)
    assert committees(run, web).bytes == len(LONG) - 200_000
    assert view(cache).read_bytes() == LONG
    assert parts(cache) == []


def test_a_server_that_knows_no_ranges_begins_again(run: Sync, web: Web, cache: Path) -> None:
    cuts: list[int | None] = [100_000, None]
    web.routes[PATH] = lambda asked: Answer(
        LONG, headers=static(asked, LONG, ranges=False).headers, cut=cuts.pop(0)
    )
    assert committees(run, web).bytes == 100_000 + len(LONG)
    assert view(cache).read_bytes() == LONG


def test_a_file_that_changes_while_it_comes_begins_again(run: Sync, web: Web, cache: Path) -> None:
    other = LONG.replace(b"x", b"y")
    web.routes[PATH] = lambda asked: Answer(LONG, headers=static(asked, LONG).headers, cut=200_000)
    with pytest.raises(Unavailable):
        committees(run, web, Limits(tries=1))
    web.serve_file(PATH, other)
    committees(run, web)
    assert view(cache).read_bytes() == other


def test_a_part_that_is_another_one_is_refused(run: Sync, web: Web, cache: Path) -> None:
    """A cache in between that keeps neither to Range nor to If-Range."""
    other = LONG.replace(b"x", b"y")

    def wrong_part(asked: Asked) -> Answer:
        if "range" not in asked.headers:
            return Answer(LONG, headers=static(asked, LONG).headers, cut=200_000)
        return Answer(other[:50], 206, {"Content-Range": f"bytes 0-49/{len(other)}"})

    web.routes[PATH] = wrong_part
    with pytest.raises(Unavailable):
        committees(run, web)
    assert not view(cache).exists()


def test_a_weak_etag_alone_cannot_be_resumed_by(run: Sync, web: Web, cache: Path) -> None:
    """RFC 9110, 13.1.5."""
    cuts: list[int | None] = [100_000, None]
    web.routes[PATH] = lambda _asked: Answer(LONG, headers={"ETag": 'W/"1"'}, cut=cuts.pop(0))
    committees(run, web)
    assert "range" not in web.asked[-1].headers
    assert view(cache).read_bytes() == LONG


@pytest.mark.parametrize("length", [len(LINES) + 10, len(LINES) - 10], ids=["too long", "too short"])
def test_a_wrong_length(run: Sync, web: Web, cache: Path, length: int) -> None:
    web.on(
        PATH, Answer(LINES, headers={"Content-Length": str(length), "Connection": "close"}, cut=len(LINES))
    )
    with pytest.raises(SdographError):
        committees(run, web)
    assert not view(cache).exists()


def test_a_body_that_does_not_say_where_it_ends(run: Sync, web: Web, cache: Path) -> None:
    web.on(PATH, Answer(LINES, framed=False))
    with pytest.raises(Unavailable, match="does not say where it ends"):
        committees(run, web)
    assert not view(cache).exists()


def chunks(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)


def test_chunks_that_end_and_chunks_that_do_not(run: Sync, web: Web, cache: Path) -> None:
    chunked = {"Transfer-Encoding": "chunked"}
    web.on(PATH, Answer(chunks(LINES, b""), headers=chunked, framed=False))
    committees(run, web)
    assert view(cache).read_bytes() == LINES
    web.on(PATH, Answer(chunks(LINES + LINES), headers=chunked, framed=False))
    with pytest.raises(Unavailable, match="incomplete"):
        committees(run, web)
    assert view(cache).read_bytes() == LINES


def test_a_file_over_the_cap(run: Sync, web: Web, cache: Path) -> None:
    web.on(PATH, Answer(LONG))
    with pytest.raises(LimitExceeded, match="300,017 bytes long, over 100,000"):
        committees(run, web, Limits(file_bytes=100_000))
    assert parts(cache) == []


def test_an_endless_body(run: Sync, web: Web, cache: Path) -> None:
    endless = chunks(*[b"\0" * 10_000] * 100)
    web.on(PATH, Answer(endless, headers={"Transfer-Encoding": "chunked"}, framed=False))
    with pytest.raises(LimitExceeded, match="over 100,000 bytes"):
        committees(run, web, Limits(file_bytes=100_000))
    assert parts(cache) == []
    assert not view(cache).exists()


def test_a_server_that_drips(run: Sync, web: Web, clock: TestClock, cache: Path) -> None:
    class Dripping(httpx.SyncByteStream):
        def __iter__(self):  # type: ignore[no-untyped-def]
            for _ in range(100):
                clock.time += 60
                yield b"x"

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/robots.txt":
            return httpx.Response(404)
        return httpx.Response(200, headers={"Content-Length": "100", "ETag": '"1"'}, stream=Dripping())

    with (
        httpx.Client(transport=httpx.MockTransport(answer)) as client,
        pytest.raises(Unavailable, match="within 1,800 seconds"),
    ):
        sync("iso-committees", {}, cache, client=client, clock=clock)
    assert parts(cache) == [30], "and the next run goes on from there"


def test_a_page_in_place_of_the_file(run: Sync, web: Web, cache: Path) -> None:
    web.serve_file(PATH, LINES)
    committees(run, web)
    web.on(PATH, Answer(b"<html><body>Please log in</body></html>", headers={"Content-Type": "text/html"}))
    with pytest.raises(UnreadableDocument, match="JSON is broken") as caught:
        committees(run, web)
    assert caught.value.exit_code == 1
    assert view(cache).read_bytes() == LINES


def test_an_empty_file(run: Sync, web: Web) -> None:
    web.on(PATH, Answer(b""))
    with pytest.raises(UnreadableDocument, match="empty"):
        committees(run, web)


def test_a_line_that_is_cut(run: Sync, web: Web) -> None:
    web.on(PATH, Answer(LINES[:-20]))
    with pytest.raises(UnreadableDocument, match="line 2"):
        committees(run, web)


# --- redirects


def test_a_redirect_on_the_same_host(run: Sync, web: Web, cache: Path) -> None:
    web.on(PATH, Answer(status=301, headers={"Location": "/new/place.jsonl"}))
    web.serve_file("/new/place.jsonl", LINES)
    committees(run, web)
    assert view(cache).read_bytes() == LINES


def test_a_redirect_to_another_host_is_refused(run: Sync, web: Web) -> None:
    with running(Web()) as other:
        other.serve_file(PATH, LINES)
        web.on(PATH, Answer(status=302, headers={"Location": other.address + PATH}))
        with pytest.raises(Unavailable, match=f"leads to {other.address}{PATH}, which is not a host"):
            committees(run, web)
        assert other.asked == []


def test_a_redirect_to_the_home_of_the_source_is_followed(cache: Path, clock: TestClock) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/robots.txt":
            return httpx.Response(404)
        if request.url.host == "mirror.example":
            return httpx.Response(302, headers={"Location": home})
        return httpx.Response(200, content=LINES)

    home = "https://isopublicstorageprod.blob.core.windows.net/opendata/x.jsonl"
    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        found = sync(
            "iso-committees", {"address": "https://mirror.example/x"}, cache, client=client, clock=clock
        )
    assert found.files[0].read_bytes() == LINES


def test_a_redirect_that_gives_up_encryption_is_refused(cache: Path, clock: TestClock) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/robots.txt":
            return httpx.Response(404)
        return httpx.Response(302, headers={"Location": str(request.url).replace("https:", "http:")})

    with (
        httpx.Client(transport=httpx.MockTransport(answer)) as client,
        pytest.raises(Unavailable, match="leads to http://"),
    ):
        sync("iso-committees", {}, cache, client=client, clock=clock)


def test_redirects_in_a_circle(run: Sync, web: Web) -> None:
    web.on(PATH, Answer(status=302, headers={"Location": PATH}))
    with pytest.raises(Unavailable, match="over 5 redirects"):
        committees(run, web)


def test_a_redirect_to_nowhere(run: Sync, web: Web) -> None:
    web.on(PATH, Answer(status=302, headers={"Location": "http://[::bad"}))
    with pytest.raises(Unavailable, match="location"):
        committees(run, web)


# --- one at a time, and killed at any moment


def test_two_syncs_do_not_share_a_cache(run: Sync, web: Web, cache: Path) -> None:
    caught: list[SdographError] = []

    def meanwhile(asked: Asked) -> Answer:
        try:
            with httpx.Client(trust_env=False) as client:
                sync("iso-committees", {}, cache, client=client, clock=TestClock())
        except SdographError as error:
            caught.append(error)
        return Answer(LINES)

    web.routes[PATH] = meanwhile
    committees(run, web)
    assert [type(error) for error in caught] == [Unavailable]
    assert "another sync" in str(caught[0])


CHILD = """
import sys, httpx
from pathlib import Path
from sdograph.live import Limits, sync
with httpx.Client(trust_env=False) as client:
    fast = Limits(interval=0)
    sync("iso-committees", {"address": sys.argv[1]}, Path(sys.argv[2]), client=client, limits=fast)
"""


def test_killed_in_the_middle_of_a_download(run: Sync, web: Web, cache: Path) -> None:
    """What came stays, nobody sees half a file, and the next run goes on."""
    web.serve_file(PATH, LINES)
    committees(run, web)
    resumes, killed = threading.Event(), threading.Event()

    def half(asked: Asked) -> Answer:
        """The connection ends after the first half; then the server is silent until the reader is dead."""
        if "range" in asked.headers:
            resumes.set()
            killed.wait(20)
        return Answer(LONG, headers=static(asked, LONG).headers, cut=150_000)

    web.routes[PATH] = half
    child = subprocess.Popen([sys.executable, "-c", CHILD, web.address + PATH, str(cache)])
    try:
        assert resumes.wait(20)
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        killed.set()
    assert parts(cache) == [150_000]
    assert view(cache).read_bytes() == LINES
    web.serve_file(PATH, LONG)
    assert committees(run, web).bytes == len(LONG) - 150_000
    assert view(cache).read_bytes() == LONG


@pytest.mark.parametrize("damage", ["note", "object", "state"])
def test_a_damaged_cache_is_fetched_anew(run: Sync, web: Web, cache: Path, damage: str) -> None:
    web.serve_file(PATH, LINES)
    committees(run, web)
    if damage == "note":
        next((cache / "notes").iterdir()).write_text('{"address":')
    elif damage == "state":
        next((cache / "state").iterdir()).write_text("{")
    else:
        next((cache / "objects").glob("*/*")).unlink()
    assert committees(run, web).unchanged
    assert view(cache).read_bytes() == LINES


def test_what_was_left_half_written_by_a_kill_is_swept(run: Sync, web: Web, cache: Path) -> None:
    web.serve_file(PATH, LINES)
    committees(run, web)
    (cache / "tmp" / "next").write_text("half")
    orphan = cache / "objects" / "ab" / ("ab" * 32)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_text("never noted")
    web.serve_file(PATH, LINES + LINES)
    committees(run, web)
    assert not orphan.exists()
    assert list((cache / "tmp").iterdir()) == []


def test_the_view_is_a_second_name_that_nobody_writes_into(run: Sync, web: Web, cache: Path) -> None:
    web.serve_file(PATH, LINES)
    committees(run, web)
    assert view(cache).stat().st_nlink == 2
    assert view(cache).stat().st_mode & 0o222 == 0


# --- calls that are wrong


@pytest.mark.parametrize(
    ("name", "parameters", "says"),
    [
        ("3gpp", {}, "no live source is called '3gpp'"),
        ("iso-committees", {"adress": "https://x"}, "no parameter 'adress'"),
        ("3gpp-tdocs", {}, "needs the parameter 'meeting'"),
        ("3gpp-tdocs", {"meeting": " "}, "the parameter 'meeting' is empty"),
        ("3gpp-tdocs", {"meeting": "../../etc/x"}, "no folder of a meeting"),
        ("3gpp-tdocs", {"meeting": "tsg_sa"}, "no folder of a meeting"),
        ("iso-committees", {"address": "ftp://ftp.3gpp.org/x"}, "no address"),
        ("iso-committees", {"address": "file:///etc/passwd"}, "no address"),
        ("iso-committees", {"address": "https://name:word@host/x"}, "no address"),
        ("iso-committees", {"address": "https://host:port/x"}, "no address"),
        ("relaton-etsi", {"match": "*", "most": "many"}, "no number of records"),
    ],
)
def test_a_wrong_call_asks_nobody(run: Sync, name: str, parameters: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        run(name, **parameters)
    assert caught.value.exit_code == 2
    assert caught.value.hint


def test_a_cache_that_cannot_be_written(tmp_path: Path, clock: TestClock) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be written"):
        sync("iso-committees", {}, tmp_path / "file" / "cache", clock=clock)


def test_a_file_that_cannot_be_put_in_its_place(run: Sync, web: Web, cache: Path) -> None:
    web.serve_file(PATH, LINES)
    (cache / "files").mkdir(parents=True)
    (cache / "files" / "iso-committees").write_text("in the way")
    with pytest.raises(Unavailable, match="cannot be written") as caught:
        committees(run, web)
    assert caught.value.exit_code == 3
    (cache / "files" / "iso-committees").unlink()
    assert committees(run, web).bytes == 0, "it was there already, only not shown"
    assert view(cache).read_bytes() == LINES


def test_archives_are_checked_to_their_last_member(tmp_path: Path) -> None:
    from sdograph.live.checks import check_zip

    whole = zipped(a_xml="text " * 100, b_xml="other " * 100)
    path = tmp_path / "x.xlsx"
    path.write_bytes(whole)
    check_zip(path, "here")
    for broken in (whole[:-30], whole[:10], whole.replace(whole[60:64], b"zzzz", 1), b""):
        path.write_bytes(broken)
        with pytest.raises(UnreadableDocument):
            check_zip(path, "here")
