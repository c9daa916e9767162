"""The form in which documents are sent, its files put into a folder of the request."""

from __future__ import annotations

import asyncio
import re
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from sdograph.sources.plain import clean
from sdograph_api.change.writing import hold_to_token, media_type_of
from sdograph_api.problems import Problem
from sdograph_api.settings import Settings

MEDIA_TYPE = "multipart/form-data"
MAX_FILES = 100
#: Bytes of a file name before its extension, of which file systems take 255 in all, and signs of that.
MAX_NAME = 180
MAX_SUFFIX = 12
_FIELDS = ("commit", "format", "contacts")
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a request asks for; ``files`` lie in its folder under the names that their sender gave them."""

    files: tuple[Path, ...]
    format: str | None
    commit: bool
    contacts: bool


async def receive(request: Request, folder: str, settings: Settings) -> Sent:
    """The form of a request, of which parameters of the address are fields too; its files go into the folder.

    Raises a problem: 400 and 415 for what is no such form, what is raised when it is past its bounds; with
    ``commit`` 401 and 403 when it may not write.
    """
    if media_type_of(request) != MEDIA_TYPE:
        raise Problem(
            415, "unsupported-media-type", f"documents are sent as {MEDIA_TYPE}", where="header Content-Type",
            hint="curl -F file=@document.docx does so", headers={"Accept-Post": MEDIA_TYPE},
        )  # fmt: skip
    given = [(name, value) for name, value in request.query_params.multi_items()]
    if _yes(given, "commit"):
        hold_to_token(request, settings)  # before anything is taken
    body = _Body(request)
    try:
        form = await Request(request.scope, body.receive).form(max_files=MAX_FILES, max_fields=MAX_FILES)
    except (HTTPException, MultiPartException, KeyError) as error:
        raise body.fault or Problem(
            400, "malformed-form", f"the form cannot be read: {getattr(error, 'detail', error)}",
            where="body", hint="send each document as a part with a file name",
        ) from error  # fmt: skip
    try:
        given += [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        commit = _yes(given, "commit")
        if commit:
            hold_to_token(request, settings)
        contacts = _yes(given, "contacts")
        if contacts and not commit:
            raise Problem(
                400, "invalid-parameter", "contact persons are read only of what is committed",
                where="parameter contacts", hint="leave it out, or send commit=true",
            )  # fmt: skip
        for name, _ in given:
            if name not in _FIELDS:
                raise Problem(
                    400, "unknown-parameter", f"there is no parameter {name!r}", where=f"parameter {name}",
                    hint=f"parameters: {', '.join(_FIELDS)}; a document is a part with a file name",
                    extra={"allowed": list(_FIELDS)},
                )  # fmt: skip
        format = _one(given, "format") or None
        return Sent(
            files=await asyncio.to_thread(_put, form, Path(folder)),
            format=format, commit=commit, contacts=contacts,
        )  # fmt: skip
    finally:
        await form.close()


def _put(form: FormData, folder: Path) -> tuple[Path, ...]:
    """Writes the files into folders of their own: several may have the same name."""
    sent = [v for _, v in form.multi_items() if isinstance(v, UploadFile) and (v.filename or v.size)]
    if not sent:
        raise Problem(
            400, "no-file", "there is no document", where="body",
            hint="send each document as a part with a file name",
        )  # fmt: skip
    paths = []
    for number, part in enumerate(sent, 1):
        path = folder / str(number) / file_name(part.filename or "")
        path.parent.mkdir()
        with path.open("wb") as file:
            shutil.copyfileobj(part.file, file)
        paths.append(path)
    return tuple(paths)


def file_name(given: str) -> str:
    """The last part of what a client calls a file, as a name for one."""
    name = _NOT_IN_NAMES.sub("", clean(given)).replace("\\", "/").rpartition("/")[2].strip()
    if name in ("", ".", ".."):
        return "document"
    suffix = PurePosixPath(name).suffix
    suffix = suffix if len(suffix) < MAX_SUFFIX else ""
    return name.removesuffix(suffix).encode()[:MAX_NAME].decode("utf-8", "ignore") + suffix


def _one(given: list[tuple[str, Any]], name: str) -> str | None:
    values = [str(value) for field, value in given if field == name]
    if len(values) > 1:
        raise Problem(
            400, "invalid-parameter", f"{name} is given more than once", where=f"parameter {name}",
            hint="give it once",
        )  # fmt: skip
    return values[0] if values else None


def _yes(given: list[tuple[str, Any]], name: str) -> bool:
    value = (_one(given, name) or "false").lower()
    if value not in ("true", "false"):
        raise Problem(
            400, "invalid-parameter", f"{value!r} is neither true nor false", where=f"parameter {name}",
            hint="write true, or leave it out",
        )  # fmt: skip
    return value == "true"


class _Body:
    """The body of a request as the parser of forms gets it; ``fault`` says why it ended before its end.

    What goes wrong is raised as an error of the form, since only then the parser closes its files.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self.fault: Problem | None = None

    async def receive(self) -> Any:
        try:
            message = await self._request.receive()
        except Problem as problem:
            self.fault = problem
            raise MultiPartException("out of bounds") from problem
        if message["type"] == "http.disconnect":
            self.fault = Problem(400, "body-incomplete", "the request ended before its body", hint="send it")
            raise MultiPartException("gone")
        return message
