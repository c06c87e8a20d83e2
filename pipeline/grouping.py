"""``huiying events`` over a file: which lines speak of one matter, and how hot it is."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from casework.domain.errors import InvalidPost
from casework.domain.event import event_id
from casework.domain.heat import event_heat
from casework.domain.post import Post, parse_post_line
from casework.ports import Grouper
from pipeline.files import lines
from pipeline.filters import post_value, run_filter


def group_file(source: Path, target: Path | None, grouper: Grouper, now: datetime | None) -> dict[str, int]:
    """One line per input line: ``id``, ``event``, ``heat`` at ``now`` (None: the newest collected_at of the file)."""
    posts: dict[str, Post] = {}
    # All posts first, since a later line may be the earlier post. Bad lines are reported by the second pass.
    for _number, raw in lines(source):
        with suppress(InvalidPost):
            post = parse_post_line(raw)
            posts[post.id] = post
    answers = grouped(posts, grouper, now)
    return run_filter(source, target, post_value, lambda values: [answers[value["id"]] for value in values])


def grouped(posts: dict[str, Post], grouper: Grouper, now: datetime | None) -> dict[str, dict[str, Any]]:
    """Post id → answer line, the posts taken in (published_at, id) order whatever the order of the file."""
    members: dict[str, list[Post]] = defaultdict(list)
    for post in sorted(posts.values(), key=lambda post: (post.published_at, post.id)):
        members[grouper.add(post.id, post.title, post.text).root].append(post)
    at = now or max((post.collected_at for post in posts.values()), default=None)
    answers = {}
    for root, found in members.items():
        assert at is not None  # there is a post, so there is a newest one
        heat = event_heat([(post.kind, post.counts, post.published_at) for post in found], at)
        for post in found:
            answers[post.id] = {"id": post.id, "event": event_id(root), "heat": heat}
    return answers
