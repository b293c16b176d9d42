"""Reads Arabic and Chinese numerals, with the scale words 万 and 亿 kept apart from the value as printed."""

from decimal import Decimal

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10**4, "亿": 10**8}

ARABIC = r"\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,9})?|\d{1,15}(?:\.\d{1,9})?"
CHINESE = r"[一二三四五六七八九十百千万亿两零〇]{1,14}"


def chinese_to_int(words: str) -> int | None:
    """The value of a Chinese numeral such as 一百五十, 三千, 二〇二七; None if it is not well formed."""
    if not words:
        return None
    if all(c in DIGITS for c in words):
        return int("".join(str(DIGITS[c]) for c in words))
    total, section, digit, seen = 0, 0, None, False
    for char in words:
        if char in DIGITS:
            if digit not in (None, 0):
                return None
            digit = DIGITS[char]
        elif char in SMALL:
            section += (1 if digit is None else digit) * SMALL[char]
            digit = None
        elif char in LARGE:
            section += digit or 0
            # a bare 万 or 亿 (万亿元) is one of it
            base = section if section or seen else 1
            total = (total + base) * LARGE[char] if LARGE[char] > 10**4 or not total else total + base * LARGE[char]
            section, digit = 0, None
        else:
            return None
        seen = True
    return total + section + (digit or 0)


def split_scale(words: str) -> tuple[Decimal, str] | None:
    """A Chinese numeral as (value, scale word left for the unit): 三千 → (3000, ""), 五万 → (5, "万"), 万亿 → (1, "万亿")."""
    for scale in ("万亿", "亿", "万"):
        if words.endswith(scale):
            head = words[: -len(scale)]
            if not head:
                return Decimal(1), scale
            if any(c in LARGE for c in head):
                break
            value = chinese_to_int(head)
            return (Decimal(value), scale) if value else None
    value = chinese_to_int(words)
    return None if value is None else (Decimal(value), "")


def arabic(words: str, scale: str) -> tuple[Decimal, str]:
    """An Arabic numeral with the scale word after it: ("3", "千万") → (3000, "万"), ("1.5", "万亿") → (1.5, "万亿")."""
    value = Decimal(words.replace(",", ""))
    while scale and scale[0] in SMALL:
        value *= SMALL[scale[0]]
        scale = scale[1:]
    return value, scale


def ordinal(words: str) -> int | None:
    """The number of a heading mark, Arabic or Chinese."""
    if words.isdecimal():
        return int(words)
    return chinese_to_int(words)
