#!/usr/bin/env python3
"""measure.py PROGRAM DATA: how well prompt injection is found, per source, with 95 % Wilson intervals.

PROGRAM is bench_guard_injection of a build; DATA a file of JSON lines with `text`, `label` and `source`. Rows of a
source whose name starts with "bipia/" and whose label is "injection" are orders that mean something only inside other
people's text: each is put into benign hosts of the bipia sources, at the start, in the middle and at the end in turn.
The threshold of "at 1 % false positives" is that of the source's own hosts where it has some, of all benign rows
otherwise; "as shipped" is the detector's own threshold."""
import json
import math
import subprocess
import sys


def wilson(k, n, z=1.96):
    if n == 0:
        return 0.0, 0.0
    p, d = k / n, 1 + z * z / n
    mid, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (mid - half) / d, (mid + half) / d


def embed(host, order, where):
    lines = host.split("\n")
    if len(lines) < 3:  # one long line: between sentences
        lines, glue = host.split(". "), ". "
    else:
        glue = "\n"
    at = {0: 0, 1: len(lines) // 2, 2: len(lines)}[where]
    return glue.join(lines[:at] + [order] + lines[at:])


def scan(program, texts):
    data = b"".join(b"%d\n%s\n" % (len(t.encode()), t.encode()) for t in texts)
    done = subprocess.run([program], input=data, stdout=subprocess.PIPE, check=True)
    rows = [line.split() for line in done.stdout.decode().splitlines()]
    return [(float(r[0]), r[1] == "1", r[2], r[3]) for r in rows]


def threshold(scores, rate=0.01):
    ordered = sorted(scores, reverse=True)
    return max(ordered[int(rate * len(ordered))], 1e-9)


def line(name, k, n, extra=""):
    low, high = wilson(k, n)
    print(f"  {name:34} {k:5}/{n:<5} {k / n:6.3f}  [{low:.3f}, {high:.3f}]  {extra}")


def main():
    program, path = sys.argv[1:3]
    try:
        rows = [json.loads(text) for text in open(path, encoding="utf-8")]
    except FileNotFoundError:
        print(f"SKIPPED: there is no {path}; nothing was measured")
        return
    benign, attacks = {}, {}
    for row in rows:
        (benign if row["label"] == "benign" else attacks).setdefault(row["source"], []).append(row["text"])
    host_of = {"bipia/code_attack_train": ["bipia/code_train"],
               "bipia/text_attack_train": ["bipia/email_train", "bipia/table_train", "bipia/code_train"]}
    for source, kinds in host_of.items():
        if source not in attacks:
            continue
        embedded = []
        for i, order in enumerate(attacks[source]):
            for j in range(3):
                hosts = benign[kinds[(i + j) % len(kinds)]]
                embedded.append(embed(hosts[(i * 7 + j * 3) % len(hosts)], order, (i + j) % 3))
        attacks[source] = embedded

    clean = {source: scan(program, texts) for source, texts in benign.items()}
    found = {source: scan(program, texts) for source, texts in attacks.items()}
    everything = [r[0] for results in clean.values() for r in results]
    print("benign: not flagged as shipped")
    for source, results in clean.items():
        scores = sorted((r[0] for r in results), reverse=True)
        line(source, sum(not r[1] for r in results), len(results), "highest " + " ".join(f"{s:.2f}" for s in scores[:5]))
    print("attacks: recall at 1 % false positives, and as shipped")
    recalls = []
    for source, results in found.items():
        own = [r[0] for kind in host_of.get(source, []) for r in clean.get(kind, [])] or everything
        limit = threshold(own)
        hits = sum(r[0] > limit for r in results)
        recalls.append(hits / len(results))
        shipped = sum(r[1] for r in results) / len(results)
        kinds = sum(r[3] == "injection-indirect" for r in results), sum(r[2] == "jailbreak" for r in results)
        line(source, hits, len(results), f"threshold {limit:.3f}; as shipped {shipped:.3f}; indirect {kinds[0]}, jailbreak {kinds[1]}")
    print(f"  macro average {sum(recalls) / len(recalls):.3f}")
    limit = threshold(everything)
    pooled = [sum(r[0] > limit for r in results) / len(results) for results in found.values()]
    print(f"  with one threshold ({limit:.3f}) for all sources: {sum(pooled) / len(pooled):.3f}  " + " ".join(f"{p:.2f}" for p in pooled))


if __name__ == "__main__":
    main()
