"""How many calls the platform still allows this hour (``account/rate_limit_status``); never more are made."""

from __future__ import annotations

from typing import Any

from crawlers.to_post import read_count


class Budget:
    """Calls left for all interfaces together, and for those that have a limit of their own."""

    def __init__(self, answer: dict[str, Any], keep: int) -> None:
        """``keep`` calls are left to other programs. Raises ValueError where the answer names no limit."""
        counts = [read_count(answer.get(name)) for name in ("remaining_user_hits", "remaining_ip_hits")]
        known = [count for count in counts if count is not None]
        if not known:
            raise ValueError("no remaining hits in it")
        self.left = max(0, min(known) - keep)
        self.resets_in = read_count(answer.get("reset_time_in_seconds"))
        self._own: dict[str, int] = {}
        limits = answer.get("api_rate_limits")
        for limit in limits if isinstance(limits, list) else []:
            left = read_count(limit.get("remaining_hits")) if isinstance(limit, dict) else None
            if left is not None:
                name = str(limit.get("api")).strip("/")
                # The same interface may have one limit an hour and another a day: the smaller one binds.
                self._own[name] = min(left, self._own.get(name, left))
        self.unasked = 0

    def allows(self, interface: str) -> bool:
        """Whether a call of ``interface`` is left; nothing is counted."""
        return self.left >= 1 and self._own.get(interface) != 0

    def spend(self, interface: str) -> bool:
        """Take one call of ``interface``; False where none is left, which is counted."""
        own = self._own.get(interface)
        if self.left < 1 or own == 0:
            self.unasked += 1
            return False
        self.left -= 1
        if own is not None:
            self._own[interface] = own - 1
        return True

    def reason(self) -> str:
        """Why the walk ends here."""
        after = f"，{-(-self.resets_in // 60)} 分钟后恢复" if self.resets_in else ""
        return f"微博接口本小时可用次数已用完{after}；还有 {self.unasked} 页未读，下一轮接着采"
