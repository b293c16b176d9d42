"""Unified social credit codes (统一社会信用代码, GB 32100-2015) and the 15-digit registration numbers before them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from .errors import InvalidValue

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100-2015: digits and capital letters without I, O, S, V, Z."""
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
"""Weights of the first 17 characters: powers of 3 modulo 31 (GB 32100-2015, annex A)."""
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
"""Weights of the first eight characters of the organisation code in positions 9–17 (GB 11714-1997)."""

_LENGTH = 18
_LEGACY_LENGTH = 15
_WHAT = "统一社会信用代码"
_MEANT = {"O": "0", "I": "1", "Z": "2", "S": "5"}  # the letters left out of the alphabet and the digits they look like
_NOISE = re.compile(r"[\s\-‐‑‒–—―−_·.\u200b\u200c\u200d\ufeff]+")


class CodeStatus(IntEnum):
    """What `check_credit_codes` found in one cell; zero is the only good current code."""

    OK = 0
    MISSING = 1
    LEGACY = 2
    LEGACY_BAD_CHECK = 3
    BAD_LENGTH = 4
    BAD_CHARACTER = 5
    BAD_REGION = 6
    BAD_CHECK = 7
    BAD_ORGANISATION_CHECK = 8

    @property
    def label(self) -> str:
        """The finding in Chinese."""
        return _STATUS_LABELS[self]


_STATUS_LABELS = {
    CodeStatus.OK: "有效",
    CodeStatus.MISSING: "未填写",
    CodeStatus.LEGACY: "15位旧工商注册号",
    CodeStatus.LEGACY_BAD_CHECK: "15位旧工商注册号，校验位不符",
    CodeStatus.BAD_LENGTH: "位数不是18位",
    CodeStatus.BAD_CHARACTER: "含有不允许的字符",
    CodeStatus.BAD_REGION: "第3—8位不是数字",
    CodeStatus.BAD_CHECK: "第18位校验码不符",
    CodeStatus.BAD_ORGANISATION_CHECK: "第9—17位组织机构代码的校验位不符",
}


def normalise(text: str) -> str:
    """Return `text` in half width and capitals, without spaces, hyphens, dots and zero-width characters."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_character(first17: str) -> str:
    """Return the 18th character that belongs to 17 characters of the alphabet (GB 32100-2015, annex A)."""
    total = sum(ALPHABET.index(c) * w for c, w in zip(first17, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_check_character(first8: str) -> str:
    """Return the ninth character of an organisation code: 11 − Σ mod 11, 10 written X, 11 written 0 (GB 11714)."""
    total = sum(int(c, 36) * w for c, w in zip(first8, ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def legacy_check_digit(first14: str) -> str:
    """Return the 15th digit of an old registration number: ISO 7064, MOD 11,10 (工商总局 GS 15-2006)."""
    product = 10
    for digit in first14:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def _suggestion(code: str) -> str:
    """Return the mend for letters outside the alphabet: the whole code if reading them as digits makes it valid."""
    read = "".join(_MEANT.get(c, c) for c in code)
    if read != code and _fault(read) is None and _organisation_fault(read) is None:
        return f"很可能是把数字看成了字母，应为 {read}"
    return "代码中不使用字母 I、O、S、V、Z，请对照营业执照核对"


def _fault(code: str) -> InvalidValue | None:
    """Return what is wrong with a normalised 18-character `code`, None if nothing."""
    for position, c in enumerate(code, start=1):
        if c not in ALPHABET:
            expected = f"18位数字或大写字母（不含I、O、S、V、Z），第{position}位不能是“{c}”"
            return InvalidValue(code, expected, _suggestion(code), _WHAT)
    if not code[2:8].isdigit():
        position = next(i for i in range(2, 8) if not code[i].isdigit()) + 1
        expected = f"第3—8位为登记机关行政区划数字，第{position}位不能是“{code[position - 1]}”"
        return InvalidValue(code, expected, "请对照营业执照核对", _WHAT)
    check, organisation_check = check_character(code[:17]), organisation_check_character(code[8:16])
    if code[17] != check:
        expected = f"校验码（第18位）“{check}”，现为“{code[17]}”"
        if code[16] != organisation_check:
            where = "第9—17位组织机构代码的校验位也不符，错处多半在第9—16位"
        else:
            where = "可能有一位抄错，请对照营业执照逐位核对"
        return InvalidValue(code, expected, where, _WHAT)
    return None


def _organisation_fault(code: str) -> InvalidValue | None:
    """Return what is wrong with the organisation code inside an otherwise good `code`, None if nothing."""
    check = organisation_check_character(code[8:16])
    if code[16] == check:
        return None
    expected = f"组织机构代码校验位（第17位）“{check}”，现为“{code[16]}”"
    mend = "请对照营业执照核对第9—17位；如登记机关所发即是如此，请按登记信息录入"
    return InvalidValue(code, expected, mend, _WHAT)


def _wrong_length(code: str) -> InvalidValue:
    """Return the error for a code that is not 18 characters long, naming what it may be instead."""
    mends = {
        15: "15位数字是旧工商注册号，请换成18位代码",
        13: "13位数字是2007年以前的工商注册号，请换成18位代码",
        9: "9位的是组织机构代码，请换成18位代码",
    }
    mend = mends.get(len(code), "请对照营业执照核对是否漏抄或多抄")
    return InvalidValue(code, f"18位，现为{len(code)}位", mend, _WHAT)


@dataclass(frozen=True, slots=True, order=True)
class CreditCode:
    """A valid 18-character code, in half width and capitals. Use `CreditCode.parse` for text people typed.

    The class itself tolerates a wrong check inside the organisation code: some 4 in 100,000 registered codes bear
    one, and a firm cannot change the code it was given. `parse` refuses them unless told that the register says so.
    """

    value: str

    def __post_init__(self) -> None:
        if not isinstance(self.value, str):
            raise InvalidValue(self.value, "18位文字（不是数值，数值会丢失末位）", "请把单元格设为文本格式", _WHAT)
        if len(self.value) != _LENGTH:
            raise _wrong_length(self.value)
        if fault := _fault(self.value):
            raise fault

    def __str__(self) -> str:
        return self.value

    @classmethod
    def parse(cls, text: str, *, registered: bool = False) -> CreditCode:
        """Return the code in `text`; full width, spaces, hyphens and lower case are put right.

        `registered`: the text comes from the register itself, so a wrong check inside the organisation code is borne.

        Raises `InvalidValue` naming the wrong character, or the check character expected and found
        (GB 32100-2015: alphabet, structure, check character; GB 11714: check of the organisation code).
        """
        code = cls(normalise(text) if isinstance(text, str) else text)
        if not registered and (fault := _organisation_fault(code.value)):
            raise fault
        return code

    @property
    def organisation_check_ok(self) -> bool:
        """Whether the organisation code inside bears its right check character."""
        return _organisation_fault(self.value) is None

    @property
    def region_digits(self) -> str:
        """Digits 3–8: the place of FIRST registration. A firm that has moved keeps them: never its present place."""
        return self.value[2:8]

    @property
    def organisation_code(self) -> str:
        """The nine-character organisation code in positions 9–17."""
        return self.value[8:17]


@dataclass(frozen=True, slots=True, order=True)
class LegacyRegistration:
    """A 15-digit registration number (工商注册号) from before the unified codes of October 2015.

    Old registers hold true numbers whose check digit does not fit; they are recognised and flagged by `check_ok`,
    not rejected. Source: 工商行政管理注册号编制规则 GS 15-2006, ISO 7064 MOD 11,10.
    """

    value: str

    def __post_init__(self) -> None:
        if not isinstance(self.value, str) or not re.fullmatch(r"[0-9]{15}", self.value):
            raise InvalidValue(self.value, "15位数字", "请对照旧营业执照核对", "工商注册号")

    def __str__(self) -> str:
        return self.value

    @property
    def check_ok(self) -> bool:
        """Whether the last digit is the check digit of the first fourteen."""
        return self.value[14] == legacy_check_digit(self.value[:14])

    @property
    def region_digits(self) -> str:
        """The first six digits: the place of FIRST registration, not the present place."""
        return self.value[:6]


def identify(text: str) -> CreditCode | LegacyRegistration:
    """Return the current code or the old registration number in `text`; raises `InvalidValue` if it is neither."""
    if isinstance(text, str) and re.fullmatch(r"[0-9]{15}", code := normalise(text)):
        return LegacyRegistration(code)
    return CreditCode.parse(text)


def check_credit_codes(values: Sequence[str | None]) -> npt.NDArray[np.int8]:
    """Return one `CodeStatus` per value as int8, shape (n,); same findings as `identify`, vectorised over the column.

    Values are normalised as `CreditCode.parse` does; None and blank text are MISSING. A value that is no text
    (a number out of a spreadsheet) is BAD_LENGTH: its digits can no longer be trusted.
    """
    codes = [_cell(v) for v in values]
    status = np.full(len(codes), CodeStatus.BAD_LENGTH, dtype=np.int8)
    full: list[int] = []
    for i, code in enumerate(codes):
        if code is None:
            continue
        if not code:
            status[i] = CodeStatus.MISSING
        elif len(code) == _LENGTH:
            full.append(i)
        elif len(code) == _LEGACY_LENGTH and code.isascii() and code.isdigit():
            good = code[14] == legacy_check_digit(code[:14])
            status[i] = CodeStatus.LEGACY if good else CodeStatus.LEGACY_BAD_CHECK
    if full:
        status[full] = _check_full_length([codes[i] or "" for i in full])
    return status


def _cell(value: str | None) -> str | None:
    """Return one cell normalised: "" if blank, None if it holds no text."""
    if isinstance(value, str):
        clean = len(value) == _LENGTH and value.isascii() and value.isalnum() and value.isupper()
        return value if clean else normalise(value)
    return "" if value is None else None


_INDEX = np.full(128, -1, dtype=np.int64)
_INDEX[[ord(c) for c in ALPHABET]] = np.arange(31)
_BASE36 = np.zeros(128, dtype=np.int64)
_BASE36[[ord(c) for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"]] = np.arange(36)
_ORGANISATION_CHECKS = np.frombuffer(b"0X987654321", dtype=np.uint8)  # by Σ mod 11


def _check_full_length(codes: list[str]) -> npt.NDArray[np.int8]:
    """Return the status of codes of exactly 18 characters each."""
    joined = "".join(codes).encode("ascii", errors="replace")  # a foreign character becomes “?”, one byte each
    letters = np.frombuffer(joined, dtype=np.uint8).reshape(-1, _LENGTH) & 0x7F
    index = _INDEX[letters]
    in_alphabet = (index >= 0).all(axis=1)
    digits = index[:, 2:8].max(axis=1) <= 9  # noqa: PLR2004 — the ten digits stand first in the alphabet
    check = (index[:, :17] @ np.array(WEIGHTS) + index[:, 17]) % 31 == 0
    remainder = _BASE36[letters[:, 8:16]] @ np.array(ORGANISATION_WEIGHTS) % 11
    organisation = _ORGANISATION_CHECKS[remainder] == letters[:, 16]
    return np.select(
        [~in_alphabet, ~digits, ~check, ~organisation],
        [CodeStatus.BAD_CHARACTER, CodeStatus.BAD_REGION, CodeStatus.BAD_CHECK, CodeStatus.BAD_ORGANISATION_CHECK],
        CodeStatus.OK,
    ).astype(np.int8)
