"""What the end-to-end tests share: a lab for each test file, and the load driver's lines."""

import json
import os
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from lab.lab import Lab, build_folder  # noqa: E402
from lab.machine import wait_until  # noqa: E402


def sanitized() -> bool:
    """Whether the programs under test carry a sanitizer; they are several times slower then."""
    with open(build_folder() / "bin" / "sluice-gateway", "rb") as program:
        return b"__asan_init" in program.read()


class LabCase(unittest.TestCase):
    """One lab per class, with everything started. Class attribute `prefix` names its namespaces."""

    prefix = "e2e"
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        if os.geteuid() != 0:
            raise AssertionError("these tests make network namespaces and need root; they do not skip themselves")
        cls.lab = Lab(cls.prefix, say=lambda text: print(f"    {text}", file=sys.stderr, flush=True))
        cls.addClassCleanup(cls._end)
        cls.lab.__enter__()
        cls.start()

    @classmethod
    def start(cls):
        cls.lab.start_sluice()

    @classmethod
    def _end(cls):
        cls.lab.api = close_quietly(cls.lab.api)
        statuses = {program.name: program.stop() for program in reversed(cls.lab.programs)}
        reports = {program.name: program.sanitizer_reports() for program in cls.lab.programs}
        tails = {program.name: program.tail(3000) for program in cls.lab.programs}
        cls.lab.close()
        found = {name: report for name, report in reports.items() if report}
        if found:
            raise AssertionError("\n".join(f"{name}:\n{report}" for name, report in found.items()))
        wrong = {name: status for name, status in statuses.items() if status != 0}
        if wrong:
            raise AssertionError("\n".join(f"{name} ended with {status} on SIGTERM:\n{tails[name]}"
                                           for name, status in wrong.items()))

    def load(self, *arguments: str) -> "Load":
        load = Load(self.lab, arguments)
        self.addCleanup(load.stop)
        return load


def close_quietly(api):
    if api:
        api.close()


class Load:
    """The load driver on the laptop, started by the person."""

    def __init__(self, lab: Lab, arguments):
        self.file = lab.folder / f"load-{time.monotonic_ns()}.jsonl"
        with open(self.file, "wb") as output:
            self.process = lab.person_starts(
                "exec node --no-warnings /opt/lab/load/load.mjs " + " ".join(arguments),
                stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT)
        self._at = 0
        self._seen: list[dict] = []
        wait_until("the load to answer its first requests", 30, lambda: len(self.seen()) > 3)

    def seen(self) -> list[dict]:
        """The requests that have ended so far."""
        with open(self.file, "rb") as file:
            file.seek(self._at)
            text = file.read()
        whole = text[:text.rfind(b"\n") + 1]
        self._at += len(whole)
        for line in whole.splitlines():
            try:
                value = json.loads(line)
            except ValueError:
                raise AssertionError(f"the load driver printed: {line.decode(errors='replace')}") from None
            if "id" in value:
                self._seen.append(value)
        return self._seen

    def stop(self) -> list[dict]:
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
        self.process.wait(30)
        return self.seen()


def now_ms() -> float:
    return time.time() * 1000
