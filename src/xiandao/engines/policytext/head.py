"""Reads title, document number, date, issuers and period from what surrounds the plan (schema section 3)."""

import re

from xiandao.engines.policytext.blocks import Block
from xiandao.engines.policytext.model import Body, Head, Span
from xiandao.engines.policytext.normalise import Run, squeeze
from xiandao.engines.policytext.numerals import chinese_to_int

PLAN_NOUN = (
    r"(?:行动方案|实施方案|工作方案|方案|行动计划|工作计划|计划|实施意见|指导意见|若干意见|意见|若干措施|"
    r"政策措施|若干政策|措施|政策|规划纲要|规划|纲要|"
    r"任务分解表|任务分工表|分解表|分工方案|责任清单|任务清单|实施细则|细则|管理办法|办法|工作要点|要点|决定|"
    r"举措|规定|清单|分工|任务书|路线图|\d+条|[一二三四五六七八九十]+条)"
)
_BRACKET = r"(?:\s*（[^（）]{1,24}）)?"
TITLE = re.compile(rf"^.{{2,80}}{PLAN_NOUN}{_BRACKET}(?:的通知)?$")
_ISSUE = re.compile(
    r"(?:关于)?(?:印发|转发|发布|公布|"
    r"下发)[《〈]?(?P<inner>.{3,80}?)[》〉]?(?P<bracket>（[^（）]{1,24}）)?的?(?:通知|公告)"
)
_NUMBER = re.compile(
    r"[\u4e00-\u9fffA-Za-z（）]{1,16}?(?:〔|［|\[)\s*(?:19|20)\d{2}\s*(?:〕|］|\])\s*(?:第\s*)?\d{1,4}\s*号"
)
_DATE = re.compile(r"((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})日")
_DATE_CN = re.compile(r"([二〇○零一三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日")
_DATE_WEB = re.compile(r"((?:19|20)\d{2})[-./年](\d{1,2})[-./月](\d{1,2})")
_PERIOD = re.compile(r"((?:19|20)\d{2})年?\s*(?:—{1,2}|-{1,2}|~|至|到)\s*((?:19|20)\d{2})年?")
_ISSUER = re.compile(
    r"(?:人民政府|办公[厅室]|委员会|委|厅|局|部|署|院|行|会|社|管委会|办|党委|省委|市委|区委|县委|国务院|中央|"
    r"总局|集团|公司|领导小组|联席会议|中国科学院)$"
)
_LABELLED_DATE = re.compile(r"(?:成文日期|发文日期|印发日期|制发日期)\s*：\s*")
_WEB_DATE = re.compile(r"(?:发布日期|发布时间|生成日期|公开日期|时间|日期|更新时间)\s*：?\s*")


def read_head(source: str, flat: str, blocks: list[Block], first: int | None) -> Head:
    """The head of the document. `first` is the offset where the numbered text begins, None if there is none."""
    limit = len(flat) if first is None else first
    before = [b for b in blocks if b.run.at and b.run.at[0] < limit]
    title = _title(before)
    number = _find(before, _NUMBER)
    date, date_span = _issued(blocks, before)
    issuers = _issuers(flat, blocks, before)
    words = title.text if title else ""
    return Head(
        title=_original(source, title) if title else "",
        title_span=title.span() if title else None,
        number=_original(source, number) if number else None,
        number_span=number.span() if number else None,
        issued_on=date,
        issued_span=date_span,
        issuers=tuple(issuers),
        period=_period(words),
    )


def _original(source: str, run: Run) -> str:
    return re.sub(r"\s+", "", "".join(source[i] for i in run.at))


def _period(words: str) -> tuple[int, int] | None:
    found = _PERIOD.search(words)
    if not found:
        return None
    start, end = int(found.group(1)), int(found.group(2))
    return (start, end) if start < end else None


def _find(blocks: list[Block], pattern: re.Pattern[str]) -> Run | None:
    """A document number on its own or in a header field, never one cited in the text."""
    for block in blocks:
        for match in pattern.finditer(block.run.text):
            text = block.run.text
            alone = len(text) <= len(match.group()) + 4
            if alone or block.kind == "meta":
                start = match.start() + len(re.match(r"(?:文号|发文字号|号|-|：)*", match.group()).group())  # type: ignore[union-attr]
                return block.run.cut(start, match.end())
    for block in blocks[:12]:
        cited = "《" in block.run.text or len(block.run) > 80 or block.kind == "meta"
        found = None if cited else pattern.search(block.run.text)
        if found:
            return block.run.cut(*found.span())
    return None


def _title(before: list[Block]) -> Run | None:
    """The plan's own title: the last title-like line above the text, else the one named in the notice."""
    inner = _named_in_notice(before)
    lines = _title_lines([b for b in before if b.kind in ("text", "annex") and len(b.run) <= 100], inner)
    own = [r for r in lines if not re.search(r"的(?:通知|公告)$", r.text) and not r.text.startswith("《")]
    if own and inner is not None:
        same = [r for r in own if _bare(r.text) in _bare(inner.text) or _bare(inner.text) in _bare(r.text)]
        return same[-1] if same else inner if len(inner) > 6 else own[-1]
    if own or inner is not None:
        return own[-1] if own else inner
    return lines[-1] if lines else _in_header(before)


def _named_in_notice(before: list[Block]) -> Run | None:
    """The title a notice says it issues, with a bracket after it (关于印发…行动计划（2025—2027年）的通知)."""
    for block in before:
        text = block.run.text
        match = _ISSUE.search(text) if block.kind != "text" or len(text) <= 140 else None
        if match:
            outside = match["bracket"] and "》" not in text[match.start("inner") : match.end()]
            return block.run.cut(match.start("inner"), match.end("bracket" if outside else "inner"))
    return None


def _in_header(before: list[Block]) -> Run | None:
    """The title field of the page's header table."""
    for block in before:
        if block.kind == "meta" and re.match(r"[-*●\s]*(?:名\s*称|标\s*题|题\s*名)", block.run.text):
            title = block.run.cut(block.run.text.find("：") + 1, None)
            if title.text:
                return title
    return None


def _bare(words: str) -> str:
    return re.sub(r"[\s《》（）()“”]|20\d{2}年?|[—\-~至]", "", words)


def _title_lines(lines: list[Block], inner: Run | None) -> list[Run]:
    """Lines that read as a title, joined with the lines above when the title is broken over two or three."""
    known = _bare(inner.text) if inner else ""
    out: list[Run] = []
    for i, block in enumerate(lines):
        text = block.run.text
        if re.search(r"[。；：]$|：|^(?:各|现将|经)|，.*，", text):
            continue
        run = block.run
        if re.fullmatch(r"（[^（）]{2,24}）", text) and out and i and lines[i - 1].run.at[-1] == out[-1].at[-1]:
            out[-1] = Run(out[-1].text + text, out[-1].at + run.at)
            continue
        if not TITLE.match(text) and not re.fullmatch(rf"{PLAN_NOUN}{_BRACKET}", text):
            continue
        if re.match(r"(?:附件|附：)", text):
            continue
        above = i - 1
        while above >= 0 and above > i - 3 and _is_title_part(lines[above].run.text):
            upper = lines[above].run.text
            # the notice's own words tell best what is one title
            if not (
                _bare(upper + run.text) in known if known and _bare(run.text) in known else _unfinished(upper, run.text)
            ):
                break
            run = Run(lines[above].run.text + run.text, lines[above].run.at + run.at)
            above -= 1
        out.append(run)
    return out


def _is_title_part(words: str) -> bool:
    return (
        4 <= len(words) <= 40 and not re.search(r"[。；：，]|\d月|号$|〕|通知$|公告$", words) and not TITLE.match(words)
    )


def _unfinished(above: str, below: str) -> bool:
    """Whether two lines make one title: the upper one opens (关于…, a place and a verb) and is no signature."""
    if re.match(r"(?:关于|的)", below) and _ISSUER.search(above):
        return True
    return not _ISSUER.search(above) and bool(
        re.search(r"关于|推动|促进|推进|加快|建设|支持|发展|培育|打造|实施|全力|深化|落实|提升|加强", above)
    )


def _issued(blocks: list[Block], before: list[Block]) -> tuple[str | None, Span | None]:
    """The signing date; else the date of the header table; else the web date."""
    for group in (before, blocks):
        for block in reversed(group):
            if block.kind in ("text", "closing", "annex") and len(block.run) <= 24:
                found = _DATE.search(block.run.text) or _DATE_CN.search(block.run.text)
                if found and len(block.run) - len(found.group()) <= 8 and "印发" not in block.run.text:
                    return _iso(found), block.run.span(*found.span())
        for block in reversed(group):
            found = _DATE.search(block.run.text) if block.kind == "text" and len(block.run) <= 60 else None
            if found and block.run.text.endswith(found.group()) and _ISSUER.search(block.run.text[: found.start()]):
                return _iso(found), block.run.span(*found.span())
    for label in (_LABELLED_DATE, _WEB_DATE):
        for block in before:
            at = label.search(block.run.text) if block.kind in ("meta", "furniture", "text") else None
            dated = _DATE_WEB.match(block.run.text, at.end()) if at else None
            if dated:
                return _iso(dated), block.run.span(*dated.span())
    return None, None


def _iso(found: re.Match[str]) -> str:
    parts = []
    for words in found.groups():
        value = int(words) if words.isdecimal() else chinese_to_int(words.replace("○", "〇"))
        parts.append(value or 0)
    return f"{parts[0]:04d}-{parts[1]:02d}-{parts[2]:02d}"


def _issuers(flat: str, blocks: list[Block], before: list[Block]) -> list[Body]:
    """The signature above the date, each name parted by blanks or lines; else the body named in the notice's title."""
    for group in (before, blocks):
        for i in range(len(group) - 1, -1, -1):
            block = group[i]
            text = block.run.text
            if block.kind != "text" or len(block.run) > 60 or not (_DATE.search(text) or _DATE_CN.search(text)):
                continue
            names: list[Body] = []
            found = _DATE.search(text) or _DATE_CN.search(text)
            assert found is not None  # noqa: S101 — one of the two matched above
            if found.start() > 3:
                names = _names(flat, Run(text[: found.start()], block.run.at[: found.start()]))
            j = i - 1
            while (
                j >= 0
                and group[j].kind == "text"
                and len(group[j].run) <= 80
                and not re.search(r"[。；：，、]", group[j].run.text)
            ):
                more = _names(flat, group[j].run)
                if not more:
                    break
                names = more + names
                j -= 1
            if names:
                return names
    return _from_title(before)


def _names(flat: str, run: Run) -> list[Body]:
    """Names of a signature line, parted by blanks in the original."""
    out: list[Body] = []
    start, end = run.at[0], run.at[-1] + 1
    for piece in re.finditer(r"[^\s\x00]+", flat[start:end]):
        part = squeeze(flat, start + piece.start(), start + piece.end())
        out.append(Body(part.text, part.span()))
    joined = "".join(b.name for b in out)
    if all(len(b.name) <= 2 for b in out) and _ISSUER.search(joined) and out:
        return [Body(joined, Span(out[0].span.start, out[-1].span.end))]
    return out if out and all(_ISSUER.search(b.name) and len(b.name) >= 3 for b in out) else []


def _from_title(before: list[Block]) -> list[Body]:
    for block in before:
        found = re.match(
            r"(?P<who>[\u4e00-\u9fff]{3,30}?(?:人民政府办公[厅室]|人民政府|办公[厅室]|委员会|厅|局|部|委))关于",
            block.run.text,
        )
        if found and block.kind == "text":
            return [Body(found["who"], block.run.span(*found.span("who")))]
    return []
