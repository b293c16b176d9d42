"""What people bring: text in two encodings, Word, and what is none of these."""

import io
import zipfile

import docx
import pytest

from tests.domains.plans.import_support import TEXT
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.plans.actions.imports.upload import MOST_BYTES, clean, fingerprint, normal, text_of_file


def word(lines):
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_reads_the_same_in_any_encoding(encoding):
    assert text_of_file(TEXT.encode(encoding)) == normal(TEXT)


def test_line_breaks_and_blank_ends_make_no_difference():
    assert fingerprint(clean("\ufeff\n\n" + TEXT.replace("\n", "\r\n") + "\n\n")) == fingerprint(clean(TEXT))


def test_a_word_document_reads_as_its_paragraphs():
    assert text_of_file(word(TEXT.splitlines())) == normal(TEXT)


def zipped(name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


def spoilt():
    """A Word document whose text is cut off in the middle of an element."""
    whole, out = zipfile.ZipFile(io.BytesIO(word(["正文"]))), io.BytesIO()
    with whole, zipfile.ZipFile(out, "w") as archive:
        for name in whole.namelist():
            content = whole.read(name)
            archive.writestr(name, content[: len(content) // 2] if name == "word/document.xml" else content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空"),
        (b" \n ", "空"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 doc", "另存为"),
        (b"\x89PNG\r\n\x1a\n....", "图片"),
        (b"<!DOCTYPE html><html><body>x</body></html>", "网页"),
        (zipped("xl/workbook.xml", "<x/>"), "Excel"),
        (zipped("note.txt", "x"), "Word"),
        (zipped("word/document.xml", "<broken"), "损坏"),
        (b"PK\x03\x04 cut off", "损坏"),
        (b"\x00\x01\x02\x03" * 300, "二进制"),
        (spoilt(), "损坏"),
        (b"a" * (MOST_BYTES + 1), "2 MB"),
    ],
    ids=[
        "empty",
        "blank",
        "pdf",
        "doc",
        "png",
        "html",
        "xlsx",
        "zip",
        "broken-docx",
        "cut-zip",
        "binary",
        "spoilt-docx",
        "large",
    ],
)
def test_what_is_no_text_is_refused_with_what_to_do(content, words):
    with pytest.raises(Refused, match=words):
        text_of_file(content)


@pytest.mark.parametrize(("text", "words"), [("", "没有文字"), (" \n\u3000", "没有文字"), ("正文\x00正文", "编码")])
def test_pasted_text_must_be_text(text, words):
    with pytest.raises(Refused, match=words):
        clean(text)
