#!/usr/bin/python3
"""Writes thousand_patterns.json: a policy document with 1,000 expressions for identifiers as companies make them up.

The grammar is invented: departments, kinds of things, and the ways in which people number them. The same seed gives the
same file, so that figures can be compared: ./tests/data/guard_custom/generate.py > tests/data/guard_custom/thousand_patterns.json
"""

import json
import random

SYLLABLES = ("ar", "bel", "cor", "dan", "el", "fal", "gar", "hol", "in", "jo", "kel", "lum", "mar", "nor", "or", "pel", "quin",
             "ros", "sil", "tan", "ul", "ver", "wes", "xan", "yor", "zel")
THINGS = ("employee", "badge", "contract", "invoice", "case", "patient", "policy", "claim", "order", "asset", "batch", "sample",
          "vehicle", "meter", "tender", "ticket", "vendor", "cost centre", "matter", "shipment")
ZONES = ("corp", "intern", "lan", "prod", "dev", "lab", "plant", "hq")
SITES = ("BER", "LON", "NYC", "SIN", "PAR", "MUC", "ZRH", "TOK", "SYD", "GRU")


def name(chance: random.Random, parts: int) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(parts))


def identifier(chance: random.Random) -> tuple[str, bool]:
    """One expression and whether letter case does not matter."""
    company = name(chance, 2)
    prefix = name(chance, 1).upper() + chance.choice("ABCDEFGHKLMNPRSTVWZ")
    digits = chance.randint(4, 9)
    thing = chance.choice(THINGS)
    site = chance.choice(SITES)
    forms = (
        (rf"\b{prefix}-[0-9]{{{digits}}}\b", False),
        (rf"\b{prefix}[/-]20[0-9]{{2}}[/-][0-9]{{{digits}}}\b", False),
        (rf"\b{site}-{prefix}-[0-9A-F]{{{digits}}}\b", False),
        (rf"\b{company} {thing} (?:no\.?|number|id)[ :#]{{0,3}}([A-Z]{{0,2}}[0-9]{{{digits}}})\b", True),
        (rf"\b{thing} {company}[ :-]{{1,3}}([0-9]{{{digits}}}(?:-[0-9]{{2}})?)\b", True),
        (rf"\b[a-z0-9-]{{1,30}}\.{company}\.{chance.choice(ZONES)}\b", True),
        (rf"\b{company}(?:db|app|web|mq|cache)[0-9]{{2,3}}(?:\.{chance.choice(ZONES)}){{0,2}}\b", True),
        (rf"\b{prefix}[0-9]{{2}}(?:0[1-9]|1[0-2])[0-9]{{{digits}}}[A-HJ-NP-Z]\b", False),
        (rf"\b{company}_(?:live|test)_[A-Za-z0-9]{{{digits + 12}}}\b", False),
        (rf"\bproject[ _-]{company}(?:[ _-](?:phase|release) ?[0-9]{{1,2}})?\b", True),
        (rf"\b(?:{prefix}|{name(chance, 1).upper()})\.[0-9]{{3}}\.[0-9]{{{digits}}}(?:/[0-9]{{1,2}})?\b", False),
        (rf"(?:smb|nfs|https?)://[a-z0-9.-]{{0,40}}{company}\.{chance.choice(ZONES)}/[^\s\"]{{1,120}}", True),
    )
    return chance.choice(forms)


def main() -> None:
    chance = random.Random(20261121)
    patterns: dict[str, dict] = {}
    while len(patterns) < 1000:
        regex, caseless = identifier(chance)
        if regex not in patterns:
            patterns[regex] = {"id": f"internal-{len(patterns):04}", "regex": regex, "caseless": caseless}
    rows = list(patterns.values())
    rule = {"id": "internal", "name": "Internal identifiers", "on": ["input", "tool_results"],
            "detectors": [{"kind": "custom", "names": [row["id"] for row in rows]}], "action": "redact"}
    lines = ",\n".join(json.dumps(row) for row in rows)
    print('{"rules":[' + json.dumps(rule) + '],\n"patterns":[\n' + lines + "]}")


if __name__ == "__main__":
    main()
