"""线索移交: what a lead says of the posts of a case, masked, in the fields that the office allows and no others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from casework.domain.case import Case
from casework.domain.times import show_time
from casework.ports import PostRecord

if TYPE_CHECKING:
    from pipeline.wiring import Context

MOST = 20
"""Posts that one lead tells of; the others repeat them."""


def packet(context: Context, case: Case) -> str:
    """One entry a post, the first MOST of the case, as JSON; never who wrote it (个人信息保护法 第三十四条)."""
    fields = context.office.closing.lead_fields
    masker = context.masker.of_case()
    records = context.store.get_posts(list(case.posts[:MOST]))
    entries = []
    for id_ in case.posts[:MOST]:
        if id_ in records:
            told = _told(records[id_])
            said = {name: masker.mask_text(told[name]) if name in ("title", "text") else told[name] for name in fields}
            entries.append({name: value for name, value in said.items() if value})
    return json.dumps(entries, ensure_ascii=False)


def _told(record: PostRecord) -> dict[str, str]:
    post = record.post
    plain = {"source": post.source, "url": post.url or "", "title": post.title or "", "text": post.text}
    counts = {name: str(post.counts.get(name, "")) for name in ("views", "reposts", "comments")}
    return {**plain, "published_at": show_time(post.published_at), **counts}
