"""An answer that should be one JSON object; anything else stops the source with what it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from scrapy.http import Response

from crawlers.base.spider import SourceSpider

_LONGEST_NO = 20_000
"""Bytes; a longer answer is no refusal and is not read twice."""


def read_object(spider: SourceSpider, response: Response) -> dict[str, Any] | None:
    """The JSON object of an answer; None after a stop with the reason. The header's content type is not believed."""
    try:
        answer = json.loads(response.body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        kind = "log-in page" if spider.is_login_page(response) else "broken answer"
        spider.collector.stop(f"{kind}: not JSON but {response.body[:60]!r}")
        return None
    if not isinstance(answer, dict):
        spider.collector.stop(f"broken answer: no object but {str(answer)[:60]}")
        return None
    return answer


def spoken_refusal(
    spider: SourceSpider, response: Response, why_closed: Callable[[dict[str, Any]], str | None]
) -> str | None:
    """Why an answer is a no: a log-in page in place of JSON, or JSON that ``why_closed`` finds a reason in."""
    if response.status != 200 or len(response.body) > _LONGEST_NO:
        return None
    if response.body.lstrip().startswith(b"<") and spider.is_login_page(response):
        return f"log-in page: not JSON but {response.body[:60]!r}"
    try:
        answer = json.loads(response.body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return why_closed(answer) if isinstance(answer, dict) else None
