"""./dev answers what it can before it installs or builds, and builds what a named test needs.

It runs in a tree of its own; the programs that it calls are stand-ins in front of the PATH, which write down how they
were called.
"""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMANDS = ("setup", "build", "test", "lint", "format", "demo", "up", "bench")
STAND_INS = {
    "cmake": "", "npm": "", "apt-get": "", "clang-format-19": "", "python3": "",
    "sudo": 'exec "$@"',
    "dpkg-query": "sed -n 's/^\\([a-z][^ ]*\\).*/installed \\1/p' tests/support/packages.txt",
    "ninja": "printf '%s: phony\\n' unit_base unit_baseline unit_log fuzz_head sluice",
    "ctest": 'case " $* " in *" -N "*) ;; *) exit 0 ;; esac\n'
             'case " $* " in *" -L "*) only=1 ;; esac\n'
             "for name in unit_base unit_baseline unit_log unit_script fuzz_head ${only:-web_keys}; do\n"
             '  [ "$name" = 1 ] || echo "  Test  #1: $name"; done',
}


class Dev(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for file in ("dev", "tools/up", "CMakePresets.json", "tests/support/packages.txt"):
            (self.folder / "tree" / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, self.folder / "tree" / file)
        (self.folder / "tree/build/asan").mkdir(parents=True)
        (self.folder / "tree/build/asan/build.ninja").touch()
        for name, body in STAND_INS.items():
            file = self.folder / name
            file.write_text(f'#!/bin/bash\necho "{name} $*" >>"{self.folder}/calls"\n{body}\n')
            file.chmod(0o755)

    def dev(self, *words):
        environment = {**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}"}
        done = subprocess.run([self.folder / "tree/dev", *words], env=environment, capture_output=True, text=True, timeout=60,
                              check=False)
        calls = self.folder / "calls"
        self.calls = calls.read_text().splitlines() if calls.exists() else []
        calls.unlink(missing_ok=True)
        return done

    def built(self):
        return [call.split("--target ")[1].split() for call in self.calls if "--target " in call]

    def run_by_ctest(self):
        return [call.split(" -R ")[1] for call in self.calls if call.startswith("ctest") and " -R " in call]

    def test_help_of_each_command_is_told_at_once(self):
        for command in COMMANDS:
            done = self.dev(command, "--help")
            self.assertEqual((done.returncode, self.calls), (0, []), command)
            self.assertIn(f"  {command} ", done.stdout)

    def test_what_a_command_does_not_know_is_refused_before_anything_is_done(self):
        for words in (("up", "--bogus"), ("demo", "--bogus"), ("demo", "--port"), ("build", "--bogus"),
                      ("build", "nothing"), ("format", "file.cpp"), ("test", "--bogus"), ("lint", "--bogus"),
                      ("setup", "--bogus"), ("bench", "--bogus"), ("bench", "nothing")):
            done = self.dev(*words)
            self.assertEqual((done.returncode, self.calls), (2, []), (words, done.stderr))
            self.assertIn(words[-1], done.stderr)

    def test_an_unknown_command_is_named(self):
        done = self.dev("bogus")
        self.assertEqual((done.returncode, self.calls), (2, []))
        self.assertIn("unknown command 'bogus'", done.stderr)

    def test_help_names_every_command(self):
        done = self.dev("help")
        self.assertEqual((done.returncode, self.calls), (0, []))
        for command in COMMANDS:
            self.assertIn(f"\n  {command} ", done.stdout)

    def test_a_section_of_packages_that_is_not_there_is_named(self):
        done = self.dev("setup", "nope")
        self.assertEqual((done.returncode, self.calls), (2, []))
        self.assertIn("no section 'nope'", done.stderr)

    def test_a_unit_test_is_built_alone(self):
        self.assertEqual(self.dev("test", "unit_base").returncode, 0)
        self.assertEqual(self.built(), [["unit_base"]])
        self.assertEqual(self.run_by_ctest(), ["^(unit_base)$"])

    def test_all_named_tests_are_built_and_run(self):
        self.assertEqual(self.dev("test", "unit_log", "fuzz_").returncode, 0)
        self.assertEqual(self.built(), [["fuzz_head", "unit_log"]])
        self.assertEqual(self.run_by_ctest(), ["^(fuzz_head|unit_log)$"])

    def test_a_test_that_is_no_program_of_its_own_builds_everything(self):
        for name in ("web_keys", "unit_script"):
            self.assertEqual(self.dev("test", "unit_base", name).returncode, 0)
            self.assertEqual(self.built(), [])
            self.assertIn("cmake --build build/asan", [call.rstrip() for call in self.calls])
            self.assertIn(f"^(unit_base|{name})$", self.run_by_ctest())

    def test_a_name_that_no_test_has_is_refused_before_a_build(self):
        done = self.dev("test", "unit_base", "nosuch")
        self.assertEqual(done.returncode, 1)
        self.assertIn("'nosuch'", done.stderr)
        self.assertIn("./dev test --list", done.stderr)
        self.assertFalse([call for call in self.calls if "--build" in call])

    def test_the_names_are_listed(self):
        done = self.dev("test", "--list")
        self.assertEqual(done.stdout.split()[:2], ["unit_base", "unit_baseline"])
        self.assertFalse([call for call in self.calls if "--build" in call])


if __name__ == "__main__":
    unittest.main()
