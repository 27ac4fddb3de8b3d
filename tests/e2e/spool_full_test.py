"""A full disk below the gateway's spool: nothing is forwarded that could not be audited, and it recovers."""

import json
import unittest

from lab_case import LabCase
from lab.machine import wait_until
from lab.programs import Gateway

QUESTION = json.dumps({"model": "gpt-5", "messages": [{"role": "user", "content": "hi"}]})
DISK_BYTES = 64 << 20
LAST_REQUESTS = 60  # what may still fit into pages that were given out before the disk was full
FILLER = "filler"


class SpoolFull(LabCase):
    prefix = "e2espool"

    @classmethod
    def start(cls):
        lab = cls.lab
        # The gateway's state on a disk of its own, small enough to fill.
        state = lab.folder / "gateway" / "state"
        state.mkdir(parents=True)
        cls.state = lab.corp.path(str(state))
        lab.corp.run("mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=700", "spool", str(state))
        lab.start_sluice()

    def ask(self) -> str:
        return self.lab.person_runs(
            f"curl -sS -m 20 -w '\\n%{{http_code}}' -H 'content-type: application/json' -d '{QUESTION}' "
            "https://api.openai.com/v1/chat/completions").stdout

    def test_a_full_disk_refuses_requests_clearly_and_forwards_none(self):
        self.assertTrue(self.ask().endswith("200"))
        filler = self.state / FILLER
        fill(filler)
        for _ in range(LAST_REQUESTS):
            before = len(self.lab.provider.requests())
            text, status = self.ask().rsplit("\n", 1)
            if status != "200":
                break
        self.assertNotEqual(status, "200", "the disk is full and requests still go through")
        self.assertTrue(json.loads(text)["error"]["message"])
        self.assertEqual(len(self.lab.provider.requests()), before, "forwarded without an audit record")
        self.lab.gateway.must_run()
        filler.unlink()
        wait_until("the gateway to serve again", 20, lambda: self.ask().endswith("200"), interval=0.2)
        received = self.lab.provider.requests()
        rows = self.lab.settled_rows(lambda found: len(allowed(found)) >= len(received))
        self.assertEqual({row["upstream_request_id"] for row in allowed(rows)}, {one["id"] for one in received})
        self.assertEqual(self.lab.corp.connect(Gateway.METRICS).close(), None)


def allowed(rows) -> list[dict]:
    return [row for row in rows if row["decision"] == "allowed"]


def fill(file):
    """Writes until the disk has no byte left."""
    with open(file, "wb", buffering=0) as out:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    out.write(b"\0" * size)
            except OSError:
                pass


if __name__ == "__main__":
    unittest.main()
