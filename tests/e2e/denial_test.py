"""A denial reaches the device within a second, open connections included, and is taken back as fast."""

import json
import signal
import statistics
import sys
import threading
import unittest

from lab_case import LabCase, now_ms
from lab.machine import wait_until

APP = "node"  # the load driver: a script that nobody listed
FLIPS = 50
LIMIT_MS = 1000
CONNECTIONS = 4
SLOW_SECONDS = 2
NOTE = "Not on this laptop."


class Denial(LabCase):
    prefix = "e2edenial"

    def test_fifty_denials_reach_open_connections_within_a_second(self):
        load = self.load("--connections", str(CONNECTIONS), "--pause_ms", "5", "--probe_ms", "200")
        refusals, returns, reused = [], [], 0
        for _ in range(FLIPS):
            open_before = {seen["connection"] for seen in load.seen() if seen["kind"] == "kept"}
            late, firsts = self.flip(load, "denied", lambda seen: seen["status"] == 400)
            refusals.append(late)
            reused += sum(seen["connection"] in open_before for seen in firsts)
            returns.append(self.flip(load, "approved", lambda seen: seen["status"] == 200)[0])
        seen = load.stop()
        print(f"    refusal after ms: median {statistics.median(refusals):.0f}, p99 {p99(refusals):.0f}; "
              f"return: median {statistics.median(returns):.0f}, p99 {p99(returns):.0f}; "
              f"{len(seen)} requests", file=sys.stderr)
        limit = LIMIT_MS * self.lab.busy
        self.assertLess(p99(refusals), limit, sorted(refusals)[-5:])
        self.assertLess(p99(returns), limit, sorted(returns)[-5:])
        self.assertGreaterEqual(reused, FLIPS * CONNECTIONS * 0.9, "refusals on connections opened before the denial")
        broken = [one for one in seen if one["error"]]
        self.assertEqual(broken, [], "a decision breaks no connection")
        refused = [one for one in seen if one["status"] != 200]
        self.assertTrue(all(NOTE in one["message"] for one in refused), "each refusal says why")
        self.no_refused_request_reached_the_provider(seen)

    def test_a_denied_app_stays_denied_on_a_device_that_is_slow_to_say_who_asks(self):
        self.addCleanup(self.lab.api.decide, "curl", "approved")
        self.lab.api.decide("curl", "denied", NOTE)
        ask = ("curl -sS -H 'authorization: Bearer sk-lab-dummy' -H 'content-type: application/json' -d '" +
               json.dumps({"model": "gpt-5", "messages": [{"role": "user", "content": "hello"}]}) +
               "' https://api.openai.com/v1/chat/completions")
        wait_until("curl to be refused", 10, lambda: NOTE in self.lab.person_runs(ask).stdout)
        agent = self.lab.agent.process  # the privileged process, which knows whose a connection is
        agent.send_signal(signal.SIGSTOP)
        self.addCleanup(agent.send_signal, signal.SIGCONT)
        goes_on = threading.Timer(SLOW_SECONDS, agent.send_signal, [signal.SIGCONT])
        goes_on.start()
        self.addCleanup(goes_on.join)
        self.assertIn(NOTE, self.lab.person_runs(ask).stdout)

    def flip(self, load, decision: str, obeyed) -> tuple[float, list[dict]]:
        """Milliseconds from the console's answer until each open connection obeys, and what it saw first then."""
        self.lab.api.decide(APP, decision, NOTE)
        answered = now_ms()

        def each_obeys():
            first = {}
            for seen in load.seen()[-2000:]:
                if seen["kind"] == "kept" and seen["end"] >= answered and obeyed(seen):
                    first.setdefault(seen["connection"], seen)
            return list(first.values()) if len(first) >= CONNECTIONS else None

        firsts = wait_until(f"{CONNECTIONS} connections to see '{decision}'", 10, each_obeys, interval=0.005)
        last = [seen for seen in load.seen()[-2000:] if seen["start"] >= answered and not obeyed(seen)]
        late = max([seen["end"] for seen in firsts] + [seen["end"] for seen in last]) - answered
        return max(0.0, late), firsts

    def no_refused_request_reached_the_provider(self, seen):
        received = {request["x_request_id"] for request in self.lab.provider.requests()}
        refused = {one["id"] for one in seen if one["status"] == 400}
        self.assertEqual(refused & received, set())
        allowed = {one["id"] for one in seen if one["status"] == 200}
        self.assertEqual(allowed - received, set())


def p99(values: list[float]) -> float:
    return sorted(values)[max(0, -(-99 * len(values) // 100) - 1)]


if __name__ == "__main__":
    unittest.main()
