"""Runs commands for `measuring` and reports what each used: a small process, because its own size is the floor.

The kernel charges a new program with the memory of the process that started it, until the program's own is larger.
So the commands are started from here, an interpreter without `site` that imports almost nothing.

Each line of standard input is the literal of a mapping (folder, argv, environment, log); two lines answer it: the
process id at once, and (exit code, wall seconds, CPU seconds, peak KiB of the largest process) when it has ended.
"""

import os
import sys
import time

for line in sys.stdin:
    job = eval(line, {"__builtins__": {}})
    os.chdir(job["folder"])
    log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    null = os.open(os.devnull, os.O_RDONLY)
    streams = [(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)]
    start = time.perf_counter()
    pid = os.posix_spawn(job["argv"][0], job["argv"], job["environment"], file_actions=streams, setsid=True)
    sys.stdout.write(f"{pid}\n")
    sys.stdout.flush()
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    os.close(log)
    os.close(null)
    figures = (os.waitstatus_to_exitcode(status), wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
    sys.stdout.write(f"{figures!r}\n")
    sys.stdout.flush()
