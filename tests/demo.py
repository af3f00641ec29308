"""The main job from end to end, in a scratch folder: a service is created, locked, installed, started and asked.

python tests/demo.py path/to/mauve
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

SERVICE = '''
"""A web service that answers one request, asked by itself."""

import threading
import urllib.request
from wsgiref.simple_server import make_server

from flask import Flask, jsonify

app = Flask(__name__)


@app.get("/hello/<name>")
def hello(name: str):
    return jsonify(message=f"Hello, {name}!")


def main() -> None:
    server = make_server("127.0.0.1", 0, app)
    threading.Thread(target=server.handle_request).start()
    url = f"http://127.0.0.1:{server.server_port}/hello/mauve"
    with urllib.request.urlopen(url, timeout=30) as answer:
        print(url, "answered", answer.read().decode().strip())


if __name__ == "__main__":
    main()
'''


def main(program: str) -> int:
    """Run the tour with *program*; the first command that fails ends it."""
    with tempfile.TemporaryDirectory(prefix="mauve-demo-") as scratch:
        project = Path(scratch) / "greeter"

        def step(*words: str, folder: Path = project) -> None:
            shown = " ".join(["mauve", *words])
            print(f"\n$ {shown}", flush=True)
            subprocess.run([program, *words], cwd=folder, check=True)

        step("init", "--no-package", "greeter", folder=Path(scratch))
        step("add", "flask>=3")
        step("add", "--dev", "iniconfig")
        (project / "main.py").write_text(SERVICE, encoding="utf-8")
        step("lock", "--check")
        step("sync")
        step("run", "main.py")
        print("\nuv.lock begins:")
        lines = (project / "uv.lock").read_text(encoding="utf-8").splitlines()
        print("\n".join(lines[:3]), f"\n... {len(lines)} lines", flush=True)
        step("remove", "--dev", "iniconfig")
        step("sync", "--check")
    print("\nThe service was created, locked, installed and asked.")
    return 0


if __name__ == "__main__":
    sys.exit(main(str(Path(sys.argv[1]).absolute())))
