"""A test message over one channel, built alone: a mistake of another channel does not hinder it."""

from __future__ import annotations

import os
from datetime import datetime

from casework.domain.notice import Delivery, Message
from casework.domain.times import short_time
from casework.services.roster import ROLE_NAMES, OfficeRoster
from pipeline.errors import CallError
from pipeline.wiring import Context


def try_channel(context: Context, name: str, to: str, now: datetime) -> Delivery:
    """Send it. ``to``: ``department/role``; empty: the contact of the default desk.

    Raises CallError for a name or recipient that is not there, ChannelConfigError for settings or secrets.
    """
    from alerting.load import channels

    office = context.office
    entries = office.channels["channels"]
    if name not in entries:
        raise CallError(f"no channel {name!r} in channels.yml; there are {', '.join(entries)}")
    department, _, role = (to or f"{office.default_desk}/contact").partition("/")
    if department not in office.routing.departments or role not in ROLE_NAMES:
        raise CallError(f"--to: {to!r}; write DEPARTMENT/ROLE with a role of {', '.join(ROLE_NAMES)}")
    channel = channels({name: {**(entries[name] or {}), "enabled": True}}, os.environ)[name]
    message = Message(
        key=f"channel_test/{name}/{now.isoformat()}",
        recipient=OfficeRoster(office).recipient(f"{department}/{role}", now),
        subject=f"【渠道测试】{office.name}",
        body=f"【渠道测试】{office.name}于{short_time(now)}测试通知渠道{name}。收到即说明渠道正常，不用回复。",
        kind="channel_test",
        fields={"kind": "渠道测试", "title": "收到即说明渠道正常", "due": short_time(now), "case_id": "测试"},
    )
    return channel.send(message)
