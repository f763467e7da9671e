"""Processes that begin at the same moment: forked from one that has read Django and the site once.

``with Starter("tests.badges.awarder") as starter`` starts that one; ``starter.at_once(orders)``
forks it for each order, waits until all are ready, lets them go together, and gives what each
answered ("" of one that died). The module's ``main(order, wait)`` does what the order says: it
calls ``wait()`` when it is ready, and returns its answer.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable

#: Seconds after which a process that hangs is ended.
PATIENCE = 120


class Starter:
    """The process that is forked."""

    def __init__(self, module: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.forking", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )

    def __enter__(self) -> Starter:
        return self

    def at_once(self, orders: list[tuple]) -> list[str]:
        self.process.stdin.write(json.dumps(orders) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def __exit__(self, *error: object) -> None:
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


def at_once(main: Callable, orders: list[list]) -> list[str]:
    """One process for each order, all let go together; what each of them answered."""
    ready, is_ready = os.pipe()
    gate, barred = os.pipe()
    children = []
    for order in orders:
        answer, answering = os.pipe()
        child = os.fork()
        if not child:
            os.close(barred)
            signal.alarm(PATIENCE)
            _be_child(main, order, is_ready, gate, answering)
        os.close(answering)
        children.append((child, answer))
    os.close(is_ready)
    for _child in children:
        os.read(ready, 1)
    # Who reads at the gate finds its end now, all in the same moment.
    os.close(barred)
    said = []
    for child, answer in children:
        with os.fdopen(answer) as file:
            said.append(file.read())
        os.waitpid(child, 0)
    os.close(ready)
    os.close(gate)
    return said


def _be_child(main: Callable, order: list, is_ready: int, gate: int, answering: int) -> None:
    def wait() -> None:
        os.write(is_ready, b"x")
        os.read(gate, 1)

    said = "nothing"
    try:
        said = str(main(order, wait))
    except BaseException as error:
        said = f"{type(error).__name__}: {error}"
        # Nobody waits for it in vain.
        with contextlib.suppress(OSError):
            os.write(is_ready, b"x")
    finally:
        os.write(answering, said.encode())
        os._exit(0)


def serve(module: str) -> None:
    main = importlib.import_module(module).main
    for line in sys.stdin:
        print(json.dumps(at_once(main, json.loads(line))), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
