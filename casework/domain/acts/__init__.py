"""What may be done to a case. Each act checks the move, adds one entry to the history and returns the new case.

``by`` is the user (or the part of the system) that acts, ``at`` the moment, ``worktime`` the office's calendars.
An act that the state does not allow raises IllegalMove, which names the legal ones.
"""

from casework.domain.acts.accusing import OTHER_KINDS, confirm, lift, restrict
from casework.domain.acts.alarms import acknowledge
from casework.domain.acts.answering import answer, archive, close, draft, fulfil, publish, reopen, review
from casework.domain.acts.closing import endorse, mark, record, record_lead, unmark
from casework.domain.acts.figures import figures_after, propose_level, tell
from casework.domain.acts.following import follow_up
from casework.domain.acts.handing import assign, dispute, give_back, handle, sign, transfer
from casework.domain.acts.levels import set_level, set_time
from casework.domain.acts.merging import absorb, merge
from casework.domain.acts.on_board import look
from casework.domain.acts.opening import Opening, accept, join, open_case, reject, revise
from casework.domain.acts.parting import part, parted_to, take, taken_from
from casework.domain.acts.parts import in_order
from casework.domain.acts.redating import redate
from casework.domain.acts.timing import ask, extend, pause, recount, resume

__all__ = [
    "OTHER_KINDS",
    "Opening",
    "absorb",
    "accept",
    "acknowledge",
    "answer",
    "archive",
    "ask",
    "assign",
    "close",
    "confirm",
    "dispute",
    "draft",
    "endorse",
    "extend",
    "figures_after",
    "follow_up",
    "fulfil",
    "give_back",
    "handle",
    "in_order",
    "join",
    "lift",
    "look",
    "mark",
    "merge",
    "open_case",
    "part",
    "parted_to",
    "pause",
    "propose_level",
    "publish",
    "record",
    "record_lead",
    "recount",
    "redate",
    "reject",
    "reopen",
    "restrict",
    "resume",
    "review",
    "revise",
    "set_level",
    "set_time",
    "sign",
    "take",
    "taken_from",
    "tell",
    "transfer",
    "unmark",
]
