#!/usr/bin/env python3
"""Labelled sentences from templates.txt and values.txt (or the second set), the same in every run.

  generate.py --names known|unknown --output FILE [--set first|second] [--each N]

known: given names are common ones. unknown: they are rare ones, and every given name and town that the rules' word lists
written by hand hold is left out (lists generated from registers are not looked at: they may hold it). FILE is JSON Lines as tests/bench/guard_pii reads it: id, text, spans with offsets in bytes of
UTF-8.
"""
import argparse
import json
import pathlib
import random
import re
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
LISTS = [HERE.parents[2] / "libs/guard/pii" / name for name in ("word_lists.cpp", "cue_lists.cpp")]
LABELS = {"person": "PERSON", "given": "PERSON", "surname": "PERSON", "address": "STREET_ADDRESS", "town": "GPE",
          "company": "ORGANIZATION", "mail": "EMAIL_ADDRESS", "phone": "PHONE_NUMBER"}
FOLDED = str.maketrans({"ł": "l", "Ł": "l", "ß": "ss", "ı": "i", "ø": "o", "đ": "d"})


def fold(text):
    plain = unicodedata.normalize("NFD", text.lower().translate(FOLDED))
    return "".join(c for c in plain if not unicodedata.combining(c))


def rows(name):
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t", 1)


def lexicon():
    words = set()
    for file in LISTS:
        for text in re.findall(r'^\s+"((?:[^"\\]|\\.)*)"', file.read_text(encoding="utf-8"), re.MULTILINE):
            words.update(re.split(r"[| ]", text))
    return words


def values_of(unknown, file):
    known = lexicon() if unknown else set()
    values = {}
    for key, text in rows(file):
        locale, kind = key.split(" ")
        keep = [value for value in text.split("|") if not (kind in ("rare", "town") and set(fold(value).split()) & known)]
        if kind == "rare" and unknown:
            values[locale, "given"] = keep
        elif kind != "rare" and not (kind == "given" and unknown):
            values[locale, kind] = keep
    return values


def filled(kind, locale, values, dice):
    pick = lambda what: dice.choice(values[locale, what])  # noqa: E731
    if kind == "person":
        return f"{pick('given')} {pick('surname')}"
    if kind == "mail":
        return f"{fold(pick('given'))}.{fold(pick('surname')).replace(' ', '')}@mail.example.org"
    if kind == "phone":
        return f"+44 20 7946 {dice.randrange(10000):04d}"
    return pick(kind)


def sentence(template, locale, values, dice):
    text, spans = "", []
    for i, part in enumerate(re.split(r"\{(\w+)\}", template)):
        if i % 2 == 0:
            text += part
            continue
        start = len(text.encode())
        text += filled(part, locale, values, dice)
        spans.append({"type": LABELS[part], "start": start, "end": len(text.encode())})
    return text, spans


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", choices=("known", "unknown"), required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--set", choices=("first", "second"), default="first")
    parser.add_argument("--each", type=int, default=24, help="sentences a template")
    options = parser.parse_args()
    suffix = "_second" if options.set == "second" else ""
    values, dice = values_of(options.names == "unknown", f"values{suffix}.txt"), random.Random(1)
    with open(options.output, "w", encoding="utf-8") as out:
        for number, (locale, template) in enumerate(rows(f"templates{suffix}.txt")):
            for turn in range(options.each):
                text, spans = sentence(template.replace("\\n", "\n"), locale, values, dice)
                out.write(json.dumps({"id": f"{locale}-{number}-{turn}", "text": text, "spans": spans}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
