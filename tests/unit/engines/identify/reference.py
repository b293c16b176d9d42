"""The grammar of business scopes once more, row by row in plain Python: slow, and written apart from the engine's arrays.

Shares with the engine only its word lists. Reads one scope and returns what is said of each term.
"""

from dataclasses import dataclass

from xiandao.engines.identify import lexicon
from xiandao.engines.identify.lexicon import Verb

MARK = {char: mark for mark, chars in lexicon._MARKS.items() for char in chars}
CLAUSE, COMMA, LIST, COLON, OPEN, CLOSE = range(1, 7)
VERBS = int(lexicon.VERB_BITS)


@dataclass(frozen=True)
class Said:
    term: str
    start: int
    end: int
    discount: str
    verbs: int
    source: str
    distance: int
    size: int
    gap: int
    lead: int


@dataclass
class Item:
    text: list[tuple[str, int]]  # characters with their places in the scope
    before: int
    clause: int
    verbs: int = 0
    source: str = "none"
    distance: int = 0
    head: int = 0
    tail: int = 0
    tail_length: int = 0
    pure: int = 0
    goes_on: int = 0


def read(scope: str, terms: list[str], traps: list[str]) -> list[Said]:
    texts = _texts(scope)
    said = []
    items = [_items(text) for text, _ in texts]
    for listed in items:
        _bind(listed)
    home = {place: (t, i) for t, listed in enumerate(items) for i, item in enumerate(listed) for _, place in item.text}
    for _ in range(2):
        for t, (_, host) in enumerate(texts):
            outer = _host_item(host, texts, items, home)
            for item in items[t]:
                if item.source == "none" and outer is not None and outer.verbs:
                    item.verbs, item.source = outer.verbs, "host"
    for term, start, end, trap in _terms(scope, terms, traps):
        if any(place not in home for place in range(start, end)):
            continue
        t, i = home[start]
        if any(home[place] != (t, i) for place in range(start, end)):
            continue
        item = items[t][i]
        places = [place for _, place in item.text]
        at = places.index(start)
        if places[at : at + end - start] != list(range(start, end)):
            continue
        out = _excluded(texts, start)
        rest = len(places) - at - (end - start) - item.tail_length
        size = sum(other.clause == item.clause and bool(other.text) for other in items[t])
        discount = "trap" if trap else "excluded" if out else ""
        said.append(Said(term, start, end, discount, item.verbs, item.source, item.distance, size, max(rest, 0), at))
    return said


def _texts(scope: str) -> list[tuple[list[tuple[str, int]], int]]:
    """Split off brackets. Returns texts with the place before the bracket (-1 for the row itself)."""
    depth, level = [], 0
    for char in scope:
        mark = MARK.get(char, 0)
        depth.append(level + 1 if mark == OPEN else level)
        level += {OPEN: 1, CLOSE: -1}.get(mark, 0)
    pairs = []
    open_at: dict[int, int | None] = {}
    for place, char in enumerate(scope):
        mark = MARK.get(char, 0)
        if mark == OPEN:
            open_at[depth[place]] = place
        elif mark == CLOSE:
            start = open_at.get(depth[place])
            if start is not None:
                pairs.append((start, place))
            open_at[depth[place]] = None
    pairs = [
        (a, b)
        for a, b in pairs
        if b - a <= 150 and not any(MARK.get(char, 0) in {CLAUSE, COLON} for char in scope[a:b])
    ]
    innermost = [
        max((pair for pair in pairs if pair[0] <= place <= pair[1]), default=None) for place in range(len(scope))
    ]
    edges = {place for pair in pairs for place in pair}
    texts = []
    for pair in [None, *sorted(pairs)]:
        text = [(scope[p], p) for p in range(len(scope)) if innermost[p] == pair and p not in edges]
        host = -1
        if pair is not None:
            host = pair[0] - 1
            for _ in range(3):
                closing = next((a for a, b in pairs if b == host), None)
                if closing is not None:
                    host = closing - 1
            if host < 0 or host in edges:
                host = -1
        texts.append((text, host))
    return texts


def _items(text: list[tuple[str, int]]) -> list[Item]:
    items, current, before, clause = [], [], CLAUSE, 0
    for index, (char, place) in enumerate(text):
        mark = MARK.get(char, 0)
        mark = CLAUSE if mark in {OPEN, CLOSE} else mark
        if mark and 0 < index < len(text) - 1 and text[index - 1][0] + text[index + 1][0] in lexicon.JOINED:
            mark = 0
        if not mark:
            current.append((char, place))
            continue
        items.append(Item(current, before, clause))
        current, before = [], mark
        clause += mark == CLAUSE
    items.append(Item(current, before, clause))
    for item in items:
        _parse(item)
    return items


def _tokens(text: str, follow: str) -> list[tuple[int, int, int]]:
    found, place = [], 0
    while place < len(text):
        two, one = text[place : place + 2], text[place]
        if len(two) == 2 and two in lexicon._TOKENS:
            value = lexicon._TOKENS[two]
            after = (text + follow)[place + 2 : place + 3]
            if value & Verb.HEADING and after and after in lexicon.HEADING_ENDS:
                value = int(Verb.FILLER)
            found.append((place, place + 2, value))
            place += 2
        else:
            if one in lexicon._TOKENS:
                found.append((place, place + 1, lexicon._TOKENS[one]))
            place += 1
    return found


def _parse(item: Item) -> None:
    text = "".join(char for char, _ in item.text)
    tokens = _tokens(text, "")
    reach, opening = 0, True
    for start, end, value in tokens:
        if start != reach:
            break
        reach = end
        opening = opening and not value & Verb.NOUN
        if opening:
            item.head |= value & VERBS
    whole = bool(tokens) and reach == len(text)
    reach, acting = len(text), True
    for at in range(len(tokens) - 1, -1, -1):
        start, end, value = tokens[at]
        if end != reach:
            break
        reach = start
        before = tokens[at - 1] if at and tokens[at - 1][1] == start else (0, 0, 0)
        acting = acting and not (value & Verb.GENERIC and before[2] & (VERBS | Verb.OF))
        if acting:
            item.tail |= value & VERBS
    item.tail_length = len(text) - reach
    back = any(value & Verb.BACK for _, _, value in tokens)
    if whole:
        generic = bool(tokens[0][2] & Verb.GENERIC)
        item.head = 0
        if generic and not back and any(value & Verb.OF for _, _, value in tokens):
            return  # a thing with a verb after it
        item.pure = -item.tail if generic or back else item.tail
        if tokens[0][2] & Verb.TECHNICAL and not back:
            item.goes_on = item.tail & Verb.DEVELOP
        item.tail = 0
    if back:
        item.tail = 0


def _bind(items: list[Item]) -> None:
    def clause(i: int) -> int:
        return items[i].clause if 0 <= i < len(items) else -1

    def run(i: int, step: int, limit: int) -> int:
        """Verbs of the items that are nothing but verbs from i on, in one direction."""
        verbs, count = 0, 0
        while 0 <= i < len(items) and items[i].pure > 0 and count <= limit:
            verbs |= items[i].pure
            nxt = i + step
            if clause(nxt) != clause(i) or (step > 0 and items[nxt].before == COLON):
                break
            i, count = nxt, count + 1
        return verbs

    lead, trail = [0] * len(items), [0] * len(items)
    for i, item in enumerate(items):
        ahead = run(i - 1, -1, 8) if clause(i - 1) == item.clause else 0
        after = run(i + 1, 1, 8) if clause(i + 1) == item.clause and items[i + 1].before != COLON else 0
        if clause(i + 1) == item.clause and items[i + 1].before == LIST:
            after |= items[i + 1].goes_on
        if item.pure == 0:
            if item.head or (item.before == COLON and ahead):
                lead[i] = item.head | ahead
            if item.tail:
                trail[i] = item.tail | after
        elif item.pure > 0:
            trail[i] = run(i, 1, 8)
    for i, item in enumerate(items):
        if item.pure > 0:
            item.verbs, item.source = item.pure, "own"
        elif item.pure == 0 and trail[i]:
            item.verbs, item.source = trail[i], "own"
        elif item.pure == 0 and lead[i]:
            item.verbs, item.source = lead[i], "own"
    for i, item in enumerate(items):
        if item.pure == 0 and item.source == "none":
            _inherit(items, i, lead, trail)


def _inherit(items: list[Item], i: int, lead: list[int], trail: list[int]) -> None:
    item = items[i]

    def commas(a: int, b: int) -> int:
        return sum(other.before == COMMA for other in items[a + 1 : b + 1])

    back = next((j for j in range(i - 1, -1, -1) if lead[j] or trail[j]), None)
    on = next((j for j in range(i + 1, len(items)) if lead[j] or trail[j]), None)
    led = back is not None and items[back].clause == item.clause and bool(lead[back])
    closed = on is not None and items[on].clause == item.clause and not lead[on]
    near = closed and commas(i, on) == 0
    if led and near and commas(back, i):
        led = False
    if led:
        item.verbs, item.source, item.distance = lead[back], "before", i - back
    elif closed:
        item.verbs, item.source, item.distance = trail[on], "after" if near else "after_comma", on - i


def _host_item(host: int, texts: list, items: list, home: dict) -> Item | None:
    if host < 0:
        return None
    if host in home:
        t, i = home[host]
        return items[t][i]
    # the host is a mark: the item that ends there
    for t, (text, _) in enumerate(texts):
        places = [place for _, place in text]
        if host in places:
            index = places.index(host)
            count = 0
            for k, (char, _) in enumerate(text[:index]):
                mark = MARK.get(char, 0)
                joined = 0 < k < len(text) - 1 and text[k - 1][0] + text[k + 1][0] in lexicon.JOINED
                count += bool(mark) and not joined
            return items[t][count]
    return None


def _excluded(texts: list, place: int) -> bool:
    for _ in range(3):
        text, host = next((text, host) for text, host in texts if any(p == place for _, p in text))
        if _in_scope(text, place, bracketed=text is not texts[0][0]):
            return True
        if host < 0:
            return False
        place = host
    return False


def _in_scope(text: list[tuple[str, int]], place: int, *, bracketed: bool) -> bool:
    chars = "".join(char for char, _ in text)
    at = next(i for i, (_, p) in enumerate(text) if p == place)

    def divides(char: str) -> bool:
        mark = MARK.get(char, 0)
        return mark in {CLAUSE, OPEN, CLOSE} or (mark == COMMA and not bracketed)

    left = max((i for i in range(at + 1) if divides(chars[i])), default=-1)
    right = min((i for i in range(at + 1, len(chars)) if divides(chars[i])), default=len(chars))
    inside = range(max(left, 0), right)
    if any(chars[i : i + 2] in lexicon.EXCLUDES_AFTER for i in inside if i < at and i + 1 < len(chars)):
        return True
    if any(chars[i : i + 2] in lexicon.EXCLUDES_BEFORE for i in inside if i >= at and i + 1 < len(chars)):
        return True
    opened = any(chars[i] == lexicon.EXCEPT and (i == 0 or MARK.get(chars[i - 1], 0)) for i in inside if i < at)
    closed = any(
        chars[i] == lexicon.BESIDES and (i + 1 == len(chars) or MARK.get(chars[i + 1], 0)) for i in inside if i >= at
    )
    return opened and (closed or bracketed)


def _terms(scope: str, terms: list[str], traps: list[str]) -> list[tuple[str, int, int, bool]]:
    def all_of(words: list[str]) -> list[tuple[int, int, str]]:
        return [(i, i + len(w), w) for w in words for i in range(len(scope)) if scope.startswith(w, i) and free(i, w)]

    def free(start: int, word: str) -> bool:
        end = start + len(word)
        alnum = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ."
        if word[0] in alnum and start and scope[start - 1] in alnum:
            return False
        return not (word[-1] in alnum and end < len(scope) and scope[end] in alnum)

    hits, bad = all_of(terms), all_of(traps)
    longest = [h for h in hits if not any(o != h and o[0] <= h[0] and h[1] <= o[1] for o in hits)]
    return sorted((word, start, end, any(a <= start < b for a, b, _ in bad)) for start, end, word in longest)
