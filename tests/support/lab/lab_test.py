"""The lab itself: its machines are separate from the real one and leave nothing behind."""

import hashlib
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.lab import LAPTOP_ADDRESS, Lab  # noqa: E402
from lab.machine import LabError, run, wait_until  # noqa: E402

PREFIX = "labtest"
WATCHED = ("/etc/ssl/certs/ca-certificates.crt", "/etc/passwd", "/etc/resolv.conf", "/etc/environment", "/etc/hosts")


def state_of_the_real_machine() -> dict:
    return {file: hashlib.sha256(pathlib.Path(file).read_bytes()).hexdigest() for file in WATCHED
            if os.path.exists(file)}


def namespaces() -> list[str]:
    return [line.split()[0] for line in run("ip", "netns", "list").splitlines() if line.startswith(PREFIX)]


class LabTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if os.geteuid() != 0:
            raise AssertionError("network namespaces need root; this test does not skip itself")
        cls.before = state_of_the_real_machine()
        # What a killed run leaves behind.
        run("ip", "netns", "add", f"{PREFIX}-laptop")
        cls.lab = Lab(PREFIX)
        cls.addClassCleanup(cls.nothing_is_left)
        cls.lab.__enter__()

    @classmethod
    def nothing_is_left(cls):
        cls.lab.close()
        assert namespaces() == [], namespaces()
        assert not cls.lab.folder.exists()
        assert state_of_the_real_machine() == cls.before, "the real machine was changed"

    def test_each_host_is_a_namespace_of_its_own(self):
        self.assertEqual(sorted(namespaces()), [f"{PREFIX}-corp", f"{PREFIX}-internet", f"{PREFIX}-laptop"])

    def test_a_second_lab_says_that_one_runs_and_leaves_it_alone(self):
        with self.assertRaisesRegex(LabError, f"running already, pid {os.getpid()}"):
            Lab(PREFIX)
        self.assertEqual(len(namespaces()), 3)
        self.assertEqual(self.lab.person_runs("echo here").stdout, "here\n")

    def test_a_person_starts_with_the_login_environment_alone(self):
        os.environ["LAB_TEST_MARK"] = "seen"
        names = {line.split("=")[0] for line in self.lab.person_runs("env").stdout.splitlines()}
        self.assertLessEqual(names, {"SHELL", "PWD", "LOGNAME", "HOME", "USER", "SHLVL", "PATH", "MAIL", "_", "LANG"})

    def test_what_is_installed_for_logins_is_in_effect(self):
        self.lab.laptop.path("/etc/environment").write_text("FROM_ENVIRONMENT=1\n")
        self.lab.laptop.path("/etc/profile.d/lab.sh").write_text("export FROM_PROFILE=2\n")
        shown = self.lab.person_runs("echo $FROM_ENVIRONMENT $FROM_PROFILE").stdout
        self.assertEqual(shown, "1 2\n")

    def test_the_laptop_reaches_web_sites_by_name_and_trusts_them(self):
        done = self.lab.person_runs("curl -sS https://www.example.org/")
        self.assertIn("This is www.example.org", done.stdout, done.stderr)
        peer = self.lab.provider.requests(inference_only=False)[-1]["peer"]
        self.assertEqual(peer, LAPTOP_ADDRESS)

    def test_a_program_s_process_id_is_its_own(self):
        process = subprocess.Popen(self.lab.laptop.command("sleep", "60"))
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        name = pathlib.Path(f"/proc/{process.pid}/comm")
        wait_until("the program to be executed", 5, lambda: name.read_text() == "sleep\n")


if __name__ == "__main__":
    unittest.main()
