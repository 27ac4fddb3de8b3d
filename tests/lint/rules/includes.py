"""The include table: arrows point down, pure libraries stay pure, heavy libraries stay in their folder.

includes.json is the table; this file only walks it. Tests and fuzz targets may include anything.
"""
import json
import re
from pathlib import Path

from .tree import Finding, files, read, without_comments

TABLE = Path(__file__).resolve().parent.parent / "includes.json"
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
CONDITION = re.compile(r'^\s*#\s*(?:if|ifdef|ifndef|elif|elifdef|elifndef)\b(.*)$')


def check(root):
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    findings = []
    for file in files(root, ".cpp", ".h"):
        if file.startswith(("libs/", *(program + "/" for program in table["programs"]))):
            findings += check_file(table, file, without_comments(read(root, file)))
    return findings + check_own_header_first(root, table)


def check_file(table, file, text):
    for number, line in enumerate(text.splitlines(), 1):
        include = INCLUDE.match(line)
        if include:
            name = include.group(1) or include.group(2)
            for reason in broken_by_include(table, file, name):
                yield Finding(file, number, f"{reason} (\"{name}\")")
        condition = CONDITION.match(line)
        if condition and not any(part in file for part in table["os_macros_allowed"]):
            words = set(re.findall(r"\w+", condition.group(1)))
            for macro in sorted(words.intersection(table["os_macros"])):
                yield Finding(file, number, f"no #if on {macro} outside platform/ and libs/ipc: let CMake pick the file")
        if is_pure(table, file):
            for word in table["impure_words"]:
                if word not in table["exceptions"].get(file, {"words": []})["words"] and re.search(rf"\b{re.escape(word)}\b", line):
                    yield Finding(file, number, f"'{word}' in a pure library: no socket, clock or coroutine here")


def is_pure(table, file):
    return any(file == pure or file.startswith((pure + "/", pure + ".")) for pure in table["pure"])


def broken_by_include(table, file, name):
    yield from broken_direction(table, file, name)
    if is_pure(table, file) and any(matches(name, impure) for impure in table["impure_includes"]):
        yield "a pure library includes no socket, clock or coroutine"
    private = {header for header in table["private_headers"] if header in ("libs/" + name, name)}
    if private and Path(file).parent != Path(private.pop()).parent:
        yield "a private header is for the sources of its own folder"
    if file.endswith(".h") and file not in table["private_headers"] and any(matches(name, heavy) for heavy in table["not_in_headers"]):
        yield "not in a header: it costs every file that sees it"
    # The longest prefix decides: boost/beast is narrower than boost/.
    rows = [prefix for prefix in table["heavy"] if matches(name, prefix)]
    if rows:
        folders = table["heavy"][max(rows, key=len)]
        if not file.startswith(tuple(folder + "/" for folder in folders)):
            yield f"only {', '.join(folders)} may include it"


def matches(name, prefix):
    return name.startswith(prefix) if prefix.endswith("/") else name == prefix or name.startswith(prefix + "/") or (
        "/" in prefix and not prefix.endswith((".h", ".hpp")) and name.startswith(prefix + "."))


def broken_direction(table, file, name):
    here, target = file.split("/"), name.split("/")
    if target[0] == "libs":
        yield "libraries are included without 'libs/'"
    if len(target) < 2:
        return
    to_library, to_program = target[0] in table["libraries"], target[0] in table["programs"]
    if here[0] == "libs":
        if here[1] not in table["libraries"]:
            yield f"library '{here[1]}' has no row in tests/lint/includes.json"
        elif to_program:
            yield "a library includes no program"
        elif to_library and target[0] not in (here[1], *table["libraries"][here[1]]):
            yield f"libs/{here[1]} does not stand above libs/{target[0]}"
    elif to_program and target[0] != here[0]:
        yield f"{here[0]} includes another program"
    elif to_program and target[1] == "app" and here[1] != "app":
        yield "app/ is the composition root: nothing includes it"


def check_own_header_first(root, table):
    """x.cpp includes x.h before anything else: that is how each header is known to compile alone."""
    findings = []
    known = set(files(root, ".h"))
    for file in files(root, ".cpp"):
        header = file[:-len(".cpp")] + ".h"
        if header not in known or not file.startswith(("libs/", *(program + "/" for program in table["programs"]))):
            continue
        for number, line in enumerate(without_comments(read(root, file)).splitlines(), 1):
            include = INCLUDE.match(line)
            if include:
                own = header[len("libs/"):] if header.startswith("libs/") else header
                if include.group(1) != own:
                    findings.append(Finding(file, number, f'includes "{own}" first, so that the header is tested alone'))
                break
    return findings
