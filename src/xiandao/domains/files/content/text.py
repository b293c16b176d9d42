"""Whether a file is text: UTF-8, GB 18030 or marked UTF-16, without control characters, and no web page."""

import codecs
import re
from typing import IO

from xiandao.domains.shared.archives import PIECE

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MARKED = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig"}
# As browsers tell a page: the first tag, after white space, a declaration and comments.
_PAGE = re.compile(
    rb"\A[\xef\xbb\xbf\xfe\xff\s]*(<\?xml[^>]*>\s*|<!--.*?-->\s*)*"
    rb"<(!doctype\s+(html|svg)|html|head|body|svg|script|iframe|object|embed|style|title|table|div|h1|a|p|br|b|img)\b",
    re.IGNORECASE | re.DOTALL,
)


def is_text(stream: IO[bytes]) -> bool:
    """Whether the whole of a file is text in one of the encodings offices use. Reads it in pieces."""
    stream.seek(0)
    mark = stream.read(3)
    marked = next((encoding for start, encoding in _MARKED.items() if mark.startswith(start)), None)
    return any(_decodes(stream, encoding) for encoding in ([marked] if marked else ["utf-8", "gb18030"]))


def _decodes(stream: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    stream.seek(0)
    try:
        while piece := stream.read(PIECE):
            if _CONTROL.search(decoder.decode(piece)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def is_page(head: bytes) -> bool:
    """Whether a file begins like a web page or an SVG drawing, in an encoding of one or two bytes a character."""
    return _PAGE.match(head.replace(b"\x00", b"")) is not None
