"""The edition that is being served, and how the next one takes its place.

A build puts a new folder in the place of the old one. It is noticed by its manifest, read aside, and becomes
the current one in a single step; answers that were begun from the old edition are ended from it. While there
is no folder, or none that is whole, the last edition stays.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

from twintowns.contents import Folder, Signature, signature_of
from twintowns.dereferencing import Site
from twintowns.exceptions import SiteError
from twintowns.holdings import holdings_from
from twintowns.inventory import MANIFEST

NOTICED_S: Final = 1.0
"""After how long a new edition is noticed at the latest."""


class Current:
    """The edition that is being served.

    Args:
        place: The folder of the site.
        root: The path under which it is reached.
        told: Whom to tell that an edition was taken over.
    """

    def __init__(self, place: Path, root: str = "", told: Callable[[Path], None] = lambda _: None) -> None:
        """Read the edition that is there, if any."""
        self._place = place
        self._root = root
        self._told = told
        self._refreshing = asyncio.Lock()
        self.site: Site | None = None
        self.site = self._read()

    async def watch(self) -> None:
        """Take over new editions, for ever."""
        while True:
            await asyncio.sleep(NOTICED_S)
            await self.refresh()

    async def refresh(self) -> None:
        """Take over the edition that lies in the place, if it is another one."""
        async with self._refreshing:
            if site := await asyncio.to_thread(self._read):
                self.site = site
                self._told(self._place)

    def _read(self) -> Site | None:
        """Return the edition in the place; None where it is the current one, or none that can be read."""
        try:
            if signature_of((self._place / MANIFEST).stat()) == self._signature:
                return None
            folder = Folder.opened(self._place)
            return Site(holdings_from(folder.manifest), folder, self._root)
        except (OSError, SiteError):
            return None

    @property
    def _signature(self) -> Signature | None:
        return self.site.folder.signature if self.site else None
