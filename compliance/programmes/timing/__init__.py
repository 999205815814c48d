"""Timing advice: worked back from the auditor's first day, as pure functions of dates.

`pace` holds how long things take, `blocks` the intervals of a window, `advice` the latest days and the verdict,
`moves` what would help where a date cannot be met, `options` the reports that could be had instead. None of it knows
the database, the clock or a room.
"""

from .advice import Advice, ControlDay, PhaseDay, Verdict, advise, local_day
from .aims import Aim, Operation, Work
from .moves import Move, moves
from .options import Option, options
from .pace import DEFAULTS, Length, Pace

__all__ = [
    "DEFAULTS", "Advice", "Aim", "ControlDay", "Length", "Move", "Operation", "Option", "Pace", "PhaseDay", "Verdict",
    "Work", "advise", "local_day", "moves", "options",
]  # fmt: skip
