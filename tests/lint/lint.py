#!/usr/bin/env python3
"""The house's lint: `lint.py [RULE...]`; without a rule, all of them. Standard library only.

Prints each finding as file:line: sentence and exits with 1 if there was one.
"""
import argparse
import sys
import time
from pathlib import Path

from rules import commands, documents, includes, licences

RULES = {
    "includes": includes.check,
    "licences": licences.check,
    "documents": documents.check,
    "format": commands.check_format,
    "scripts": commands.check_scripts,
    "web": commands.check_web,
    "tidy": commands.check_tidy,
}


def main():
    parser = argparse.ArgumentParser(description="the house's lint")
    parser.add_argument("--root", default=Path(__file__).resolve().parents[2], help="the tree to look at")
    parser.add_argument("rules", nargs="*", metavar="RULE", help=" ".join(RULES))
    arguments = parser.parse_args()
    unknown = [rule for rule in arguments.rules if rule not in RULES]
    if unknown:
        parser.error(f"unknown rule '{unknown[0]}'; there are: {' '.join(RULES)}")
    failed = False
    for rule in arguments.rules or RULES:
        start = time.monotonic()
        findings = RULES[rule](arguments.root)
        for finding in findings:
            print(finding)
        print(f"lint {rule}: {len(findings) or 'no'} finding{'' if len(findings) == 1 else 's'}"
              f" ({time.monotonic() - start:.1f} s)", flush=True)
        failed = failed or bool(findings)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
