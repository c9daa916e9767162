"""Documents of every kind made from nothing, for the tests of their readers and for the fuzzer."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Sequence
from email.message import EmailMessage
from typing import NamedTuple


class Put(NamedTuple):
    """A text on a page of a PDF: its place in points from the lower left corner, and its size."""

    x: float
    y: float
    text: str
    size: float = 11


#: Padding of passwords (ISO 32000-1, 7.6.3.3).
_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def pdf(
    *pages: Sequence[Put],
    rotate: int = 0,
    picture: bool = False,
    password: str = "",
) -> bytes:
    """A PDF with a page for each list of texts; with ``picture`` each page also shows one."""
    streams = []
    for page in pages:
        content = "".join(
            f"BT /F1 {put.size} Tf 1 0 0 1 {put.x} {put.y} Tm ({_escaped(put.text)}) Tj ET\n" for put in page
        )
        if picture:
            content += "q 400 0 0 400 50 50 cm /Im1 Do Q\n"
        streams.append(zlib.compress(content.encode("cp1252")))
    return pdf_of(streams, rotate=rotate, password=password)


def pdf_of(streams: Sequence[bytes], *, rotate: int = 0, password: str = "") -> bytes:
    """A PDF with a page for each content stream, which is packed already."""
    first = 5
    numbers = range(first, first + 2 * len(streams), 2)
    kids = " ".join(f"{n} 0 R" for n in numbers)
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        4: b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
        b" /Length 1 >>\nstream\n\x00\nendstream",
    }
    for number, stream in zip(numbers, streams, strict=True):
        objects[number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate {rotate}"
            f" /Contents {number + 1} 0 R /Resources << /Font << /F1 3 0 R >> /XObject << /Im1 4 0 R >> >> >>"
        ).encode()
        objects[number + 1] = (
            f"<< /Length {len(stream)} /Filter /FlateDecode >>\nstream\n".encode() + stream + b"\nendstream"
        )
    trailer = ""
    if password:
        owner, user, identity = _locks(password)
        objects[max(objects) + 1] = (
            f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{owner.hex()}> /U <{user.hex()}> >>".encode()
        )
        trailer = f"/Encrypt {max(objects)} 0 R /ID [<{identity.hex()}> <{identity.hex()}>]"
    return assembled(objects, trailer)


def assembled(objects: dict[int, bytes], trailer: str = "") -> bytes:
    """The file of numbered objects with its table of places (ISO 32000-1, 7.5)."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = {}
    for number, content in objects.items():
        places[number] = out.tell()
        out.write(f"{number} 0 obj\n".encode() + content + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.writelines(f"{places[number]:010} 00000 n \n".encode() for number in sorted(objects))
    out.write(
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    )
    return out.getvalue()


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _locks(password: str) -> tuple[bytes, bytes, bytes]:
    """What a file says of its password (ISO 32000-1, algorithms 2, 3 and 4, revision 2)."""
    identity = bytes(range(16))
    padded = (password.encode("latin-1") + _PAD)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    key = hashlib.md5(padded + owner + (2**32 - 4).to_bytes(4, "little") + identity).digest()[:5]
    return owner, _rc4(key, _PAD), identity


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    out = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def mail(text: str = "", *, page: str = "", attached: dict[str, bytes] | None = None) -> EmailMessage:
    """A mail with a plain text, an HTML text, or both, and attachments by name."""
    message = EmailMessage()
    message["From"] = "Jäne Example <jane@example.org>"
    message["To"] = "3GPP SA3 <sa3@example.org>"
    message["Subject"] = "LS on machine learning – draft"
    message["Date"] = "Mon, 18 Sep 2023 10:00:00 +0200"
    if text:
        message.set_content(text)
    if page and text:
        message.add_alternative(page, subtype="html")
    elif page:
        message.set_content(page, subtype="html")
    for name, content in (attached or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message
