"""kill -9 of each program under load: the audit loses and doubles nothing, and the laptop keeps working.

What is compared: the requests that the provider received from the gateway, by its own record, with the console's
audit rows, by the request id that the client made. `interrupted` is what a row says when the gateway died with the
request open.
"""

import collections
import os
import pathlib
import sys
import unittest

from lab_case import LabCase, now_ms, sanitized
from lab.lab import CORP_ADDRESS, LAPTOP_ADDRESS
from lab.machine import wait_until

KILLS = int(os.environ.get("SLUICE_KILLS", "3"))
RECOVERY_MS = 1000


def traffic_processes(pid: int) -> list[int]:
    """Of the agent's children those that carry traffic; it starts others for a moment to look for programs."""
    found = []
    for thread in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in thread.read_text().split()]
    return [child for child in found
            if b"--role\0traffic" in pathlib.Path(f"/proc/{child}/cmdline").read_bytes()]


class Crash(LabCase):
    prefix = "e2ecrash"

    def test_every_request_is_audited_exactly_once_over_kills_of_gateway_agent_and_console(self):
        lab = self.lab
        lab.provider.behave({"delay_ms": 15})
        # A connection that was made while the agent was down stays outside; opened anew, it comes back.
        load = self.load("--connections", "4", "--reuse", "5", "--probe_ms", "100",
                         "--pause_ms", "10")
        outages = collections.defaultdict(list)
        for number in range(KILLS):
            for program, kill in ((lab.gateway, self.kill_program), (lab.console, self.kill_program),
                                  (lab.agent, self.kill_program if number % 2 else self.kill_traffic)):
                outages[program.name].append(self.recovery(load, program, kill))
        wait_until("the load to go on", 30, lambda: all(
            one["status"] == 200 for one in load.seen()[-20:]))
        seen = load.stop()
        self.tell(seen, outages)
        self.compare(seen)
        limit = RECOVERY_MS * (3 if sanitized() else 1) * self.lab.busy
        for name, times in outages.items():
            self.assertLess(max(times), limit, f"ms until a new connection of the laptop works after a kill of {name}")

    def kill_program(self, program):
        program.kill()
        program.start()

    def kill_traffic(self, program):
        """Of the agent's two processes the unprivileged one; the other starts it again."""
        processes = traffic_processes(program.process.pid)
        self.assertEqual(len(processes), 1, "the agent has one traffic process")
        os.kill(processes[0], 9)

    def recovery(self, load, program, kill) -> float:
        """Kills, starts again, and says after how many milliseconds a new connection worked."""
        killed = now_ms()
        kill(program)

        def works():
            ends = [one["end"] for one in load.seen()[-500:]
                    if one["kind"] == "new" and one["start"] >= killed and one["status"] == 200]
            return min(ends, default=None)

        worked = wait_until(f"a new connection after the kill of {program.name}", 20, works, interval=0.02)
        program.wait_ready()
        settled = now_ms()
        wait_until("quiet", 20, lambda: [one for one in load.seen() if one["start"] >= settled
                                         and one["kind"] == "kept" and one["status"] == 200])
        return worked - killed

    def tell(self, seen, outages):
        broken = collections.Counter(one["error"] or one["status"] for one in seen if one["status"] != 200)
        print(f"    {len(seen)} requests, not answered: {dict(broken)}", file=sys.stderr)
        for name, times in outages.items():
            print(f"    {name}: new connections work after ms {[round(one) for one in times]}", file=sys.stderr)

    def compare(self, seen):
        lab = self.lab
        received = lab.provider.requests()
        through = [request for request in received if request["peer"] == CORP_ADDRESS]
        ids = collections.Counter(request["x_request_id"] for request in through)
        rows = lab.settled_rows(lambda found: not ids.keys() - {row["client_request_id"] for row in found}
                                and all(row["decision"] for row in found), seconds=60)
        by_id = collections.Counter(row["client_request_id"] for row in rows)
        self.assertEqual([id for id, count in by_id.items() if count > 1], [], "audited twice")
        self.assertEqual(ids.keys() - by_id.keys(), set(), "received by the provider but not audited")
        allowed = {row["client_request_id"] for row in rows if row["decision"] == "allowed"}
        self.assertEqual(allowed - ids.keys(), set(), "audited as allowed but never received")
        self.assertEqual([id for id, count in ids.items() if count > 1], [], "sent to the provider twice")
        answers = {request["x_request_id"]: request["id"] for request in through}
        wrong = [row["request_id"] for row in rows if row["upstream_request_id"]
                 and row["upstream_request_id"] != answers.get(row["client_request_id"])]
        self.assertEqual(wrong, [], "rows that name another request of the provider")
        answered = {one["id"] for one in seen if one["status"] == 200}
        around = {request["x_request_id"] for request in received if request["peer"] == LAPTOP_ADDRESS}
        self.assertEqual(answered - allowed - around - interrupted(rows), set(), "answered but not in the audit")
        counts = collections.Counter(row["decision"] for row in rows)
        print(f"    audit: {dict(counts)}; around the gateway while the agent was down: {len(around)}",
              file=sys.stderr)


def interrupted(rows) -> set:
    return {row["client_request_id"] for row in rows if row["decision"] == "interrupted"}


if __name__ == "__main__":
    unittest.main()
