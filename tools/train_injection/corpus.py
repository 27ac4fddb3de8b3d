#!/usr/bin/env python3
"""Prints the training text of the injection classifier: the hand-written lines and documents of a folder and what the
templates make of their slots. Deterministic. Lines are KIND<tab>WEIGHT<tab>FOLD<tab>TEXT; kinds are explained in
example.cpp. `clean/…` and `dirty/…` are whole texts for the network on top; an order stands between \\x01 and \\x02."""
import pathlib
import random
import re
import sys

from hosts import FOLDS, Hosts, escape
from listings import SYLLABLES
from slots import DIRECT, DOC, JAIL, OTHER, S

R = random.Random(20240229)
P = R.choice
FOLDED = {"mal", "mal3", "fn", "does2", "does3", "bad", "lie", "topic", "form", "verb", "q", "harm", "secret", "free", "stay", "sec_ask", "inn", "why", "want", "story", "forbidact"}
HOSTS = 7000  # of each fold, with an order and without; with few of them the direct attacks outweigh harmless documents
KINDS = ["mail"] * 5 + ["question"] * 6 + ["page"] * 2 + ["plain"] * 2 + ["data"] * 2 + ["table"] * 3 + ["source"] * 2 + ["file"] * 3 + ["listing"] + ["article"]


def fill(template, slots, fold=None):
    out, at = [], 0
    while True:
        a = template.find("<", at)
        b = template.find(">", a)
        if a < 0 or b < 0:
            return "".join(out) + template[at:]
        name = template[a + 1 : b]
        out.append(template[at:a])
        if name in slots:
            choice = slots[name][fold::FOLDS] if fold is not None and name in FOLDED and len(slots[name]) >= 10 else slots[name]
            out.append(fill(P(choice), slots, fold))
            at = b + 1
        else:  # not a slot: markup
            out.append("<")
            at = a + 1


# Files whose lines are taken as they are, and what their lines say.
VERBATIM = {"direct-more": "attack", "direct-harmless": "prompt", "jailbreak-long": "jailbreak", "jailbreak-short": "jailbreak", "roleplay-harmless": "prompt",
            "security-harmless": "request", "human-more": "human", "direct-deployed": "attack", "direct-served": "prompt", "planted-orders": "order", "people-requests": "human",
            "task-orders": "order", "hostile-orders": "hostile", "code-orders": "effect", "direct-secrets": "attack", "secrets-harmless": "prompt", "direct-rules": "attack",
            "rules-harmless": "prompt", "jailbreak-forum": "jailbreak", "roleplay-forum": "prompt", "security-more": "request", "prompts-everyday": "prompt"}


class Lines:
    """Templates of a file or a list, each in the fold of its number."""

    def __init__(self, items, slots=True):
        self.items, self.slots = items, slots

    @classmethod
    def of(cls, name):
        path = pathlib.Path(sys.argv[1]) / f"{name}.txt"
        return cls([t for t in path.read_text(encoding="utf-8").splitlines() if t and not t.startswith("# ")], name not in VERBATIM)

    def one(self, fold):
        item = P(self.items[fold::FOLDS])
        return fill(item, S, fold) if self.slots else item

    def each(self):
        return ((i % FOLDS, item) for i, item in enumerate(self.items))


def put(kind, fold, text, weight=1.0):
    text = text.replace("\t", " ").replace("\n", "\\n")
    print(f"{kind}\t{weight}\t{fold}\t{text}")


class Strangers:
    """Puts other words for some words of a text: real ones are full of words that no training text holds, and what
    judges them has to bear that."""

    def __init__(self, texts):
        self.words = sorted({w for text in texts for w in re.findall(r"[a-z]{5,12}", text)})

    def one(self, old):
        word = P(self.words) if R.random() < 0.6 else "".join(P(SYLLABLES) for _ in range(R.randint(2, 4)))
        return word.capitalize() if old[0].isupper() else word

    def into(self, text):
        rate = P([0, 0, 0.1, 0.2, 0.3])
        return text if rate == 0 else re.sub(r"(?<!\\\\)\b[A-Za-z]{5,14}\b", lambda m: self.one(m[0]) if R.random() < rate else m[0], text)


def embed(host, order):
    """The order at a place of the host where a line or a sentence ends, sometimes dressed as the host's own text."""
    order = f"\x01{order}\x02"
    lines = host.split("\\n")
    glue = "\\n"
    if len(lines) < 3 or R.random() < 0.25:
        lines, glue = host.split(". "), ". "
    at = P([0, len(lines), R.randrange(len(lines) + 1), len(lines) // 2])
    form = R.random()
    if form < 0.06 and at:
        lines[at - 1] += " " + order
        return glue.join(lines)
    if form < 0.10:
        order = f"<!-- {order} -->"
    elif form < 0.14:
        order = P(["# ", "// ", "> ", "NOTE: ", "P.S. ", "- ", "* "]) + order
    elif form < 0.22:
        order = "\\n" + order + "\\n"
    elif form < 0.25 and "|" in host:
        order = f"| {order} |"
    elif form < 0.28 and '"' in host:
        order = f'"note": "{order}",'
    return glue.join(lines[:at] + [order] + lines[at:])


def long_role(lines, name, fold, most):
    """A prompt of many sentences that sets up a role."""
    parts = lines[name].items[fold::FOLDS]
    chosen = [fill(part, S, fold) for part in R.sample(parts, min(len(parts), R.randint(3, most)))]
    text = P([" ", " ", "\\n", "\\n\\n"]).join(chosen)
    speaker = P(S["name"])
    return text if R.random() < 0.3 else text.replace(P(S["name"]), speaker)


ASK_ABOUT = ["Summarise the following:", "Translate the text below into <lang>:", "What does the writer of this want?", "Please answer this mail for me:", "Can you find the mistake?", "Explain this to me.", "Extract all dates from this text.",
             "Rewrite this in simple words:", "Here is a document. What are its main points?", "Fix the errors in the text below.", "Turn this into bullet points:", "Is there anything urgent in here?", "Why does this code not work?", "Write a reply to the message below.",
             "Give me a title for this text.", "Check the spelling of the following text.", "Read this and tell me what I have to do.", "Please review:"]


def heads_text(lines, hosts):
    """Single texts, for the words."""
    for name, kind, times in (("attack", "attack", 1), ("direct", "attack", 8), ("jailbreak", "jailbreak", 2), ("jailbreak-more", "jailbreak", 10), ("request", "request", 1),
                              ("prompt", "prompt", 5), ("human", "human", 4), ("orders-task", "order", 15), ("orders-hostile", "hostile", 14), ("orders-effect", "effect", 34)):
        for fold, item in lines[name].each():
            for _ in range(times if "<" in item else min(times, 3)):
                put(kind, fold, fill(item, DOC if kind == "human" else S, None if kind == "human" else fold), 2.0 if kind == "effect" else 1.0)
    for name, kind in VERBATIM.items():
        for fold, item in lines[name].each():
            put(kind, fold, item, 4.0 if kind == "effect" else 1.5)
    for name, kind, times in (("DIRECT", "attack", 16), ("JAIL", "jailbreak", 40), ("ask", "request", 30), ("sec_ask", "request", 30), ("inn", "prompt", 25)):
        for fold, item in lines[name].each():
            for _ in range(times):
                put(kind, fold, fill(item, S, fold))
    for _ in range(90):
        for fold in range(FOLDS):
            put("jailbreak", fold, long_role(lines, "jailbreak-parts", fold, 14))
            put("prompt", fold, long_role(lines, "roleplay-parts", fold, 10))
    for _ in range(300):
        for fold in range(FOLDS):
            put("prompt", fold, " ".join([fill("<why>", S, fold) for _ in range(R.randint(0, 3))] + [fill(P(["<sec_ask>", "<want>", "<want>", "<inn>"]), S, fold) for _ in range(R.randint(1, 2))]))
    for fold in range(FOLDS):
        for kind, blocks in hosts.blocks.items():
            for block in hosts.of(blocks, fold):
                put("code" if kind in ("question", "data", "file", "source", "notices") else "document", fold, escape(block), 1.3)
        for kind, written in hosts.lines.items():
            for text in hosts.of(written, fold):
                put("code" if kind in ("questions", "source") else "document", fold, text, 1.5)
        for text in hosts.of(hosts.code, fold):
            put("code", fold, escape(text))
        for kind, count in (("mail", 140), ("question", 160), ("table", 60)):
            for _ in range(count):
                make = {"mail": hosts.composed_mail, "question": hosts.composed_question, "table": hosts.table}[kind]
                put("code" if kind == "question" else "document", fold, make(fold))
        for _ in range(120):
            put("document", fold, hosts.sentence(fold))
        for _ in range(150):
            put("code", fold, escape(hosts.listings.block()))


def foreign(hosts):
    for number, slots in enumerate(OTHER.values()):
        a, b, c, d, v, f, t, doc = (s.split("|") for s in slots)
        gap = "" if slots[0][0] > "\u3000" else " "
        for i in range(24):
            attack = gap.join(x for x in (P(a), P(b), P(c), P(d)) if x) + "."
            put("attack", i % FOLDS, attack)
            put("dirty/foreign", i % FOLDS, f"\x01{attack}\x02")
            put("order", i % FOLDS, gap.join((P(v), P(f), P(t))) + ".")
            put("clean/foreign", i % FOLDS, gap.join((P(v), P(f), P(t))) + ".")
        for i in range(12):
            put("document", i % FOLDS, " ".join(R.sample(doc, min(len(doc), 2))))


def whole_texts(lines, hosts):
    """What the network learns from: texts as they come, with and without an order."""
    strange = Strangers([t for blocks in hosts.blocks.values() for t in blocks] + lines["orders-task"].items + lines["direct"].items)

    def direct(order):
        """The order, one in five beside a harmless request."""
        text = f"\x01{order}\x02"
        ask = lines["request"].one(fold)
        return text if R.random() < 0.8 else P([f"{ask} {text}", f"{text} {ask}", f"{ask}\\n\\n{text}"])

    def give(kind, fold, text):
        put(kind, fold, strange.into(text))

    for fold in range(FOLDS):
        for _ in range(HOSTS):
            kind = P(KINDS)
            give(f"clean/{kind}", fold, hosts.make(kind, fold))
        for _ in range(HOSTS):
            kind = P(KINDS)
            program = kind in ("question", "source", "data", "file", "listing")
            name = P(["orders-task"] * 4 + ["task-orders"] * 4 + ["planted-orders"] * 4 + ["orders-hostile"] * 3 + ["hostile-orders"] * 4 + ["orders-effect"] * (16 if program else 1) + ["code-orders"] * (8 if program else 1) + ["direct", "attack", "direct-more", "direct-deployed", "direct-rules"])
            give(f"dirty/{name}-in-{kind}", fold, embed(hosts.make(kind, fold), lines[name].one(fold)))
        for _ in range(40):
            ask, host = fill(P(ASK_ABOUT[fold::FOLDS]), S), hosts.make(P(KINDS), fold)
            give("clean/about", fold, P([f"{ask}\\n\\n{host}", f"{host}\\n\\n{ask}", f"{ask}\\n{host}"]))
        for name, count in (("direct", 200), ("DIRECT", 100), ("attack", 80), ("jailbreak", 40), ("jailbreak-more", 60), ("JAIL", 60), ("hostile-orders", 60)):
            for _ in range(count):
                give(f"dirty/{name}", fold, direct(lines[name].one(fold)))
        for name in ("direct-more", "direct-deployed", "direct-secrets", "direct-rules", "jailbreak-short", "jailbreak-long", "jailbreak-forum"):
            for item in lines[name].items[fold::FOLDS]:
                give(f"dirty/{name}", fold, direct(item))
        for _ in range(120):
            give("dirty/long-role", fold, "\x01" + long_role(lines, "jailbreak-parts", fold, 22) + "\x02")
            give("clean/long-role", fold, long_role(lines, "roleplay-parts", fold, 14))
        for name, count in (("prompt", 200), ("inn", 100), ("sec_ask", 100), ("request", 70), ("ask", 100), ("orders-task", 130), ("lookalike", 40), ("human", 40), ("task-orders", 150), ("planted-orders", 100), ("human-more", 60), ("people-requests", 60), ("direct-harmless", 150), ("direct-served", 100), ("security-harmless", 150)):
            for _ in range(count):
                give(f"clean/{name}", fold, " ".join(lines[name].one(fold) for _ in range(R.choice((1, 1, 2, 3)))))
        for name in ("direct-harmless", "direct-served", "secrets-harmless", "rules-harmless", "roleplay-harmless", "roleplay-forum", "security-harmless", "security-more", "prompts-everyday"):
            for item in lines[name].items[fold::FOLDS]:
                give(f"clean/{name}", fold, item)
        for _ in range(220):
            give("clean/security", fold, " ".join([fill("<why>", S, fold) for _ in range(R.randint(1, 3))] + [fill(P(["<sec_ask>", "<want>", "<want>"]), S, fold) for _ in range(R.randint(1, 2))]))


def main():
    sys.stdout.reconfigure(encoding="utf-8")
    hosts = Hosts(sys.argv[1], R, fill)
    files = ("attack", "direct", "jailbreak", "jailbreak-more", "jailbreak-parts", "roleplay-parts", "request", "prompt", "human", "orders-task", "orders-hostile", "orders-effect")
    lines = {name: Lines.of(name) for name in files}
    lines |= {"DIRECT": Lines(DIRECT), "JAIL": Lines(JAIL), "ask": Lines(S["ask"]), "sec_ask": Lines(S["sec_ask"]), "inn": Lines(S["inn"]), "lookalike": Lines(hosts.lines["lookalike"])}
    lines |= {name: Lines.of(name) for name in VERBATIM}
    lines["human"] = Lines([fill(item, DOC) for item in lines["human"].items for _ in (0, 1)])
    S["task"] = lines["orders-task"].items
    S["w0"] = DOC["w"]
    heads_text(lines, hosts)
    foreign(hosts)
    whole_texts(lines, hosts)


main()
