"""Files of every format made by hand, good and bad, and a kind of holder to attach them to."""

import io
import struct
import zipfile
import zlib

from xiandao.domains.files.registry import HolderKind
from xiandao.domains.orgs.permission import ALLOWED, refuse

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 64 + b"\xff\xd9"
CSV = "任务,数量\r\n建成加氢站,20\r\n".encode("gb18030")
TXT = "进展情况：已建成加氢站 20 座。\n".encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
MAIN = {
    "docx": ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
    "pptx": (
        "ppt/presentation.xml",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    ),
}


def zipped(entries: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def office(kind: str, extra: dict[str, bytes] | None = None, types: str = "") -> bytes:
    part, media_type = MAIN[kind]
    content_types = f'<Types><Override PartName="/{part}" ContentType="{media_type}"/>{types}</Types>'
    return zipped({"[Content_Types].xml": content_types.encode(), part: b"<x/>", **(extra or {})})


def ole(*names: str) -> bytes:
    return OLE + b"".join(name.encode("utf-16-le").ljust(128, b"\x00") for name in names)


GOOD = {
    "进展.pdf": PDF,
    "现场.png": PNG,
    "现场.JPG": JPG,
    "照片.jpeg": JPG,
    "清单.csv": CSV,
    "说明.txt": TXT,
    "旧编码.txt": "中文说明".encode("gb18030"),
    "记事本.txt": "中文说明".encode("utf-16"),
    "报告.docx": office("docx"),
    "台账.xlsx": office("xlsx"),
    "汇报.pptx": office("pptx"),
    "报告.doc": ole("Root Entry", "WordDocument"),
    "报告.wps": ole("Root Entry", "WordDocument"),
    "台账.xls": ole("Root Entry", "Workbook"),
    "台账.et": ole("Root Entry", "Workbook"),
    "汇报.ppt": ole("Root Entry", "PowerPoint Document"),
    "汇报.dps": ole("Root Entry", "PowerPoint Document"),
    "批复.ofd": zipped({"OFD.xml": b"<ofd/>", "Doc_0/Document.xml": b"<x/>"}),
    "佐证.zip": zipped(
        {"批复.pdf": PDF, "台账/一.xlsx": office("xlsx"), "__MACOSX/._x": b"\x00\x05", "a/.DS_Store": b"\x00"}
    ),
    "嵌表.docx": office("docx", {"word/embeddings/sheet.xlsx": office("xlsx")}),
}


def bomb(megabytes: int) -> bytes:
    """A sheet that inflates to so many megabytes of one letter."""
    return office("xlsx", {"xl/worksheets/sheet1.xml": b"0" * (megabytes * 1024 * 1024)})


def lying(claimed: int, real: bytes) -> bytes:
    """An archive whose entry says it inflates to `claimed` bytes, with a checksum to match, and inflates to more."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = engine.compress(real) + engine.flush()
    crc = zlib.crc32(real[:claimed])
    name = b"a.txt"
    common = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 0, crc, len(data), claimed, len(name), 0)
    local = b"PK\x03\x04" + common + name + data
    central = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


def encrypted() -> bytes:
    """An archive whose entry is marked as needing a password."""
    data = bytearray(zipped({"a.txt": TXT}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


def nested(depth: int) -> bytes:
    data = zipped({"a.txt": TXT})
    for _ in range(depth):
        data = zipped({"a.zip": data})
    return data


# Seen and changed by the account in its name, "shared-…" by all who are signed in; "locked-…" changed by nobody.
BOX = HolderKind(
    code="test.box",
    label="盒子",
    may_see=lambda viewer, key: viewer.is_person and key.partition("-")[2] in (viewer.account, "shared"),
    may_change=lambda _viewer, key: refuse("已核实，不能再改。") if key.startswith("locked") else ALLOWED,
)
