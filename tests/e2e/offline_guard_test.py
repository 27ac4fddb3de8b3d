"""With no gateway to be reached, a device whose policy is `gateway_down: direct` applies the guardrails itself."""

import unittest

from lab_case import LabCase
from lab.machine import wait_until

MAIL = "maria.keller@example.net"
# Of GitHub's documented form, check sum included; nobody's.
CREDENTIAL = "_".join(("ghp", "wQz7Rk2VfTn9LbXs4HdYc8MjGp5EaU2lP2Mv"))
RULE = "/api/guardrails/rules/"


class OfflineGuard(LabCase):
    prefix = "e2edirect"

    @classmethod
    def start(cls):
        super().start()
        lab = cls.lab
        lab.api.call("PUT", RULE + "no-credentials", {
            "name": "No credentials", "on": ["input"], "detectors": [{"kind": "secrets"}], "action": "block"})
        lab.api.call("PUT", RULE + "no-credentials-in-answers", {
            "name": "No credentials in answers", "on": ["output"], "detectors": [{"kind": "secrets"}],
            "action": "redact"})
        lab.api.call("PUT", RULE + "hide-mail-addresses", {
            "name": "Hide mail addresses", "on": ["input"], "detectors": [{"kind": "pii", "types": ["email"]}],
            "action": "redact", "redaction": "token"})
        lab.api.call("PUT", "/api/settings", {"gateway_down": "direct"})
        version = lab.api.call("GET", "/api/policy")["version"]

        def has_guardrails() -> bool:
            snapshot = lab.agent.status()["snapshot"]
            return snapshot["version"] >= version and snapshot["guardrails"] == "ready"
        wait_until(f"the agent to apply the guardrails of policy {version}", 60 * lab.busy, has_guardrails, interval=0.2)
        lab.gateway.stop()

    def row_of(self, decision: str, before: int) -> dict:
        """The newest record of that decision; the console gets it from the device, for there is no gateway."""
        rows = self.lab.settled_rows(lambda found: len(of(decision, found)) > before, 60)
        self.assertGreater(len(of(decision, rows)), before, f"no record of what was {decision}")
        return of(decision, rows)[0]

    def test_a_credential_is_refused_and_never_leaves_the_device(self):
        before = len(of("denied", self.lab.api.logs()))
        answer, received = self.lab.person_asks(f"Why does {CREDENTIAL} not work?")
        self.assertIn("No credentials", answer)
        self.assertNotIn(CREDENTIAL, answer)
        self.assertEqual(received, b"")
        row = self.row_of("denied", before)
        self.assertEqual([(one["rule"], one["action"]) for one in row["guardrails"]], [("no-credentials", "block")])

    def test_a_mail_address_is_hidden_from_the_provider_and_restored_in_the_answer(self):
        self.lab.provider.behave({"echo": True, "events": 9})
        for streamed in (False, True):
            with self.subTest(streamed=streamed):
                answer, received = self.lab.person_asks(f"Write to {MAIL}, please.", streamed)
                self.assertIn(b"[EMAIL-", received)
                self.assertNotIn(MAIL.encode(), received)
                self.assertIn(MAIL, answer)

    def test_a_credential_in_a_streamed_answer_does_not_reach_the_app(self):
        before = len(of("allowed", self.lab.api.logs()))
        self.lab.provider.behave({"answer": f"Use {CREDENTIAL} for that.", "events": 12})
        answer, _ = self.lab.person_asks("Which token?", True)
        self.assertIn("Use [SECRET] for that.", answer)
        self.assertNotIn(CREDENTIAL[:8], answer)
        self.assertIn(("no-credentials-in-answers", "redact"),
                      [(one["rule"], one["action"]) for one in self.row_of("allowed", before)["guardrails"]])


def of(decision: str, rows: list[dict]) -> list[dict]:
    return [row for row in rows if row["decision"] == decision]


if __name__ == "__main__":
    unittest.main()
