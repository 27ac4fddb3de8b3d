#!/usr/bin/env python3
"""docs/config.md is what the programs print: `config_docs.py BIN_FOLDER` compares, `--write` renews it."""
import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("sluice-console", "sluice-gateway", "sluice-agent")
HEAD = """# Configuration

Generated from the programs' settings tables; do not edit. Configuration is JSON; a dotted key stands for nested objects
(`listen.web` is `{"listen": {"web": …}}`). `env.NAME` may stand for any secret. `--check-config` names a wrong field by its
path, `--print-config-schema` prints a JSON Schema.
"""


def printed(folder, program):
    done = subprocess.run([str(Path(folder).resolve() / program), "--print-config-docs"], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        sys.exit(f"{program} --print-config-docs failed ({done.returncode}):\n{done.stderr}")
    return done.stdout.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="where the programs are: build/asan/bin")
    parser.add_argument("--write", action="store_true", help="renew docs/config.md")
    parser.add_argument("--file", type=Path, default=ROOT / "docs" / "config.md", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    text = "\n\n".join([HEAD.strip(), *(printed(arguments.folder, program) for program in PROGRAMS)]) + "\n"
    if arguments.write:
        arguments.file.write_text(text, encoding="utf-8")
    elif not arguments.file.exists() or arguments.file.read_text(encoding="utf-8") != text:
        sys.exit(f"{arguments.file} is not what the programs print: tests/lint/config_docs.py {arguments.folder} --write")


if __name__ == "__main__":
    main()
