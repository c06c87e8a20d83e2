"""Shape ``open_api``: a platform's official interface, asked with the office's own key.

The key comes from the environment and goes into a header: no address, log, error or state ever holds it.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from scrapy.http import Request, Response

from crawlers.base.spider import Callback, SourceSpider
from crawlers.collector import Collector

if TYPE_CHECKING:
    from crawlers.source_interfaces import OpenApiSource

SPOKEN = (400, 401, 403)
"""With these statuses an interface tells its reason in the body, which is read before anything is concluded."""


class OpenApiSpider(SourceSpider):
    """A source gives the addresses, the meaning of a row, and what an answer that is no answer says."""

    source: OpenApiSource
    resumes = False

    def __init__(self, collector: Collector, **kwargs: Any) -> None:
        super().__init__(collector, **kwargs)
        self._key = os.environ.get(self.source.key_env, "").strip()

    def ask(self, url: str, callback: Callback, **kwargs: Any) -> Request:
        """A request with the key. A redirect is no answer of an interface, so none is followed."""
        request = self.ask_list(url, callback, **kwargs)
        request.meta["handle_httpstatus_list"] = list(SPOKEN)
        request.meta["dont_redirect"] = True
        if self._key:
            request.headers["Authorization"] = f"OAuth2 {self._key}"
        return request

    def safe(self, text: str) -> str:
        """``text`` without the key, should the platform have repeated it."""
        return text.replace(self._key, "***") if self._key else text

    def answer(self, response: Response) -> dict[str, Any] | None:
        """The JSON object of an answer; None after a stop with the reason."""
        try:
            answer = json.loads(response.body.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            kind = "log-in page" if self.is_login_page(response) else f"broken answer (HTTP {response.status})"
            self.collector.stop(self.safe(f"{kind}: not JSON but {response.body[:60]!r}"))
            return None
        if isinstance(answer, dict):
            return answer
        self.collector.stop(self.safe(f"broken answer (HTTP {response.status}): no object but {str(answer)[:60]}"))
        return None
