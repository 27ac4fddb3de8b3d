"""What every rule shares: the files of the tree, findings, and C++ text without comments and strings."""
import os
import re
from dataclasses import dataclass
from pathlib import Path

SKIPPED_FOLDERS = {".git", "build", "node_modules", "dist", "__pycache__", ".cache"}


@dataclass(frozen=True)
class Finding:
    file: str
    line: int
    text: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.text}"


def files(root, *suffixes):
    """Paths relative to root with one of the suffixes, in order; generated and installed folders are left out."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        for name in names:
            if (not suffixes or name.endswith(suffixes)) and not (Path(folder) / name).is_symlink():
                found.append((Path(folder) / name).relative_to(root).as_posix())
    return sorted(found)


def read(root, file):
    return (Path(root) / file).read_text(encoding="utf-8")


CODE = re.compile(
    r'R"(?P<mark>[^()\\ ]{0,16})\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*.*?\*/',
    re.DOTALL)
INCLUDE_LINE = re.compile(r'^\s*#\s*include\b')


def without_comments(text):
    """The same text with comments and literals blanked, so that line numbers hold; include lines keep their name."""

    def blank(match):
        piece = match.group(0)
        start = text.rfind("\n", 0, match.start()) + 1
        if piece[0] == '"' and INCLUDE_LINE.match(text[start:match.start()] + '"'):
            return piece
        # A digit separator (1'000'000) is no literal.
        if piece[0] == "'" and match.start() and text[match.start() - 1].isalnum() and text[match.start() - 1] not in "uUL":
            return piece
        return "".join(character if character == "\n" else " " for character in piece)

    return CODE.sub(blank, text)
