"""Many posts for the figures, made from the example posts: other ids, other times, the same kinds of text."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta

from casework.domain.times import SHANGHAI, show_time
from pipeline.demo import example_posts


def post_lines(number: int, seed: int = 1) -> list[bytes]:
    """``number`` post lines, the same for the same seed. Texts are examples with a numbered tail, so none is equal."""
    chance = random.Random(seed)
    end = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)
    examples = example_posts(end)
    lines = []
    for index in range(number):
        post = dict(examples[chance.randrange(len(examples))])
        post["native_id"] = f"b{index}"
        post["text"] = f"{post['text']} 第{index}号"
        post["published_at"] = show_time(end - timedelta(seconds=chance.randrange(90 * 86400)))
        lines.append(json.dumps(post, ensure_ascii=False).encode())
    return lines
