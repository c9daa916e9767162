"""Mutated documents against their readers: ``make fuzz ARGS="--seconds 300 --seed 7"``.

Valid documents of every kind are damaged at random, read, and held to three promises: nothing but an
SdographError is raised, nothing takes longer than five seconds of the processor, and no file is opened for
writing. What breaks a promise is kept in the folder ``fuzz-findings`` with the number that makes it again.
"""

from __future__ import annotations

import argparse
import copy
import io
import os
import random
import resource
import struct
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from lxml import etree

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "sources" / part) for part in ("documents", "liaison")]

from document_files import Put, mail, pdf, zipped  # noqa: E402
from word_packages import W, document_xml, paragraph, parts_of, relationships  # noqa: E402

from sdograph.errors import SdographError  # noqa: E402
from sdograph.sources import text  # noqa: E402
from sdograph.sources.documents import pdf as pdf_reader  # noqa: E402

LIMIT = 5.0
FINDINGS = Path("fuzz-findings")

_LINES = [
    ("Title:", "LS on machine learning"),
    ("Response to:", "LS (S5-186491)"),
    ("To:", "SA3, SA5"),
    ("Date:", "18 September 2023"),
]


def word() -> bytes:
    """Table, list, note, field, change, text box and header in one document."""
    rows = "".join(f"<w:tr><w:tc>{paragraph(a)}</w:tc><w:tc>{paragraph(b)}</w:tc></w:tr>" for a, b in _LINES)
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('boxed')}</w:txbxContent></w:pict></w:r>"
    changed = (
        '<w:p><w:ins w:id="1"><w:r><w:t>in</w:t></w:r></w:ins><w:del w:id="2"><w:r><w:delText>out</w:delText>'
        f'</w:r></w:del><w:r><w:fldChar w:fldCharType="begin"/></w:r>{box}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    item = f'<w:p><w:pPr><w:pStyle w:val="H"/>{numbered}</w:pPr></w:p>'
    parts = parts_of(document_xml(f"<w:tbl>{rows}</w:tbl>{changed}{item * 3}{paragraph('text ' * 50)}"))
    parts["word/_rels/document.xml.rels"] = relationships(
        ("header", "header1.xml"),
        ("numbering", "numbering.xml"),
        ("styles", "styles.xml"),
        ("footnotes", "notes.xml"),
    )
    parts["word/header1.xml"] = f'<w:hdr xmlns:w="{W}">{paragraph("S3-1")}</w:hdr>'
    parts["word/numbering.xml"] = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        '<w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1">'
        '<w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    parts["word/styles.xml"] = (
        f'<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:styleId="H"><w:basedOn w:val="H"/></w:style>'
        "</w:styles>"
    )
    parts["word/notes.xml"] = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="1">{paragraph("n")}</w:footnote></w:footnotes>'
    )
    return zipped({name: part if isinstance(part, bytes) else part.encode() for name, part in parts.items()})


def printed() -> bytes:
    puts = [
        Put(x, 700 - 14 * n, words)
        for n, pair in enumerate(_LINES)
        for x, words in zip((50, 200), pair, strict=True)
    ]
    return pdf(puts, puts[:2], picture=True)


def page() -> bytes:
    rows = "".join(f"<tr><td>{a}</td><td style='mso-tab-count:1'>{b}</td></tr>" for a, b in _LINES)
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8></head><body><table>{rows}</table>"
        "<ol type=a start=3><li>one<li value=7>two</ol>"
        "<pre>To:\tSA3\n</pre><p>&nbsp;&amp;&#8211;</body></html>"
    ).encode()


SEEDS: dict[str, Callable[[], bytes]] = {
    ".docx": word,
    ".pdf": printed,
    ".html": page,
    ".eml": lambda: mail(
        "\n".join(map("\t".join, _LINES)), page="<p>x</p>", attached={"a.docx": word(), "b.txt": b"text"}
    ).as_bytes(),
    ".zip": lambda: zipped(
        {"S3-1.docx": word(), "in.zip": zipped({"a.html": page(), "b.eml": mail("x").as_bytes()})}
    ),
    ".txt": lambda: "\n".join(map("\t".join, _LINES)).encode(),
}

_WORDS = [
    b'<', b'>', b'</w:p>', b'<w:p>', b'<w:tbl><w:tr><w:tc>', b'"', b"'", b'&', b'&#0;', b'&#xD800;',
    b']]>', b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b'<!--', b'\x00', b'\xff\xfe', b'\xef\xbb\xbf',
    b'\r\n\r\n', b'\n\n', b'--', b'=?utf-8?q?', b'Content-Type: multipart/mixed; boundary=b\n\n',
    b'Content-Transfer-Encoding: base64\n', b'PK\x03\x04', b'PK\x01\x02', b'obj', b'endobj',
    b'stream\n', b'endstream', b'<<', b'>>', b'/Kids [1 0 R]', b'/Length 99999999',
    b'/Filter /FlateDecode', b'99999999999999999999', b'-1', b'0', b'<table>', b'<td>', b'<li>',
    b'<svg><p>', b'%1%2%3', b'w:val="9"',
]  # fmt: skip


def mutated(content: bytes, dice: random.Random) -> bytes:
    """The bytes with one to six places damaged."""
    data = bytearray(content)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(data) + 1)
        kind = dice.randrange(8)
        if kind == 0 and data:
            data[at % len(data)] ^= 1 << dice.randrange(8)
        elif kind == 1:
            data[at : at + dice.randint(1, 4)] = dice.randbytes(dice.randint(0, 4))
        elif kind == 2:
            data[at:at] = dice.choice(_WORDS)
        elif kind == 3:
            data[at : at + dice.randint(1, 200)] = b""
        elif kind == 4:  # what stands here, many times over
            piece = bytes(data[at : at + dice.randint(1, 60)])
            data[at:at] = piece * dice.choice((2, 20, 300, 3_000))
        elif kind == 5 and dice.random() < 0.3:
            del data[at:]
        elif kind == 6:  # a huge attribute, header or word
            data[at:at] = dice.choice((b"a", b" ", b"a=1 ", b"<", b"(", b'"', b";")) * dice.choice(
                (100, 30_000)
            )
        elif kind == 7 and len(data) > 8:
            place = dice.randrange(len(data) - 4)
            struct.pack_into("<I", data, place, dice.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFF)))
    return bytes(data)


def repacked(content: bytes, dice: random.Random) -> bytes:
    """A zip archive whose members are damaged before they are packed: doubled, lost, renamed or mutated."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        warnings.simplefilter("ignore")  # of a name that is there twice, which is meant
        for info in old.infolist():
            member, name = old.read(info), info.filename
            chance = dice.random()
            if chance < 0.01:
                continue
            if chance < 0.02:
                name = dice.choice(
                    ("../" + name, "/" + name, name.upper(), name + "\x00", "a" * 5_000, "\\" + name)
                )
            if chance > 0.95:
                member = mutated(member, dice)
            elif chance > 0.4 and name.startswith("word/"):
                member = reshaped(member, dice)
            for _ in range(2 if 0.02 < chance < 0.03 else 1):
                new.writestr(name, member)
    return out.getvalue()


_NUMBERS = ("", "0", "1", "-1", "9", "65535", "99999999999", "a", "\U0001f600", "%1%1%9", "none", "bullet")


def reshaped(content: bytes, dice: random.Random) -> bytes:
    """XML that stays well-formed while its elements and attributes are doubled, lost, moved or changed."""
    root = etree.fromstring(content)
    for _ in range(dice.randint(1, 8)):
        elements = list(root.iter())
        one, other = dice.choice(elements), dice.choice(elements)
        kind = dice.randrange(6)
        parent = one.getparent()
        if kind == 0 and parent is not None:
            parent.remove(one)
        elif kind == 1:
            other.append(copy.deepcopy(one))
        elif kind == 2 and parent is not None:
            for _ in range(dice.choice((3, 150))):
                inner = etree.Element(dice.choice(elements).tag)
                parent.replace(one, inner)
                inner.append(one)
                parent = inner
        elif kind == 3 and one.attrib:
            one.set(dice.choice(one.keys()), dice.choice((*_NUMBERS, "9" * 5_000)))
        elif kind == 4:
            one.tag = other.tag
        elif kind == 5 and parent is not None and len(elements) < 2_000:
            for _ in range(dice.choice((2, 50))):
                parent.append(copy.deepcopy(one))
    return etree.tostring(root)


def case(suffix: str, seed: int) -> bytes:
    """The damaged document that a number stands for."""
    dice = random.Random(f"{suffix} {seed}")
    content = SEEDS[suffix]()
    if suffix in (".docx", ".zip") and dice.random() < 0.7:
        content = repacked(content, dice)
        return content if dice.random() < 0.8 else mutated(content, dice)
    if suffix == ".pdf" and dice.random() < 0.5:
        return repressed(content, dice)
    return mutated(content, dice)


def repressed(content: bytes, dice: random.Random) -> bytes:
    """A PDF whose content streams are damaged before they are packed."""
    head, *pieces = content.split(b"/Filter /FlateDecode >>\nstream\n")
    out = head
    for piece in pieces:
        packed, _, rest = piece.partition(b"\nendstream")
        stream = zlib.compress(mutated(zlib.decompress(packed), dice))
        out += b"/Filter /FlateDecode >>\nstream\n" + stream + b"\nendstream" + rest
    return out


class Watch:
    """Sees every file that is opened for writing, created, renamed or removed while it is on."""

    def __init__(self) -> None:
        self.on = False
        self.seen: list[str] = []
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.on:
            return
        if event == "open":
            _, mode, flags = arguments
            writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            if writes and arguments[0] != os.devnull and not isinstance(arguments[0], int):
                self.seen.append(f"{event} {arguments[0]!r} {mode}")
        elif event in (
            "os.mkdir",
            "os.rename",
            "os.remove",
            "os.rmdir",
            "os.link",
            "os.symlink",
            "os.truncate",
        ):
            self.seen.append(f"{event} {arguments!r}")


def _spent() -> float:
    """Seconds of the processor so far, here and in the process that reads PDF.

    The machine may have other things to do, so that the clock says little.
    """
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = time.process_time() + ended.ru_utime + ended.ru_stime
    worker = pdf_reader._WORKER._process
    if worker is not None and worker.returncode is None:
        fields = Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Damages and reads until the time is over; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None, help="the first number; by the clock without it")
    parser.add_argument("--kind", choices=list(SEEDS), help="documents of one kind only")
    parser.add_argument("--once", action="store_true", help="only the document of that seed and kind")
    given = parser.parse_args()
    first = int(time.time()) if given.seed is None else given.seed
    kinds = [given.kind] if given.kind else list(SEEDS)
    watch = Watch()
    outcomes: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    slowest: dict[str, tuple[float, int]] = dict.fromkeys(kinds, (0.0, 0))
    broken = 0
    end = time.monotonic() + given.seconds
    seed = first
    with tempfile.TemporaryDirectory(prefix="sdograph-fuzz-") as folder:
        while time.monotonic() < end:
            for kind in kinds:
                path = Path(folder) / f"case{kind}"
                path.write_bytes(case(kind, seed))
                text._documents_of.cache_clear()
                watch.seen.clear()
                complaint = ""
                begun = _spent()
                watch.on = True
                try:
                    found = list(text.read_documents(path))
                    outcome = "read, some members not" if any(d.fault for d in found) else "read"
                    faults = [d.fault for d in found if d.fault]
                except SdographError as error:
                    outcome, faults = f"{type(error).__name__}", [error]
                except Exception:
                    outcome, faults, complaint = "CRASH", [], traceback.format_exc()
                watch.on = False
                taken = _spent() - begun
                if any(not (fault.hint and fault.where) for fault in faults):
                    complaint = f"an error without place or hint: {faults}"
                if taken > LIMIT:
                    complaint = f"took {taken:.1f} s"
                if watch.seen:
                    complaint = f"wrote: {watch.seen}"
                slowest[kind] = max(slowest[kind], (taken, seed))
                outcomes[kind][outcome] += 1
                if complaint:
                    broken += 1
                    FINDINGS.mkdir(exist_ok=True)
                    (FINDINGS / f"{seed}{kind}").write_bytes(path.read_bytes())
                    _say(f"--kind {kind} --seed {seed}: {complaint}")
            seed += 1
            if given.once:
                break
    for kind in kinds:
        seconds, which = slowest[kind]
        summary = ", ".join(f"{count} {name}" for name, count in outcomes[kind].most_common())
        total = outcomes[kind].total()
        _say(f"{kind}: {total} documents: {summary}; slowest {seconds:.2f} s (seed {which})")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    _say(f"seeds {first} to {seed - 1}, promises broken: {broken}, memory at most {memory} MB")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
