"""What ``marks.yml`` may say: when a rule proposes that the 主要负责人 must see a matter through."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from casework.config.fields import Strict, Text
from casework.config.models_matter import When


class MarkEntry(Strict):
    """A mark that is proposed, never set by itself."""

    mark: Literal["tendency", "common", "strong", "attention"] = Field(
        description="倾向性 tendency, 普遍性 common, 反应强烈 strong, 关注度高 attention"
    )
    when: When = Field(description="conditions; heat_at_least and posts_at_least are those of the event")
    why: Text = Field(description="why, in one sentence")


class MarksFile(Strict):
    """``marks.yml``."""

    propose: list[MarkEntry] = Field(description="rules that propose a mark", min_length=1)
