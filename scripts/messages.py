"""Collect the Chinese messages of templates and code into the English catalogue, and compile it.

  python scripts/messages.py           update django.po, compile django.mo
  python scripts/messages.py --check   fail if a message has no English, is unused, or the .mo is stale

The message ids are Chinese: Chinese is the product's first language and needs no catalogue.
Needs no gettext tools: Babel reads the code, Django turns templates into code, polib writes the files.
"""

import io
import os
import re
import sys
from pathlib import Path

import django
import polib
from babel.messages.extract import extract_python
from django.template import engines
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "xiandao"
CATALOGUE = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "_now": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
Message = tuple[str, str]
"""Context ("" for none) and message id."""


def found_in(file: Path) -> list[tuple[str, str, str]]:
    """Return the messages of one file as (context or '', singular, plural or '')."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".html":
        # Only the calls matter; what stands around them is no program and has no sensible indentation.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(file)).splitlines())
    messages = []
    for _line, function, message, _comments in extract_python(io.BytesIO(text.encode()), KEYWORDS, [], {}):
        parts = message if isinstance(message, tuple) else (message,)
        parts = [part for part in parts if part]
        context = ""
        if function.startswith("pgettext"):
            context, *parts = parts
        if parts:
            messages.append((context, parts[0], parts[1] if function.startswith("ngettext") else ""))
    return messages


def collect() -> dict[Message, tuple[str, set[str]]]:
    """Return every Chinese message with its plural and the files it stands in."""
    messages: dict[Message, tuple[str, set[str]]] = {}
    files = [f for f in sorted(SOURCE.rglob("*")) if f.suffix in {".py", ".html"} and "migrations" not in f.parts]
    for file in files:
        for context, singular, plural in found_in(file):
            if CHINESE.search(singular):
                entry = messages.setdefault((context, singular), (plural, set()))
                entry[1].add(str(file.relative_to(ROOT)))
    return messages


def update() -> None:
    """Write the catalogue with what is found, keeping the translations there are; compile it."""
    catalogue = polib.pofile(str(CATALOGUE), wrapwidth=110) if CATALOGUE.exists() else polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    known = {message_of(entry): entry for entry in catalogue}
    catalogue.clear()
    for (context, singular), (plural, files) in sorted(collect().items()):
        entry = known.get((context, singular)) or polib.POEntry(msgid=singular, msgctxt=context or None)
        entry.msgid_plural = plural
        if plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: entry.msgstr, 1: entry.msgstr}
            entry.msgstr = ""
        entry.occurrences = [(file, "") for file in sorted(files)]
        catalogue.append(entry)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    print(f"{len(catalogue)} messages, {len(missing(catalogue))} without English")


def message_of(entry: polib.POEntry) -> Message:
    """Return context and message id of an entry."""
    return entry.msgctxt or "", entry.msgid


def missing(catalogue: polib.POFile) -> list[str]:
    """Return the messages without English."""
    return [e.msgid for e in catalogue if not (e.msgstr or (e.msgstr_plural and all(e.msgstr_plural.values())))]


def faults() -> list[str]:
    """Return what is wrong with the catalogue as committed."""
    catalogue = polib.pofile(str(CATALOGUE))
    known, used = {message_of(entry) for entry in catalogue}, set(collect())
    problems = [f"not in the catalogue (run make messages): {' / '.join(text)}" for text in sorted(used - known)]
    problems += [f"no longer used (run make messages): {' / '.join(text)}" for text in sorted(known - used)]
    problems += [f"without English: {text}" for text in missing(catalogue)]
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    fresh = {message_of(e): (e.msgstr, e.msgstr_plural) for e in catalogue if e.msgstr or e.msgstr_plural}
    if {message_of(e): (e.msgstr, e.msgstr_plural) for e in compiled} != fresh:
        problems.append("django.mo is not compiled from django.po (run make messages)")
    for entry in catalogue:
        names = set(re.findall(r"%\(\w+\)s", entry.msgid))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text and set(re.findall(r"%\(\w+\)s", text)) != names:
                problems.append(f"placeholders differ: {entry.msgid} / {text}")
    return problems


def main() -> None:
    """Update or check."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "xiandao.config.settings.testing"
    django.setup()
    engines.all()
    if sys.argv[1:] == ["--check"]:
        problems = faults()
        print("\n".join(problems) or "messages complete")
        sys.exit(bool(problems))
    update()


if __name__ == "__main__":
    main()
