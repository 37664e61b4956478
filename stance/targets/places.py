"""Says which conflict a ceasefire or a peace process belongs to, from the places and parties that the article names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache

from stance.actors import NORMALISED, is_group, normalise
from stance.lexicon import read_table, split_cell, word_set
from stance.records import Mention
from stance.text import Page, find_tokens, fold
from stance.wordwise import PerWord

# Named in news as mediators and speakers far more than as places of war; they count only where the words say so.
_POWERS = word_set("powers")
_WAR_WORD = re.compile(
    r"\s*(?:['’]s)?\s*(?:[\w-]+\s+){0,2}?"
    r"(?:war|conflict|crisis|cease-?fire|truce|peace|fighting|talks|settlement|offensive|insurgency|rebels?)\b",
    re.IGNORECASE,
)
# What the table has under these names no place of war: a day of attacks, a nuclear programme.
_NO_WAR_THERE = frozenset(["USA", "IRN"])
_WORD = re.compile(r"\w+")
_IN = re.compile(r"\b(?:in|for|over|on|to|across|inside|of|into)\s+(?:[\w’'-]+\s+){0,2}$", re.IGNORECASE)
_IN_WORDS = ("in", "for", "over", "on", "to", "across", "inside", "of", "into")
Name = tuple[tuple[str, ...], str]


@cache
def _names() -> dict[str, list[Name]]:
    """Return first word -> (all words, location), longest first."""
    index: dict[str, list[Name]] = {}
    for row in read_table("conflicts"):
        for name in split_cell(row["names"]):
            words = tuple(normalise(word) for word in find_tokens(name).texts)
            if words:
                index.setdefault(words[0], []).append((words, row["location"]))
    for entries in index.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return index


@cache
def _conflicts_of_groups() -> dict[str, str]:
    """Return armed group -> the conflict it is a party to: the one whose list of parties names it first."""
    ranked: dict[str, tuple[int, str]] = {}
    for row in read_table("conflicts"):
        for rank, actor in enumerate(split_cell(row["actors"])):
            if is_group(actor) and rank < ranked.get(actor, (99, ""))[0]:
                ranked[actor] = rank, row["location"]
    return {actor: location for actor, (_, location) in ranked.items()}


def _find_names(word: str) -> tuple[list[Name], list[str]] | None:
    """Return the names that a word can begin, and the places that parts of it name: "Israel-Gaza"; None where there are none."""
    normalised = NORMALISED[word]
    names = _names().get(normalised)
    if names is not None:
        return names, []
    if "-" not in normalised and "–" not in normalised:
        return None
    parts = [name for part in re.split("[-–]", normalised) for name in _names().get(part, ())]
    return [], [location for alias, location in parts if len(alias) == 1 and location not in _POWERS]


_NAMES_AT = PerWord(_find_names)


def find_places(page: Page, number: int) -> dict[str, int]:
    """Return the conflicts a sentence points to, with a weight: 3 where the words speak of war or peace there, else 1."""
    tokens = page.tokens(number)
    names_at = list(map(_NAMES_AT.__getitem__, tokens.texts))
    if not any(names_at):
        return {}
    weights: dict[str, int] = defaultdict(int)
    behind = 0  # the last name
    for i, found in enumerate(names_at):
        if found is None or i < behind:
            continue
        names, parts = found
        for location in parts:
            weights[location] += 1
        for alias, location in names:
            behind = i + len(alias)
            if len(alias) > 1 and tuple(map(NORMALISED.__getitem__, tokens.texts[i:behind])) != alias:
                continue
            start, end = tokens.starts[i], tokens.ends[behind - 1]
            of_war = _WAR_WORD.match(page.text, end, min(len(page.text), end + 40)) is not None
            if location not in _POWERS:
                weights[location] += 3 if of_war or _stands_in(page.text, start) else 1
            elif of_war:
                weights[location] += 1
            break
        else:
            behind = i + 1
    return weights


def _stands_in(text: str, start: int) -> bool:
    """Return whether words such as "in" stand shortly before an offset: "in northern Yemen"."""
    before = text[max(0, start - 30) : start].lower().split()
    # Asked first, since ``search`` begins anew at every letter.
    return any(word.endswith(_IN_WORDS) for word in before[-3:]) and _IN.search(text, max(0, start - 30), start) is not None


def names_conflict(folded: str) -> bool:
    """Return whether a stretch of folded text (``text.fold``) names a place of conflict; a power is none, its regions are.

    >>> names_conflict("elections in sudan"), names_conflict("elections in russia"), names_conflict("elections in chechnya")
    (True, False, True)
    """
    names = _names_by_first_word()
    return any(name in folded for word in names.keys() & set(_WORD.findall(folded)) for name in names[word])


@cache
def _names_by_first_word() -> dict[str, list[str]]:
    powers = {
        name
        for state in read_table("states")
        if state["code"] in _POWERS
        for name in (state["name"], *split_cell(state["names"]), *split_cell(state["demonyms"]), *split_cell(state["capital"]))
    }
    by_word: dict[str, list[str]] = {}
    for row in read_table("conflicts"):
        if row["location"] not in _NO_WAR_THERE:
            for name in map(fold, set(split_cell(row["names"])) - powers):
                first = _WORD.findall(name)[0]
                for word in (first, f"{first}s"):  # a people
                    by_word.setdefault(word, []).append(name)
    return by_word


def profile_places(
    page: Page, title: str | None, mentions: Mapping[int, list[Mention]]
) -> tuple[dict[int, dict[str, int]], Counter[str]]:
    """Return the places of every sentence and of the whole article, title and first sentences counting double."""
    by_sentence = {number: found for number in range(len(page.sentences)) if (found := find_places(page, number))}
    total: Counter[str] = Counter()
    for number, weights in by_sentence.items():
        for location, weight in weights.items():
            total[location] += weight * (2 if number < 3 else 1)
    if title:
        head = Page(title, (), (), ())
        head._tokens[0] = find_tokens(title)
        for location, weight in find_places(head, 0).items():
            total[location] += 4 * weight
    if not total:  # no place is named: the groups that fight tell it
        for mention in (mention for found in mentions.values() for mention in found):
            if mention.actor in _conflicts_of_groups():
                total[_conflicts_of_groups()[mention.actor]] += 1
    return by_sentence, total


def settle_place(here: Mapping[str, int], total: Counter[str]) -> tuple[tuple[str, ...], bool]:
    """Return the location for a sentence, and whether the article had to help."""
    merged = Counter(
        {location: weight * (1 + total[location]) for location, weight in here.items() if weight >= 2 or total[location] >= 4}
    )
    helped = not merged
    weights = merged or total
    if not weights:
        return (), True
    if weights["GAZA"] and weights["PSE"] and weights["GAZA"] * 2 >= weights["PSE"]:
        weights = weights.copy()
        del weights["PSE"]
    if weights["KARABAKH"]:
        weights = Counter({k: v for k, v in weights.items() if k not in ("ARM", "AZE")})
    best = weights.most_common(1)[0][0]
    if best in ("PRK", "KOR") and weights["PRK"] and weights["KOR"]:
        return ("PRK", "KOR"), helped
    if (best == "IRQ" and weights["IRN"]) or (best == "IRN" and weights["IRQ"]):
        return ("IRN", "IRQ"), helped
    return (best,), helped
