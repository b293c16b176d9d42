"""Places and industries as lists print them, read as codes; what cannot be read stays unknown and is reported."""

import re
import unicodedata
from dataclasses import dataclass, field

from xiandao.domains.industries.models import Industry, IndustryAlias, Relation
from xiandao.domains.orgs.models import Region, RegionKind

_END = re.compile(r"(?:省|市|区|县|自治州|地区)\Z")
_PARTS = re.compile(r"[()、,，;；/\s]+")


def plain(text: str) -> str:
    """Return a text with one kind of brackets and without blanks at its ends."""
    return unicodedata.normalize("NFKC", text).strip()


def _bare(name: str) -> str:
    short = _END.sub("", name)
    return short if len(short) > 1 else name


@dataclass(slots=True)
class Places:
    """The regions by name; read once for a whole list."""

    cities: dict[str, str] = field(default_factory=dict)
    within: dict[tuple[str | None, str], str] = field(default_factory=dict)
    anywhere: dict[str, set[str]] = field(default_factory=dict)
    province: str = ""
    _names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def known(cls) -> "Places":
        """Return the places of the database. One query."""
        found = cls()
        for code, name, kind, parent in Region.objects.values_list("code", "name", "kind", "parent"):
            found._names[code] = name
            if kind == RegionKind.PROVINCE:
                found.province = code
            elif kind == RegionKind.CITY:
                found.cities |= {name: code, _bare(name): code}
            else:
                for written in {name, _bare(name)}:
                    found.within[(parent, written)] = code
                    found.anywhere.setdefault(written, set()).add(code)
        return found

    def read(self, text: str) -> str | None:
        """Return the code of a place as printed: 苏州, 苏州(昆山), 昆山市, 省级; None where unclear."""
        words = [word for word in _PARTS.split(plain(text)) if word]
        if not words:
            return None
        if len(words) == 1:
            return self._one(words[0])
        city = self.cities.get(words[0])
        return self.within.get((city, words[1])) if city and len(words) == 2 else None  # noqa: PLR2004 — city and county

    def _one(self, word: str) -> str | None:
        if word in ("省级", "省本级", "全省") or word in (
            self.name_of(self.province),
            _bare(self.name_of(self.province)),
        ):
            return self.province or None
        if word in self.cities:
            return self.cities[word]
        alone = self.anywhere.get(word, set())
        if len(alone) == 1:
            return next(iter(alone))
        for city, code in self.cities.items():
            if word.startswith(city) and (code, word[len(city) :]) in self.within:
                return self.within[(code, word[len(city) :])]
        return None

    def name_of(self, code: str) -> str:
        """Return the name of a code."""
        return self._names.get(code, "")


@dataclass(slots=True)
class Industries:
    """The industries by name and by names that are the same."""

    names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def known(cls) -> "Industries":
        """Return the industries of the database. Two queries."""
        same = (Relation.SAME, Relation.NEAR)
        aliases = IndustryAlias.objects.filter(relation__in=same).values_list("name", "industry")
        return cls(dict(aliases) | dict(Industry.objects.values_list("name", "code")))

    def read(self, text: str) -> tuple[list[str], list[str]]:
        """Return the codes of industries printed one after another, and the words that are none of them."""
        found, odd = [], []
        for raw in re.split(r"[、,，;；/]+", plain(text)):
            word = raw.strip()
            if not word or word in ("—", "-", "无"):
                continue
            name = re.sub(r"\([^()]*\)\Z", "", word).strip()  # 深海深地空天(空天): the part of it in brackets
            code = self.names.get(word) or self.names.get(name)
            if code:
                found.append(code)
            else:
                odd.append(word)
        return list(dict.fromkeys(found)), odd
