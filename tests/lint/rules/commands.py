"""Rules that other programs check: clang-format, shellcheck, eslint and tsc, clang-tidy. A missing program is a
finding: a check that did not run is never reported as passed."""
import json
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .tree import Finding, files, read


def run(root, command):
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return done.returncode, (done.stdout + done.stderr).strip()


def findings_of(root, commands, label):
    """One finding per failing command; commands are (file, argument list)."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda job: (job[0], run(root, job[1])), commands)
        return [Finding(file, 1, f"{label}:\n{output}") for file, (status, output) in results if status != 0]


def missing(program):
    return [Finding("dev", 1, f"{program} is not installed: ./dev setup")] if shutil.which(program) is None else []


def batches(names, size):
    return [names[start:start + size] for start in range(0, len(names), size)]


def check_format(root):
    """One finding a file: what to change is clang-format's own business."""
    found = missing("clang-format-19")
    if found:
        return found
    sources = files(root, ".cpp", ".h")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outputs = pool.map(lambda batch: run(root, ["clang-format-19", "--dry-run", "-Werror", *batch]), batches(sources, 20))
    places = {}
    for status, output in outputs:
        at = re.findall(r"^(\S+?):(\d+):\d+: error", output, re.MULTILINE)
        if status != 0 and not at:
            return [Finding(".clang-format", 1, output)]
        for file, line in at:
            places.setdefault(file, int(line))
    return [Finding(file, line, "run ./dev format") for file, line in sorted(places.items())]


def is_shell(root, file):
    if file.endswith((".sh", ".bash")):
        return True
    if "." in Path(file).name:
        return False
    with open(Path(root) / file, "rb") as script:
        first = script.readline(80)
    return first.startswith(b"#!") and first.rstrip().endswith((b"/bash", b"/sh", b" bash", b" sh"))


def check_scripts(root):
    scripts = [file for file in files(root) if is_shell(root, file)]
    found = missing("shellcheck")
    if found or not scripts:
        return found
    return findings_of(root, [(file, ["shellcheck", "-x", "-P", "SCRIPTDIR", file]) for file in scripts], "shellcheck")


def check_web(root):
    web = "console_backend/web"
    if not (Path(root) / web / "package.json").exists():
        return []
    if not (Path(root) / web / "node_modules").exists():
        return [Finding(f"{web}/package.json", 1, "node_modules is not there: ./dev setup web")]
    scripts = json.loads(read(root, f"{web}/package.json")).get("scripts", {})
    found = []
    for script in ("lint", "typecheck"):
        if script in scripts:
            found += findings_of(Path(root) / web, [(f"{web}/package.json", ["npm", "run", "--silent", script])], script)
        else:
            found.append(Finding(f"{web}/package.json", 1, f"no script '{script}'"))
    return found


def changed_sources(root):
    """Sources that differ from where this branch left main, committed or not."""
    for main in ("origin/main", "main"):
        status, base = run(root, ["git", "merge-base", "HEAD", main])
        if status == 0:
            break
    else:
        base = "HEAD"
    _, names = run(root, ["git", "diff", "--name-only", "--diff-filter=d", base, "--", "*.cpp"])
    _, new = run(root, ["git", "ls-files", "--others", "--exclude-standard", "--", "*.cpp"])
    # Not the tests: what GoogleTest's macros become is not ours to mend.
    return sorted(file for file in set(names.split()) | set(new.split()) if not file.startswith("tests/"))


def check_tidy(root):
    database = Path(root) / "build" / "dev" / "compile_commands.json"
    sources = changed_sources(root)
    if not sources:
        return []
    found = missing("clang-tidy-19")
    if found:
        return found
    if not database.exists():
        status, output = run(root, ["cmake", "--preset", "dev"])
        if status != 0:
            return [Finding("CMakeLists.txt", 1, output)]
    known = {os.path.relpath(entry["file"], root) for entry in json.loads(database.read_text(encoding="utf-8"))}
    return findings_of(root, [(file, ["clang-tidy-19", "--quiet", "-p", "build/dev", file]) for file in sources if file in known],
                       "clang-tidy")
