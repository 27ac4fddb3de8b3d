"""Programs' text that is no language: lists of options, constants, numbers, settings, traces, paths. Files and questions
are full of it, and single words of it ("output", "all", "ignore") mean nothing there. Not escaped."""
import re

SYLLABLES = "ba ko ri ten mu sal dor vi lex pra gon ti ser na quo fer mi lan zu tor bel hy dra cos pe".split()
OPTION_WORDS = """all output input raw force verbose quiet help version list show no-act ignore ignore-case override reset delete remove update add insert enable disable
print dump read write send forward user group system admin root mode debug dry-run prompt password secret key token instructions config rules policy safe unsafe filter
no-filter skip follow from to until since name type size limit max min offset length count format json color no-color recursive exclude include only first last previous
next new old end start stop wait kill exec run eval command shell script model role assistant message reply answer question translate summary""".split()
ENDINGS = "py js c h cpp rs go java rb php sh ts css html json yml toml txt md so dll exe log conf service".split()


class Listings:
    def __init__(self, random, texts):
        self.random = random
        self.words = sorted({w for text in texts for w in re.findall(r"\b[a-z]{3,10}\b", text)})

    def word(self):
        r = self.random
        x = r.random()
        if x < 0.35:
            return r.choice(OPTION_WORDS)
        return r.choice(self.words) if x < 0.85 else "".join(r.choice(SYLLABLES) for _ in range(r.randint(1, 3)))

    def name(self):
        """An identifier."""
        r = self.random
        parts = [self.word().replace("-", "_") for _ in range(r.choice((1, 2, 2, 3)))]
        form = r.randrange(5)
        if form == 0:
            return parts[0] + "".join(p.capitalize() for p in parts[1:])
        if form == 1:
            return "".join(p.capitalize() for p in parts)
        return "_".join(parts).upper() if form == 2 else "_".join(parts)

    def value(self):
        r = self.random
        return r.choice([str(r.randrange(100000)), f"0x{r.randrange(1 << 32):08x}", f"'{self.word()}'", f'"{self.word()} {self.word()}"', "true", "false", "null", self.name(), f"{r.random():.4f}", f"{self.name()}({self.name()})"])

    def path(self):
        r = self.random
        return "/" + "/".join(self.word() for _ in range(r.randint(1, 4))) + "." + r.choice(ENDINGS)

    def line_maker(self):
        r = self.random
        indent = r.choice(["", "", "  ", "    ", "\t", "\t\t", "\t\t\t\t"])
        sign = r.choice(["=", " = ", ": ", " "])
        mark = r.choice(["#", "", ";", "//"])
        width = r.choice((4, 8, 16))
        return r.choice([
            lambda: indent + r.choice(["-", "--", "--"]) + self.word() + r.choice(["", "", f"={self.name().upper()}", f" {self.word()}"]),
            lambda: indent + f"-{self.word()[0]}, --{self.word()}" + " " * r.randint(2, 12) + self.word() + " " + self.word(),
            lambda: indent + self.name() + sign + self.value(),
            lambda: mark + self.name() + sign + self.value(),
            lambda: " ".join(f"{r.randrange(65536):04X}" for _ in range(width)),
            lambda: indent + ", ".join(f"0x{r.randrange(256):02x}" for _ in range(width)) + ",",
            lambda: indent + f"'{self.word()}' => \"" + "".join(f"\\x{r.randrange(256):02x}" for _ in range(width)) + '",',
            lambda: indent + self.name() + ",",
            lambda: indent + f'"{self.name()}": {self.value()},',
            lambda: f"    at {self.name()}.{self.name()} ({self.path()}:{r.randrange(900)}:{r.randrange(80)})",
            lambda: f'  File "{self.path()}", line {r.randrange(900)}, in {self.name()}\n    {self.name()}({self.name()}, {self.value()})',
            lambda: f"{r.randrange(10, 24)}:{r.randrange(10, 60)}:{r.randrange(10, 60)} {r.choice(['INFO', 'DEBUG', 'WARN', 'ERROR', 'TRACE'])} {self.name()} {self.word()} {self.word()}{sign}{self.value()}",
            lambda: f"import {self.word()}.{self.name()};" if mark else f"from {self.word()}.{self.word()} import {self.name()}",
            lambda: f"#include <{self.word()}/{self.word()}.h>",
            lambda: indent + f"<{self.word()} {self.word()}=\"{self.word()}\">{self.word()}</{self.word()}>",
            lambda: indent + f".{self.word()}-{self.word()} {{ {self.word()}: {self.value()}; }}",
            lambda: f"{self.path()}:{r.randrange(500)}: {r.choice(['error', 'warning', 'note'])}: {self.word()} '{self.name()}' {self.word()} {self.word()}",
            lambda: f"-rw-r--r-- 1 {self.word()} {self.word()} {r.randrange(99999)} Mar {r.randrange(1, 29)} {r.randrange(10, 24)}:{r.randrange(10, 60)} {self.word()}.{r.choice(ENDINGS)}",
            lambda: f"INSERT INTO {self.name()} VALUES ({self.value()}, {self.value()}, {self.value()});",
            lambda: indent + f"{self.name()} {self.name()} = {self.name()}({self.value()});",
            lambda: indent + f"{r.choice(['mov', 'add', 'jmp', 'call', 'push', 'ldr'])} {self.word()[:3]}, {self.value()}",
            lambda: f"{self.name()}\t{r.randrange(9999)}\t{self.word()}\t{r.random():.2f}",
        ])

    def block(self):
        """Lines of one kind or two."""
        r = self.random
        first = self.line_maker()
        second = self.line_maker() if r.random() < 0.4 else first
        return "\n".join((first if r.random() < 0.8 else second)() for _ in range(r.randint(3, 24)))

    def listing(self):
        return self.random.choice(("\n", "\n\n")).join(self.block() for _ in range(self.random.randint(1, 4)))
