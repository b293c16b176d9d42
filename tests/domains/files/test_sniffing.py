"""What is taken as a file of its kind and what is refused, with the reason a person needs."""

import io

import pytest

from tests.domains.files import samples
from xiandao.domains.files.content import clean_name, sniff
from xiandao.domains.files.limits import FileLimits
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.shared.archives import MEGABYTE, ArchiveLimits

TYPES = (
    "pdf",
    "ofd",
    "docx",
    "xlsx",
    "pptx",
    "doc",
    "xls",
    "ppt",
    "wps",
    "et",
    "dps",
    "png",
    "jpg",
    "jpeg",
    "txt",
    "csv",
    "zip",
)
LIMITS = FileLimits(50 * MEGABYTE, 20, ArchiveLimits(20 * MEGABYTE, 200, 100), TYPES)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.mark.parametrize("name", samples.GOOD)
def test_a_good_file_is_taken(name):
    assert sniff(io.BytesIO(samples.GOOD[name]), name, LIMITS)


BAD = {
    "空.pdf": (b"", "文件是空的"),
    "无扩展名": (samples.PDF, "没有扩展名"),
    "程序.exe": (b"MZ\x90\x00", "不接收 .exe 文件。可以上传：pdf、ofd、docx"),
    "压缩.rar": (b"Rar!\x1a\x07\x00", "请改用 zip"),
    "图.svg": (SVG, "网页和 SVG 图"),
    "页.html": (b"<html></html>", "网页和 SVG 图"),
    "宏.docm": (samples.office("docx"), "含有宏或控件"),
    "宏.xlsm": (samples.office("xlsx"), "含有宏或控件"),
    "宏.xlsb": (samples.office("xlsx"), "含有宏或控件"),
    "程序.pdf": (b"MZ\x90\x00" + b"\x00" * 100, "扩展名是 .pdf，内容像是 Windows"),
    "晚.pdf": (b"<html>%PDF-1.7", "内容是网页或 SVG 图"),
    "图.png": (samples.JPG, "扩展名是 .png，内容像是"),
    "图.jpg": (SVG, "内容是网页或 SVG 图"),
    "页.txt": (b"\xef\xbb\xbf  <!-- x --><!DOCTYPE html>", "内容是网页或 SVG 图"),
    "宽页.txt": ("<svg>".encode("utf-16"), "内容是网页或 SVG 图"),
    "页.csv": (b'<?xml version="1.0"?>\n<svg/>', "内容是网页或 SVG 图"),
    "二进制.txt": (b"abc\x00\x01\x02", "内容与扩展名不符"),
    "坏.csv": (b"\xff\xff\xff\xff", "内容与扩展名不符"),
    "文.docx": (samples.office("xlsx"), "内容是压缩包或新版 Office 文件"),
    "表.xlsx": (samples.zipped({"a.txt": b"x"}), "内容是压缩包或新版 Office 文件"),
    "旧.docx": (samples.ole("WordDocument"), "内容是旧版 Office 文件"),
    "新.doc": (samples.office("docx"), "内容是压缩包或新版 Office 文件"),
    "安装包.doc": (samples.ole("Root Entry", "Property"), "内容是旧版 Office 文件"),
    "带宏.docx": (samples.office("docx", {"word/vbaProject.bin": b"x"}), "含有宏或控件"),
    "改名宏.xlsx": (
        samples.office("xlsx", types='<Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>'),
        "含有宏或控件",
    ),
    "宏表.xlsx": (samples.office("xlsx", {"xl/macrosheets/sheet1.xml": b"<x/>"}), "含有宏或控件"),
    "控件.docx": (samples.office("docx", {"word/activeX/activeX1.bin": b"x"}), "含有宏或控件"),
    "旧宏.doc": (samples.ole("WordDocument", "_VBA_PROJECT"), "含有宏或控件"),
    "旧宏.xls": (samples.ole("Workbook", "_VBA_PROJECT_CUR"), "含有宏或控件"),
    "加密.docx": (samples.ole("EncryptionInfo", "EncryptedPackage"), "加了密码"),
    "加密.zip": (samples.encrypted(), "加了密码"),
    "断.zip": (samples.zipped({"a.txt": b"x" * 100})[:-30], "压缩结构已损坏"),
    "断.docx": (b"PK\x03\x04" + b"\x00" * 100, "压缩结构已损坏"),
    "大.zip": (samples.zipped({f"{n}.txt": b"0" * 3 * MEGABYTE for n in range(7)}, compression=0), "解开后超过 20 MB"),
    "高倍.xlsx": (samples.bomb(5), "膨胀超过 200 倍"),
    "说谎.zip": (samples.lying(10, b"0" * 1000), "压缩结构已损坏"),
    "说谎炸弹.zip": (samples.lying(10, b"0" * 22 * MEGABYTE), "膨胀超过 200 倍|解开后超过"),
    "多.zip": (samples.zipped({f"{n}.txt": b"x" for n in range(101)}), "超过 100 个文件"),
    "深.zip": (samples.nested(3), "压缩包套压缩包超过 3 层"),
    "里有程序.zip": (samples.zipped({"a/安装.exe": b"MZ"}), "压缩包内的“a/安装.exe”：不接收 .exe 文件"),
    "里有网页.zip": (samples.zipped({"页.html": b"<html>"}), "压缩包内的“页.html”：网页和 SVG 图"),
    "里有宏.zip": (
        samples.zipped({"表.xlsx": samples.office("xlsx", {"xl/vbaProject.bin": b""})}),
        "压缩包内的“表.xlsx”：文件含有宏",
    ),
    "越界.zip": (samples.zipped({"../../x.txt": b"x"}), "指向压缩包之外"),
    "里有炸弹.zip": (samples.zipped({"表.xlsx": samples.bomb(5)}), "压缩包内的“表.xlsx”：压缩内容解开后膨胀"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_the_reason(name):
    content, reason = BAD[name]
    with pytest.raises(Refused, match=reason):
        sniff(io.BytesIO(content), name, LIMITS)


def test_an_uncommon_compression_is_refused():
    content = samples.zipped({"a.txt": b"x" * 1000}, compression=14)
    with pytest.raises(Refused, match="压缩方式不常见"):
        sniff(io.BytesIO(content), "a.zip", LIMITS)


def test_names_of_chinese_windows_are_read():
    content = samples.zipped({"a\u00e9.exe": b"MZ"})
    with pytest.raises(Refused, match=r"aé.exe"):
        sniff(io.BytesIO(content), "a.zip", LIMITS)


def test_a_type_the_pack_leaves_out_is_refused():
    fewer = FileLimits(MEGABYTE, 1, LIMITS.archive, ("pdf",))
    with pytest.raises(Refused, match=r"不接收 .png 文件。可以上传：pdf。"):
        sniff(io.BytesIO(samples.PNG), "a.png", fewer)


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("进展.pdf", "进展.pdf"),
        ("C:\\Users\\甲\\进展.pdf", "进展.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("报告\u202egpj.exe", "报告gpj.exe"),
        ("a\nb:c?.txt", "ab_c_.txt"),
        (" ..隐藏.txt. ", "隐藏.txt"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_names_lose_what_deceives(given, clean):
    assert clean_name(given) == clean


@pytest.mark.parametrize("name", ["", "/", "\u200b", " . "])
def test_a_file_without_a_name_is_refused(name):
    with pytest.raises(Refused, match="没有名称"):
        clean_name(name)
