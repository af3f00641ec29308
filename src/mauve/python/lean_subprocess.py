"""subprocess, imported without what it has for texts, signals and waiting: that is loaded while the process runs.

An interpreter is asked about itself when nothing is known yet, so that everything waits for the question.
"""

from __future__ import annotations

import sys
from _thread import allocate_lock

from mauve.stand_ins import StandIns

if sys.platform == "linux":
    _DEFERRED = StandIns(
        {"locale": (), "select": (), "selectors": ("PollSelector",), "signal": ()},
        values={"threading": {"Lock": allocate_lock}},
    )
else:
    _DEFERRED = StandIns({})

with _DEFERRED:
    import subprocess as subprocess  # noqa: PLC0414 - for those who import it from here
