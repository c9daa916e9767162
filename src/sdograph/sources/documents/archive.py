"""Zip archives as 3GPP and others distribute documents: each member a document of its own."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import partial

from sdograph.sources.documents.members import Member
from sdograph.sources.package import Archive, Budget

MEDIA_TYPE = "application/zip"


def members(data: bytes, where: str, budget: Budget) -> Iterator[Member]:
    """The files in an archive, in its order; nothing is ever written to disk under their names.

    Raises as :class:`~sdograph.sources.package.Archive`; what is wrong with one member is raised when it is
    opened.
    """
    archive = Archive(data, where, budget=budget)
    for info in archive.members:
        # Archives made on Windows may part folders by backslashes; a path that leads out is cut to its rest.
        name = posixpath.normpath(f"/{info.filename}".replace("\\", "/")).lstrip("/")
        base = posixpath.basename(name)
        # What programs put beside the documents, and the lock files of open ones.
        litter = name.startswith("__MACOSX/") or base.startswith((".", "~$"))
        if base and not litter and not info.filename.endswith("/"):
            yield Member(name, partial(archive.read, info))
