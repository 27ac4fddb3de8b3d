"""Each rule is shown a tree that breaks it, and one that does not."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from rules import commands, documents, includes, licences
from rules.tree import without_comments


class LintTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name)

    def write(self, file, text):
        (self.root / file).parent.mkdir(parents=True, exist_ok=True)
        (self.root / file).write_text(text, encoding="utf-8")

    def assert_finding(self, findings, *words):
        text = "\n".join(map(str, findings))
        self.assertEqual(len(findings), 1, text)
        for word in words:
            self.assertIn(word, text)


class Includes(LintTest):
    def check(self, file, text):
        self.write(file, text)
        return includes.check(self.root)

    def test_a_library_may_include_what_stands_below_it(self):
        self.assertEqual(self.check("libs/tls/a.cpp", '#include "base/result.h"\n#include <openssl/x509.h>\n'), [])

    def test_a_library_may_not_include_what_stands_above_it(self):
        self.assert_finding(self.check("libs/base/a.cpp", '#include "tls/ca.h"\n'), "libs/base/a.cpp:1", "libs/tls")

    def test_a_library_without_a_row_is_named(self):
        self.assert_finding(self.check("libs/new/a.cpp", '#include "base/result.h"\n'), "'new' has no row")

    def test_a_library_may_not_include_a_program(self):
        self.assert_finding(self.check("libs/base/a.cpp", '#include "gateway/edge/x.h"\n'), "no program")

    def test_a_program_may_not_include_another(self):
        self.assert_finding(self.check("agent/a.cpp", '#include "gateway/edge/x.h"\n'), "another program")

    def test_nothing_includes_a_composition_root(self):
        self.assert_finding(self.check("agent/intercept/a.cpp", '#include "agent/app/app.h"\n'), "composition root")

    def test_a_composition_root_includes_its_own_folder(self):
        self.assertEqual(self.check("agent/app/main.cpp", '#include "agent/app/app.h"\n'), [])

    def test_a_pure_library_has_no_coroutine(self):
        self.assert_finding(self.check("libs/dialect/a.cpp", "void f() {\n  co_await g();\n}\n"), "a.cpp:2", "co_await")

    def test_a_pure_library_reads_no_clock(self):
        self.assert_finding(self.check("libs/policy/a.cpp", "auto now = wall_now();\n"), "wall_now")

    def test_an_exception_covers_one_word_of_one_file(self):
        self.assertEqual(self.check("libs/tls/context.cpp", "auto now = std::time(nullptr);\n"), [])
        self.assert_finding(self.check("libs/tls/other.cpp", "auto now = std::time(nullptr);\n"), "std::time")

    def test_a_pure_file_of_a_mixed_library_includes_no_socket(self):
        self.assert_finding(self.check("libs/http/parser.cpp", "#include <sys/socket.h>\n"), "pure")
        self.assertEqual(includes.is_pure({"pure": ["libs/http/parser"]}, "libs/http/server.cpp"), False)

    def test_a_word_in_a_comment_breaks_nothing(self):
        self.assertEqual(self.check("libs/dialect/a.cpp", '// co_await is not used\nauto s = "co_await";\n'), [])

    def test_a_heavy_library_stays_in_its_folder(self):
        self.assert_finding(self.check("gateway/edge/a.cpp", "#include <curl/curl.h>\n"), "only libs/fetch")
        self.assert_finding(self.check("gateway/edge/a.cpp", "#include <boost/asio/post.hpp>\n"), "may include it")

    def test_the_longest_row_of_a_heavy_library_decides(self):
        self.assert_finding(self.check("libs/net/a.cpp", "#include <boost/beast/http.hpp>\n"), "only libs/http")

    def test_a_heavy_include_is_not_for_headers(self):
        self.assert_finding(self.check("agent/a.h", "#include <nlohmann/json.hpp>\n"), "not in a header")
        self.assertEqual(self.check("agent/a.h", "#include <nlohmann/json_fwd.hpp>\n"), [])

    def test_a_private_header_is_heavy_and_stays_in_its_folder(self):
        self.assertEqual(self.check("libs/net/socket_stream.h", "#include <boost/asio/post.hpp>\n"), [])
        self.assertEqual(self.check("libs/net/a.cpp", '#include "net/socket_stream.h"\n'), [])
        self.assert_finding(self.check("libs/http/a.cpp", '#include "net/socket_stream.h"\n'), "private header")

    def test_no_condition_on_the_system_outside_platform(self):
        self.assert_finding(self.check("agent/a.cpp", "#if defined(__linux__)\n#endif\n"), "__linux__")

    def test_conditions_on_the_system_are_allowed_in_platform(self):
        self.assertEqual(self.check("agent/platform/linux/a.cpp", "#ifdef __linux__\n#endif\n"), [])

    def test_a_source_includes_its_own_header_first(self):
        self.write("libs/base/a.h", "#pragma once\n")
        self.assert_finding(self.check("libs/base/a.cpp", '#include <string>\n#include "base/a.h"\n'), "first")
        self.assertEqual(self.check("libs/base/a.cpp", '// why\n#include "base/a.h"\n#include <string>\n'), [])

    def test_blanking_keeps_digit_separators_and_lines(self):
        self.assertEqual(without_comments("int a = 1'000'000; /* x\n */ int b;"), "int a = 1'000'000;     \n    int b;")


class Licences(LintTest):
    HEAD = "| Dependency | Package | Licence | Use |\n|---|---|---|---|\n"

    def check(self, packages, rows):
        self.write("tests/support/packages.txt", packages)
        self.write("docs/dependencies.md", self.HEAD + rows)
        return licences.check(self.root)

    def npm(self, packages, dependencies, rows=""):
        self.write("console_backend/web/package.json", json.dumps({"dependencies": dependencies}))
        self.write("console_backend/web/package-lock.json", json.dumps({"packages": {"": {}, **packages}}))
        return self.check("[build]\n", rows)

    def test_a_library_with_a_row_passes(self):
        self.assertEqual(self.check("libssl-dev # TLS\n", "| OpenSSL | `libssl-dev` | Apache-2.0 | shipped |\n"), [])

    def test_a_library_without_a_row_is_named(self):
        self.assert_finding(self.check("[build]\nlibnew-dev\n", ""), "packages.txt:2", "libnew-dev")

    def test_a_licence_that_is_not_allowed_is_named(self):
        self.assert_finding(self.check("", "| X | `libx-dev` | GPL-2.0 | shipped |\n"), "dependencies.md:3", "GPL-2.0")

    def test_what_only_tests_may_have_more_licences(self):
        self.assertEqual(self.check("", "| X | `x` | GPL-2.0 | tools |\n"), [])

    def test_a_row_says_how_it_is_used(self):
        self.assert_finding(self.check("", "| X | `x` | MIT | perhaps |\n"), "perhaps")

    def test_a_direct_npm_dependency_needs_a_row(self):
        self.assert_finding(self.npm({"node_modules/a": {"license": "MIT"}}, {"a": "1"}), "a has no row")

    def test_an_npm_package_deep_in_the_tree_is_checked(self):
        found = self.npm({"node_modules/a/node_modules/@x/b": {"license": "AGPL-3.0"}}, {})
        self.assert_finding(found, "@x/b", "AGPL-3.0")

    def test_an_npm_package_without_a_licence_is_named(self):
        self.assert_finding(self.npm({"node_modules/a": {}}, {}), "unknown")

    def test_a_shipped_npm_package_has_a_narrower_choice_than_a_dev_one(self):
        self.assertEqual(self.npm({"node_modules/a": {"license": "MPL-2.0", "dev": True}}, {}), [])
        self.assert_finding(self.npm({"node_modules/a": {"license": "MPL-2.0"}}, {}), "MPL-2.0")

    def test_expressions(self):
        self.assertTrue(licences.is_allowed("(MIT OR GPL-3.0)", ["MIT"]))
        self.assertFalse(licences.is_allowed("MIT AND GPL-3.0", ["MIT"]))


class Documents(LintTest):
    def test_a_link_to_a_missing_file_is_named(self):
        self.write("docs/a.md", "see\n[b](b.md)\n")
        self.assert_finding(documents.check(self.root), "docs/a.md:2", "b.md")

    def test_a_link_to_a_missing_heading_is_named(self):
        self.write("a.md", "[b](#not-here)\n# Here it is\n[c](#here-it-is)\n")
        self.assert_finding(documents.check(self.root), "not-here")

    def test_links_in_code_and_to_the_web_are_left_alone(self):
        self.write("a.md", "```\n[b](b.md)\n```\n`[c](c.md)` [d](https://example.org/x)\n")
        self.assertEqual(documents.check(self.root), [])


class Commands(LintTest):
    def test_a_badly_formatted_source_is_named(self):
        self.write(".clang-format", "BasedOnStyle: Google\n")
        self.write("a.cpp", "int  main( ) { return 0 ; }\n")
        self.assert_finding(commands.check_format(self.root), "a.cpp", "./dev format")

    def test_a_script_is_found_by_its_first_line_and_checked(self):
        self.write("tool", "#!/usr/bin/env bash\nrm -rf $1/x\n")
        self.assert_finding(commands.check_scripts(self.root), "SC2086")

    def test_a_missing_program_is_a_finding(self):
        self.assert_finding(commands.missing("no-such-program"), "not installed")

    def test_a_web_console_without_its_packages_is_a_finding(self):
        self.write("console_backend/web/package.json", "{}")
        self.assert_finding(commands.check_web(self.root), "./dev setup web")

    def test_a_failing_web_script_is_a_finding(self):
        self.write("console_backend/web/package.json", json.dumps({"scripts": {"lint": "exit 1", "typecheck": "true"}}))
        (self.root / "console_backend/web/node_modules").mkdir()
        self.assert_finding(commands.check_web(self.root), "lint")

class ConfigDocs(LintTest):
    def run_check(self, *arguments):
        script = Path(__file__).resolve().parent / "config_docs.py"
        return subprocess.run([sys.executable, str(script), str(self.root), "--file", str(self.root / "config.md"), *arguments],
                              capture_output=True, text=True, check=False)

    def programs(self, text):
        for program in ("sluice-console", "sluice-gateway", "sluice-agent"):
            self.write(program, f"#!/bin/sh\necho '{text}'\n")
            (self.root / program).chmod(0o755)

    def test_a_document_that_lags_behind_the_programs_is_found(self):
        self.programs("old")
        self.assertEqual(self.run_check("--write").returncode, 0)
        self.assertEqual(self.run_check().returncode, 0)
        self.programs("new")
        self.assertIn("--write", self.run_check().stderr)

    def test_a_missing_document_is_found(self):
        self.programs("text")
        self.assertNotEqual(self.run_check().returncode, 0)


if __name__ == "__main__":
    unittest.main()
