"""Joins the parts: the only file that names concrete classes. Each part is made when it is first asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from pipeline.settings import Settings

if TYPE_CHECKING:
    from casework.domain.clock import FrozenRule
    from casework.domain.matching import Facts
    from casework.domain.office import Office
    from casework.ports import Assessor, Grouper, Masker, Store
    from casework.services.notify import Teller
    from casework.services.opening import Opener


def clock_now() -> datetime:
    """The present moment, in UTC: the one place where the system clock is read."""
    return datetime.now(UTC)


class Context:
    """The system, joined. Heavy parts (models, store clients) are imported when they are used."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] = clock_now, makes: bool = True) -> None:
        self.settings = settings
        self.now = now
        self.makes = makes
        """Whether a store that is not there may be made."""

    @cached_property
    def office(self) -> Office:
        """The office as configured. Raises ConfigError with every mistake of the folder."""
        from casework.config.load import load_office

        return load_office(self.settings.config)

    @cached_property
    def store(self) -> Store:
        """The store, migrated to this version. Raises Unavailable."""
        from casework.stores.open import open_store

        return open_store(self.settings.store, self.makes)

    @cached_property
    def assessor(self) -> Assessor:
        """The models in force, with the office's own words and departments."""
        from nlp.assessor import Assessor as NlpAssessor

        office = self.office
        names = {
            name: department.id
            for department in office.routing.departments.values()
            for name in (department.name, *department.aliases)
        }
        return NlpAssessor(names, office.region, self.settings.config, office.user_words)

    @cached_property
    def masker(self) -> Masker:
        """Masks personal data."""
        from nlp.masking import Masker as NlpMasker

        return NlpMasker()

    def grouper(self) -> Grouper:
        """A fresh grouper; opening seeds it from the store."""
        from nlp.grouping import Grouper as NlpGrouper
        from nlp.settings import read_settings

        return NlpGrouper.of_settings(read_settings(self.settings.config)["nlp"]["grouping"])

    def freeze(self, facts: Facts, at: datetime) -> Sequence[FrozenRule]:
        """The deadline rules that apply to a matter, frozen as of ``at``."""
        return self.office.frozen_rules(facts, at)

    def opener(self) -> Opener:
        """What opening needs."""
        from casework.services.opening import Opener as ServiceOpener

        return ServiceOpener(self.office, self.grouper(), self.masker, self.freeze)

    @cached_property
    def teller(self) -> Teller:
        """What telling needs. Raises ChannelConfigError where a channel's settings or secrets are missing."""
        from alerting import render, retry, routes
        from casework.services.notify import Teller as ServiceTeller
        from casework.services.roster import OfficeRoster
        from pipeline import accounts, links

        board = routes.switchboard(self.office.channels, os.environ)
        table: Any = SimpleNamespace(channel_of=retry.channel_of, after_failure=retry.after_failure)
        return ServiceTeller(
            self.office,
            OfficeRoster(self.office),
            partial(render.render, folder=self._texts()),
            table,
            board.channels_for,
            self.office.update_every,
            partial(links.link, self.office.link_base, accounts.secret_key(self.settings.var), self.now),
            self.now,
            self.place_name,
        )

    def place_name(self, code: str) -> str:
        """A division code in words: 河南省/郑州市/金水区."""
        name: str = self._divisions.path(code)
        return name

    @cached_property
    def _divisions(self) -> Any:
        from nlp.regions import RegionFinder

        return RegionFinder(self.office.region, self.settings.config)

    def _texts(self) -> Path | None:
        """The folder of the office's own texts, checked; None where it has none. Raises ChannelConfigError."""
        from alerting.checking import check_templates
        from alerting.load import ChannelConfigError

        folder = self.settings.config / "templates"
        if not folder.is_dir():
            return None
        mistakes = check_templates(folder, self.office.channels, folder.as_posix())
        if mistakes:
            raise ChannelConfigError.of_lines([str(one) for one in mistakes])
        return folder.resolve()

    def close(self) -> None:
        """Give up the store's connections, where it was opened."""
        if "store" in self.__dict__:
            self.store.close()
