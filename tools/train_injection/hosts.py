"""Documents in which an order may stand: whole ones written by hand, mixtures of their parts, and composed ones.

All are drawn from one fold of the hand-written text, so that what is trained on two folds meets unknown words in the
third. Texts are escaped (\\n for a line break)."""
import pathlib
import re

from listings import Listings
from slots import CODE, DOC

FOLDS = 5
PLACES = {"<p>", "<co>"}


def escape(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", " ")


class Hosts:
    def __init__(self, folder, random, fill):
        self.random, self.fill = random, fill
        self.blocks = {}
        for path in sorted(pathlib.Path(folder).glob("hosts-*.txt")):
            self.blocks[path.stem[6:]] = path.read_text(encoding="utf-8").strip().split("\n%%\n")
        for path in sorted(pathlib.Path(folder).glob("more-*.txt")):
            self.blocks.setdefault(path.stem[5:], []).extend(path.read_text(encoding="utf-8").strip().split("\n%%\n"))
        blocks = lambda name: (pathlib.Path(folder) / f"{name}.txt").read_text(encoding="utf-8").strip().split("\n%%\n")
        self.blocks["plain"] = blocks("plain-hosts")
        self.blocks["question"] += blocks("forum-question")
        self.blocks["mail"] += blocks("office-mail")
        lines = lambda name: [t for t in (pathlib.Path(folder) / name).read_text(encoding="utf-8").splitlines() if t and t[0] != "#"]
        self.blocks["question"] += [t.replace("\\n", "\n") for t in lines("forum-posts.txt")]
        self.lines = {name: lines(f"document-{name}.txt") for name in ("article", "mail", "questions", "table", "source", "lookalike")}
        self.human = lines("human.txt")
        self.people = lines("human-more.txt") + lines("people-requests.txt")
        self.code = lines("code-lines.txt") + CODE
        self.listings = Listings(random, [t for blocks in self.blocks.values() for t in blocks])

    def of(self, items, fold):
        return items if fold is None else items[fold::FOLDS]

    def sentence(self, fold):
        kind = self.random.random()
        if kind < 0.15:
            return self.fill(self.random.choice(self.of(self.human, fold)), DOC)
        if kind < 0.3:
            return self.random.choice(self.of(self.people, fold))
        if kind < 0.5:
            return self.fill(self.random.choice(self.of(DOC["news"], fold)), DOC)
        return self.fill(self.random.choice(self.of(DOC["s"] + DOC["i"], fold)), DOC)

    def composed_mail(self, fold):
        body = " ".join(self.sentence(fold) for _ in range(self.random.randint(2, 9)))
        form = self.random.randrange(5)
        if form == 0:
            return self.fill("From: <p>\\nSubject: <th>\\n\\nHi <p>,\\n\\n", DOC) + body + self.fill("\\n\\nBest regards,\\n<p>", DOC)
        if form == 1:
            return self.fill("SUBJECT: Your <th>\\nEMAIL_FROM: <co>\\nRECEIVED DATE: <n> days ago\\n\\nCONTENT: ", DOC) + body
        if form == 2:
            return self.fill("Dear <p>,\\n", DOC) + body + self.fill("\\nKind regards\\n<co>", DOC)
        return body.replace(". ", ".\\n") if form == 3 else body

    def composed_question(self, fold):
        lines = []
        words = self.of(DOC["qa"] + DOC["so"], fold)
        code = self.of(self.code, fold)
        for _ in range(self.random.randint(2, 6)):
            lines.append(" ".join(self.fill(self.random.choice(words), DOC) for _ in range(self.random.randint(1, 3))))
            if self.random.random() < 0.3:
                lines.append(escape(self.listings.block()))
                continue
            at = self.random.randrange(max(1, len(code) - 6))
            lines.append("\\n".join(escape(c) for c in code[at : at + self.random.randint(1, 6)]))
        return "\\n".join(lines)

    def table(self, fold):
        r = self.random
        heads = r.sample(["Name", "Year", "City", "Total", "Rank", "Date", "Team", "Result", "Title", "Price", "Score", "Venue", "Notes", "Position"], r.randint(3, 6))
        rows = [heads]
        for _ in range(r.randint(3, 14)):
            rows.append([self.fill(r.choice(["<n>", "<c>", "<co>", "<day>", "<p>", "<n>", "<n>.<n>", "<c>, <c>", "<th>"]), DOC) for _ in heads])
        if r.random() < 0.04:  # a cell with a sentence
            rows[r.randrange(len(rows))][-1] = self.sentence(fold)
        if r.random() < 0.3:
            return "\\n".join(",".join(row) for row in rows)
        rows.insert(1, ["-" * 3] * len(heads))
        return "\\n".join("| " + " | ".join(row) + " |" for row in rows)

    def annotated(self, listing, fold):
        """With sentences between its lines, most times: what is no language around it does not make a sentence an order."""
        r = self.random
        if r.random() < 0.3:
            return listing
        lines = listing.split("\\n")
        words = self.of(DOC["qa"] + DOC["so"], fold)
        mark = r.choice(["", "", "", "# ", "// ", "; ", " * ", "-- "])
        for _ in range(r.randint(1, 4)):
            said = self.fill(r.choice(words), DOC) if r.random() < 0.6 else self.sentence(fold)
            lines.insert(r.randrange(len(lines) + 1), mark + said)
        return "\\n".join(lines)

    def parts(self, kind, fold):
        """Paragraphs of the hand-written documents of a kind."""
        out = []
        for block in self.of(self.blocks[kind], fold):
            out += [p for p in re.split(r"\n\n+|(?<=[.!?]) (?=[A-Z])" if kind == "mail" else r"\n\n+", block) if p.strip()]
        return out

    def whole(self, kind, fold):
        block = self.random.choice(self.of(self.blocks[kind], fold))
        lines = block.split("\n")
        if len(lines) > 8 and self.random.random() < 0.4:  # a piece of it
            at = self.random.randrange(len(lines) // 2)
            lines = lines[at : at + self.random.randint(6, len(lines))]
        return escape("\n".join(lines))

    def mixture(self, kind, fold):
        parts = self.parts(kind, fold)
        chosen = self.random.sample(parts, min(len(parts), self.random.randint(3, 9)))
        return escape((" " if kind == "mail" and self.random.random() < 0.6 else "\n\n").join(chosen))

    def written(self, kind, fold):
        return self.random.choice(self.of(self.lines[kind], fold))

    def joined(self, kind, fold):
        return "\\n\\n".join(self.written(kind, fold) for _ in range(self.random.randint(1, 3)))

    def make(self, kind, fold):
        """A document of a kind; long ones are several in one, as threads, pages and files are."""
        again = self.random.choice((0, 0, 0, 0, 1, 2, 3) if kind in ("mail", "page", "plain", "article") else (0, 0, 1, 1, 2, 3))
        return "\\n\\n".join(self.single(kind, fold) for _ in range(1 + (0 if kind == "table" else again)))

    def single(self, kind, fold):
        """A document of a kind: mail, question, page, data, table, source or article."""
        x = self.random.random()
        if kind == "mail":
            return self.whole("mail", fold) if x < 0.45 else self.mixture("mail", fold) if x < 0.65 else self.written("mail", fold) if x < 0.75 else self.composed_mail(fold)
        if kind == "question":
            return self.whole("question", fold) if x < 0.45 else self.mixture("question", fold) if x < 0.65 else self.written("questions", fold) if x < 0.75 else self.composed_question(fold)
        if kind in ("page", "plain", "data", "file"):
            return self.whole(kind, fold) if x < 0.7 else self.mixture(kind, fold)
        if kind == "table":
            return self.table(fold) if x < 0.5 else self.whole("table", fold) if x < 0.9 else self.written("table", fold)
        if kind == "listing":
            head = "" if x < 0.4 else self.whole("notices" if x < 0.7 else "file", fold) + "\\n"
            return head + self.annotated(escape(self.listings.listing()), fold)
        if kind == "source":
            return self.written("source", fold) if x < 0.4 else self.whole("source", fold)
        return self.joined("article", fold) if x < 0.6 else " ".join(self.fill(self.random.choice(self.of(DOC["news"], fold)), DOC) for _ in range(5))
