#!/usr/bin/env python3
"""files.py PROGRAM [SHOWN]: how many pieces of this system's own files the injection detector flags.

PROGRAM is bench_guard_injection of a build. Documentation, Python, Perl, C++, CMake, shell and configuration of whatever
is installed, so figures of two systems differ. With SHOWN, that many of the highest-scoring stretches are printed."""
import gzip
import pathlib
import random
import subprocess
import sys

FOLDERS = (("/usr/share/doc", ("README*", "*.html", "*.txt", "*.md*", "NEWS*", "changelog*")), ("/usr/lib/python3", ("*.py",)),
           ("/usr/share/perl", ("*.pm", "*.pod")), ("/usr/include/c++", ("*",)), ("/usr/share/cmake-3.25", ("*.cmake",)),
           ("/usr/lib/node_modules", ("*.md", "*.js")), ("/usr/lib/git-core", ("*",)),
           ("/usr/share/bash-completion", ("*",)), ("/etc", ("*.conf", "*.cfg")))
MOST = 130  # of a folder


def pieces():
    r = random.Random(5)
    for folder, patterns in FOLDERS:
        files = [f for p in patterns for f in sorted(pathlib.Path(folder).rglob(p)) if f.is_file() and 400 < f.stat().st_size < 400000]
        r.shuffle(files)
        for file in files[:MOST]:
            try:
                with gzip.open(file, "rt") if file.suffix == ".gz" else open(file) as opened:
                    text = opened.read()
            except (OSError, UnicodeDecodeError):
                continue
            size = r.randint(400, 3000)
            at = text.find("\n", r.randrange(max(1, len(text) - size))) + 1
            yield file, text[at:at + size].encode()


def main():
    texts = list(pieces())
    data = b"".join(b"%d\n%s\n" % (len(text), text) for _, text in texts)
    done = subprocess.run([sys.argv[1]], input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    rows = [line.split() for line in done.stdout.decode().splitlines()]
    found = sorted(((float(row[0]), row, text) for row, text in zip(rows, texts)), key=lambda f: -f[0])
    hits = sum(row[1] == "1" for row in rows)
    scores = [score for score, _, _ in found]
    print(f"{len(rows)} pieces, {hits} with a hit ({hits / len(rows):.4f}); 1 % score above {scores[len(rows) // 100]:.3f}")
    for score, row, (file, text) in found[:int(sys.argv[2]) if len(sys.argv) > 2 else 0]:
        print(f"{score:.2f} {row[3]} {file}", repr(text[int(row[4]):int(row[5])].decode(errors="replace")[:200]))


if __name__ == "__main__":
    main()
