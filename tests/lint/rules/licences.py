"""Every dependency has a row in docs/dependencies.md with a licence that licences.json allows.

Libraries: each -dev package of tests/support/packages.txt. npm: each direct dependency has a row, and each package
of a lock file, direct or not, has an allowed licence; what only builds or tests may have more licences than what we
ship.
"""
import json
import re
from fnmatch import fnmatch
from pathlib import Path

from .tree import Finding, read

ALLOWED = Path(__file__).resolve().parent.parent / "licences.json"
PACKAGES = "tests/support/packages.txt"
TABLE = "docs/dependencies.md"


def check(root):
    allowed = json.loads(ALLOWED.read_text(encoding="utf-8"))
    rows = read_table(read(root, TABLE)) if (Path(root) / TABLE).exists() else {}
    findings = check_rows(rows, allowed) + check_debian(root, rows)
    for folder, use in allowed["npm"].items():
        if (Path(root) / folder / "package.json").exists():
            findings += check_npm(root, folder, use, rows, allowed)
    return findings


def read_table(text):
    """{package: (line, licence, use)} from every table whose head has the columns Package, Licence and Use."""
    rows, columns = {}, None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("|"):
            columns = None
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if columns is None:
            columns = {cell.lower(): position for position, cell in enumerate(cells)}
        elif {"package", "licence", "use"} <= columns.keys() and not set(cells[0]) <= set("-: "):
            for package in re.findall(r"`([^`]+)`", cells[columns["package"]]):
                rows[package] = (number, cells[columns["licence"]], cells[columns["use"]])
    return rows


def check_rows(rows, allowed):
    findings = []
    for package, (number, licence, use) in rows.items():
        if use not in ("shipped", "tools"):
            findings.append(Finding(TABLE, number, f"{package}: use is '{use}', not 'shipped' or 'tools'"))
        elif not is_allowed(licence, allowed[use]) and not is_exception(package, allowed):
            findings.append(Finding(TABLE, number, f"{package}: licence '{licence}' is not allowed for what is {use}"))
    return findings


def check_debian(root, rows):
    findings = []
    for number, line in enumerate(read(root, PACKAGES).splitlines(), 1):
        package = line.split("#")[0].strip()
        if package.endswith("-dev") and package not in rows:
            findings.append(Finding(PACKAGES, number, f"{package} has no row in {TABLE}"))
    return findings


def check_npm(root, folder, use, rows, allowed):
    findings = []
    manifest = json.loads(read(root, f"{folder}/package.json"))
    for group in ("dependencies", "devDependencies", "optionalDependencies"):
        for package in manifest.get(group, {}):
            if package not in rows:
                findings.append(Finding(f"{folder}/package.json", 1, f"{package} has no row in {TABLE}"))
    if not (Path(root) / folder / "package-lock.json").exists():
        return findings + [Finding(f"{folder}/package.json", 1, "no package-lock.json beside it")]
    lock = json.loads(read(root, f"{folder}/package-lock.json"))
    for place, entry in lock.get("packages", {}).items():
        if not place:
            continue
        package = place.rsplit("node_modules/", 1)[-1]
        licence = entry.get("license") or installed_licence(root, folder, place)
        tools = use == "tools" or entry.get("dev") or entry.get("devOptional")
        if not is_allowed(licence, allowed["tools" if tools else "shipped"]) and not is_exception(package, allowed):
            findings.append(Finding(f"{folder}/package-lock.json", 1,
                                    f"{package}: licence '{licence}' is not allowed for what is {'tools' if tools else 'shipped'}"))
    return findings


def installed_licence(root, folder, place):
    manifest = Path(root) / folder / place / "package.json"
    if not manifest.exists():
        return "unknown"
    licence = json.loads(manifest.read_text(encoding="utf-8")).get("license", "unknown")
    return licence.get("type", "unknown") if isinstance(licence, dict) else licence


def is_exception(package, allowed):
    return any(fnmatch(package, pattern) for pattern in allowed["exceptions"])


def is_allowed(expression, licences):
    """SPDX expressions of one level: every part of an AND, some part of an OR."""
    expression = str(expression).strip().replace("(", "").replace(")", "")
    if " AND " in expression:
        return all(is_allowed(part, licences) for part in expression.split(" AND "))
    return any(part.strip() in licences for part in expression.split(" OR "))
