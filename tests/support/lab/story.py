"""The demo's story: what the audit says, joined with what the provider says, and whether the two agree.

Nothing here is a fixed text about what should have happened: each sentence is made from a row, and each expectation
compares two records that were written by different programs.
"""

import dataclasses
import json


@dataclasses.dataclass
class Visit:
    """One client's run on the laptop (or at the company, for an API client)."""

    name: str
    app: str | None
    request_id: str | None = None  # the x-request-id it sent; None when it sends none of ours
    output: str = ""
    seconds: float = 0.0
    exit_status: int = 0
    body_sha256: str | None = None
    fields: list | None = None


@dataclasses.dataclass
class Expectation:
    what: str
    met: bool
    detail: str = ""


class Story:
    def __init__(self):
        self.visits: list[Visit] = []
        self.expectations: list[Expectation] = []
        self.rows: list[dict] = []
        self.received: list[dict] = []
        self.joined: list[dict] = []
        self.facts: dict = {}

    def expect(self, what: str, met, detail: str = "") -> bool:
        self.expectations.append(Expectation(what, bool(met), "" if met else str(detail)[:1500]))
        return bool(met)

    @property
    def succeeded(self) -> bool:
        return all(expectation.met for expectation in self.expectations)

    def join(self, rows: list[dict], received: list[dict]):
        """Audit rows with the provider's record, by the provider's request id."""
        self.rows = sorted(rows, key=lambda row: row["time"])
        self.received = received
        by_upstream: dict[str, list[dict]] = {}
        for row in rows:
            if row["upstream_request_id"]:
                by_upstream.setdefault(row["upstream_request_id"], []).append(row)
        self.joined = [{"provider": request, "rows": by_upstream.get(request["id"], [])} for request in received]

    def check_join(self):
        """Every request that the provider received has one audit row, and every allowed row one such request."""
        ids = {request["id"] for request in self.received}
        unknown = [pair["provider"]["id"] for pair in self.joined if len(pair["rows"]) != 1]
        self.expect("each request that reached the provider has exactly one audit row", not unknown, unknown)
        invented = [row["request_id"] for row in self.rows if row["upstream_request_id"] not in ids
                    and (row["upstream_request_id"] or row["decision"] == "allowed")]
        self.expect("each allowed audit row has its request at the provider", not invented, invented)
        for pair in self.joined:
            for row in pair["rows"]:
                self._check_pair(row, pair["provider"])

    def _check_pair(self, row: dict, request: dict):
        name = f"{row['app']} {request['id']}"
        path = request["path"].split("?")[0]
        self.expect(f"{name}: host and path agree", (row["host"], (row["path"] or "").split("?")[0])
                    == (request["host"], path), (row["host"], row["path"], request["host"], path))
        self.expect(f"{name}: the client's own request id agrees",
                    row["client_request_id"] == request["x_request_id"],
                    (row["client_request_id"], request["x_request_id"]))
        usage = (request["response"] or {}).get("usage")
        if usage and row["decision"] != "denied":  # a stopped answer was not counted to its end
            counted = (row["tokens"]["input"], row["tokens"]["output"])
            self.expect(f"{name}: tokens agree", counted == (usage["input"], usage["output"]), (counted, usage))
        added = [field for field, _ in request["headers"] if field.lower().startswith("sluice-")]
        self.expect(f"{name}: no field of ours reached the provider", not added, added)

    def check_visit(self, visit: Visit):
        """A visit that sent an id of ours: its row names its app, and the provider got its bytes."""
        rows = [row for row in self.rows if row["client_request_id"] == visit.request_id]
        if not self.expect(f"{visit.name}: one audit row", len(rows) == 1, [row["request_id"] for row in rows]):
            return
        row = rows[0]
        self.expect(f"{visit.name}: the audit names the app {visit.app}", row["app"] == visit.app, row["app"])
        self.expect(f"{visit.name}: allowed", row["decision"] == "allowed", (row["decision"], row["reason"]))
        requests = [request for request in self.received if request["x_request_id"] == visit.request_id]
        if not self.expect(f"{visit.name}: one request at the provider", len(requests) == 1, len(requests)):
            return
        if visit.body_sha256:
            self.expect(f"{visit.name}: the body arrived byte for byte",
                        requests[0]["body_sha256"] == visit.body_sha256,
                        (requests[0]["body_sha256"], visit.body_sha256))
        if visit.fields:
            sent = [(field.lower(), value) for field, value in visit.fields]
            arrived = [(field.lower(), value) for field, value in requests[0]["headers"]]
            self.expect(f"{visit.name}: the header's values and their order arrived exactly", sent == arrived,
                        f"sent {sent}\narrived {arrived}")

    def tell(self) -> str:
        lines = ["", "What the audit says, and what the provider received", ""]
        received = {request["id"]: request for request in self.received}
        for row in self.rows:
            lines += describe(row, received.get(row["upstream_request_id"]))
        if self.facts:
            lines += ["", "Beside that", ""]
            lines += [f"  {fact}: {value}" for fact, value in self.facts.items()]
        met = sum(expectation.met for expectation in self.expectations)
        lines += ["", f"Checks between the two records: {met} of {len(self.expectations)} hold."]
        lines += [f"  FAILED  {expectation.what}: {expectation.detail}" for expectation in self.expectations
                  if not expectation.met]
        return "\n".join(lines)

    def as_json(self) -> str:
        return json.dumps({
            "succeeded": self.succeeded,
            "visits": [dataclasses.asdict(visit) for visit in self.visits],
            "facts": self.facts,
            "requests": [{"audit": pair["rows"], "provider": pair["provider"]} for pair in self.joined],
            "refused": [row for row in self.rows if not row["upstream_request_id"]],
            "expectations": [dataclasses.asdict(expectation) for expectation in self.expectations],
        }, indent=2, ensure_ascii=False)


def describe(row: dict, request: dict | None) -> list[str]:
    who = f"{row['user']} on {row['device_name']}" if row["device"] else (f"key {row['virtual_key']}" if row["virtual_key"] else "no virtual key")
    tokens = row["tokens"]
    spent = f"{tokens['input']} tokens in, {tokens['output']} out" if tokens["output"] is not None else "no tokens"
    streamed = "streamed" if row["streamed"] else "whole"
    lines = [f"  {row['time'][11:23]}  {row['decision'].upper():11} {row['app'] or 'unknown app'} "
             f"{row['app_version'] or ''} ({who}) → {row['host']}{row['path']}",
             f"                {row['model'] or 'no model'}, {streamed}, status {row['status']}, {spent}, "
             f"{milliseconds(row['latency_us'])}; audit {row['request_id']}"]
    if row["reason"]:
        lines.append(f"                reason: {row['reason']}")
    for one in row["guardrails"]:
        times = f", {one['count']} times" if one["count"] > 1 else ""
        lines.append(f"                guardrail {one['rule']}: {one['action']} in {one['phase']} "
                     f"({one['found_by']}{times})")
    if request:
        lines.append(f"                provider: {request['id']} received {request['body_bytes']} bytes "
                     f"{request['body_sha256'][:16]}… over HTTP/{request['http']}")
    elif row["decision"] != "allowed":
        lines.append("                provider: nothing arrived")
    return lines


def milliseconds(microseconds: int | None) -> str:
    return "time unknown" if microseconds is None else f"{microseconds / 1000:.1f} ms"
