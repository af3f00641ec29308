"""mauve as a program that is imported once: each command line runs in a copy of this process.

    echo '{"folder": …, "words": ["lock"], "environment": {…}}' | python forking_program.py

Answers each line with a line: exit code and standard error. Only where processes can be forked.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile


def serve() -> None:
    """Answer until the input ends."""
    # What a lock needs is imported before the first copy is made.
    import mauve.cli.commands.lock
    import mauve.index.registry
    import mauve.lock.from_resolution
    import mauve.metadata.worker
    import mauve.network.client
    import mauve.operations.lock
    import mauve.resolver.universal  # noqa: F401

    for line in sys.stdin:
        job = json.loads(line)
        with tempfile.TemporaryFile() as errors:
            child = os.fork()
            if child == 0:
                _run(job, errors.fileno())
            _, status = os.waitpid(child, 0)
            errors.seek(0)
            answer = {"status": os.waitstatus_to_exitcode(status), "errors": errors.read().decode()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _run(job: dict, errors: int) -> None:
    from mauve.cli.app import run

    status = 70
    try:
        os.chdir(job["folder"])
        os.environ.clear()  # a process of its own
        os.environ.update(job["environment"])
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        os.dup2(errors, 2)
        sys.argv = ["mauve", *job["words"]]
        status = run("mauve", job["words"])
        sys.stderr.flush()
    finally:
        os._exit(status)


if __name__ == "__main__":
    serve()
