"""Old Word documents (.doc), Rich Text and OpenDocument text, made into .docx by LibreOffice.

LibreOffice runs without a window, with a profile of its own in a temporary folder, in which macros and the
updating of links are off, and for a bounded time.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from sdograph.errors import LimitExceeded, Unavailable, UnreadableDocument
from sdograph.sources.package import Budget

#: Seconds for one document; a start on a slow machine takes ten of them.
MAX_SECONDS = 60.0
MAX_BYTES = 20_000_000

_PROGRAMS = ("soffice", "libreoffice")
#: What the bytes of each kind begin with.
_BEGINNINGS = {".doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".rtf": b"{\\rtf", ".odt": b"PK\x03\x04"}
_NAMES = {".doc": "Word document (.doc)", ".rtf": "Rich Text document", ".odt": "OpenDocument text"}


def _in_directory(name: str) -> bytes:
    return name.encode("utf-16-le")


_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
 <item oor:path="/org.openoffice.Office.Common/Security/Scripting">
  <prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
  <prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
  <prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop>
  <prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
 </item>
 <item oor:path="/org.openoffice.Office.Writer/Content/Update">
  <prop oor:name="Link" oor:op="fuse"><value>0</value></prop>
 </item>
</oor:items>
"""


def to_docx(data: bytes, suffix: str, where: str, budget: Budget) -> bytes:
    """The document as .docx.

    Raises Unavailable when LibreOffice is not there, UnreadableDocument when the bytes are no such document
    or LibreOffice cannot read them, LimitExceeded when it takes too long.
    """
    _check(data, suffix, where)
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise Unavailable(
            f"reading a {_NAMES[suffix]} needs LibreOffice, which is not here",
            where=where,
            hint="save it as .docx, or install LibreOffice",
        )
    with tempfile.TemporaryDirectory(prefix="sdograph-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, "utf-8")
        (folder / f"document{suffix}").write_bytes(data)
        _run(program, folder, suffix, where, budget)
        try:
            with (folder / "made" / "document.docx").open("rb") as made:
                converted = made.read(MAX_BYTES + 1)
        except OSError as error:
            raise UnreadableDocument(
                "LibreOffice cannot read it: it is damaged or has a password",
                where=where,
                hint="save it as .docx without a password",
            ) from error
    if len(converted) > MAX_BYTES:
        raise LimitExceeded(
            f"the document is over the limit of {MAX_BYTES:,} bytes",
            where=where,
            hint="a liaison statement is far smaller: remove embedded material",
        )
    return converted


def _check(data: bytes, suffix: str, where: str) -> None:
    if not data.startswith(_BEGINNINGS[suffix]):
        raise UnreadableDocument(
            f"this is no {_NAMES[suffix]} but another kind of file, renamed",
            where=where,
            hint="give it the extension of what it is, or save it as .docx",
        )
    if suffix == ".doc" and _in_directory("EncryptedPackage") in data:
        raise UnreadableDocument("the document is encrypted", where=where, hint="save it without a password")
    if suffix == ".doc" and _in_directory("WordDocument") not in data:
        raise UnreadableDocument(
            "this is no Word document but another old Office file, a message or an installer",
            where=where,
            hint="save the liaison statement as .docx",
        )


def _run(program: str, folder: Path, suffix: str, where: str, budget: Budget) -> None:
    seconds = min(MAX_SECONDS, budget.seconds)
    begun = time.monotonic()
    # A session of its own: the program starts others, and all of them are to end together.
    try:
        process = subprocess.Popen(
            [
                program,
                "--headless",
                "--norestore",
                "--nolockcheck",
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                "--convert-to",
                "docx:MS Word 2007 XML",
                "--outdir",
                str(folder / "made"),
                str(folder / f"document{suffix}"),
            ],
            cwd=folder,
            env={**os.environ, "HOME": str(folder), "TMPDIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise Unavailable(
            f"LibreOffice cannot be started: {error.strerror}", where=where, hint="save it as .docx"
        ) from error
    try:
        process.wait(max(seconds, 0.0))
    except subprocess.TimeoutExpired as error:
        raise LimitExceeded(
            f"LibreOffice takes longer than {MAX_SECONDS:.0f} seconds to read it",
            where=where,
            hint="save it as .docx",
        ) from error
    finally:
        budget.seconds -= time.monotonic() - begun
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
