"""Relative links of the documents lead somewhere, headings included."""
import re
from pathlib import Path

from .tree import Finding, files, read

LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~)")


def check(root):
    findings = []
    for file in files(root, ".md"):
        for number, line in prose_lines(read(root, file)):
            for link in LINK.finditer(re.sub(r"`[^`]*`", "", line)):
                reason = broken(root, file, link.group(1) or link.group(2))
                if reason:
                    findings.append(Finding(file, number, reason))
    return findings


def prose_lines(text):
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield number, line


def broken(root, file, target):
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return None
    name, _, anchor = target.partition("#")
    place = (Path(root) / file).parent / name if name else Path(root) / file
    if not place.exists():
        return f"link to '{target}': no such file"
    if anchor and place.suffix == ".md" and anchor not in anchors(place.read_text(encoding="utf-8")):
        return f"link to '{target}': no such heading"
    return None


def anchors(text):
    found = set()
    for _, line in prose_lines(text):
        heading = re.match(r"#{1,6}\s+(.*?)\s*$", line)
        if heading:
            words = re.sub(r"[^\w\- ]", "", heading.group(1).replace("`", "").lower())
            found.add(words.replace(" ", "-"))
    return found
