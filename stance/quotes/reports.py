"""Finds the cues of a sentence with their sources, for attributions of any topic: the house's rules, and what PolNeAR adds.

The rules of ``sources`` are sure of themselves; here a doubtful answer is passed over, and where no phrase that a list knows
is at hand, words that can only be a source are taken for one.
"""

from __future__ import annotations

from stance.lexicon import cue_verbs, word_set
from stance.phrases import DETERMINERS, PREPOSITIONS, PRONOUNS, Phrase
from stance.quotes.clauses import Clause
from stance.quotes.contents import SETTING, Report, holds_verb, is_behind_quotation
from stance.quotes.cues import AUXILIARIES, BE, MODALS, NOUN_CUES, Cue, find_cues, is_adverb
from stance.quotes.owners import find_owner
from stance.quotes.sources import SOURCE_RULES
from stance.records import ATTITUDES

# Forms that are right in fewer than three of ten where neither "that" nor a quotation follows (PolNeAR train, 2026-11).
_WEAK_ALONE = word_set("weak_alone")
_BESIDE_QUOTATION = word_set("beside_quotation")
# Words of a source that no list knows: "according to an audit of the port that nobody had seen".
_LONGEST_SOURCE = 10
_MOST_UNLISTED = 3
# Fewer tokens in quotation marks, without a verb that attributes, are a name: "Knut “The Hammer” Vold retired".
_LEAST_QUOTED = 6
# Rules that, where "who" has an antecedent no list knows, look further left and find somebody else.
_PASS_OVER_WHO = ("name_insertion_verb", "coordinated", "far_subject")
_NEVER_IN_A_SOURCE = PREPOSITIONS | SETTING | BE | AUXILIARIES | MODALS | DETERMINERS | PRONOUNS | word_set("clause_openers")
_BELIEFS = frozenset(["belief", "desire", "hope", "hopes", "view", "views"])


def find_reports(clause: Clause) -> list[Report]:
    """Return the cues of a sentence that have a source, in text order."""
    reports: list[Report] = []
    for cue in find_cues(clause.tokens, clause.masked, attitudes=True):
        floor = reports[-1].cue.index + 1 if reports else 0
        answer = _find_source(clause, cue) or _beside_quotation(clause, cue, floor)
        if answer is not None:
            phrases, rule = tuple(_widened(clause, phrase) for phrase in answer[0]), answer[1]
            clause.subjects.append((cue.index, phrases))
            reports.append(Report(cue, phrases, rule))
    reports = sorted([*reports, *_by_nouns(clause, reports)], key=lambda report: report.cue.index)
    if any(report.rule == "quoted_as" for report in reports):  # "was quoted as saying": the one cue is "saying"
        return [report for report in reports if report.cue.lemma not in ("quote", "cite")]
    return reports


def _by_nouns(clause: Clause, reports: list[Report]) -> list[Report]:
    """Read "his claim that", unless a verb of the same words attributes already."""
    taken = {report.cue.index for report in reports}
    found = []
    for i, noun in enumerate(clause.tokens.lowers):
        if noun not in NOUN_CUES or clause.masked[i] or i in taken or clause.word(i + 1) != "that":
            continue
        if owner := find_owner(clause, i):
            found.append(Report(Cue(i, noun, "belief" if noun in _BELIEFS else "speech", "noun"), (owner,), "noun_cue"))
    return found


def _widened(clause: Clause, phrase: Phrase) -> Phrase:
    """Return a phrase with words before it that no list knows but that belong to it: "the school board", "potter Signe Dahl"."""
    # Attribution F1 of quotations .786 to .788 (PolNeAR train, 2026-11): source and cue then begin right behind the mark.
    first = phrase.first
    while first > 0 and phrase.first - first < _MOST_UNLISTED and _may_modify(clause, first - 1):
        first -= 1
    before = clause.word(first - 1)
    if first == phrase.first or phrase.kind == "pronoun":
        return phrase
    if before in DETERMINERS:
        return phrase._replace(first=first - 1)
    opens = first == 0 or before in (",", "—", "–", "--", "and", "while") or is_behind_quotation(clause, first - 1)
    return phrase._replace(first=first) if opens else phrase


def _may_modify(clause: Clause, index: int) -> bool:
    word = clause.tokens.texts[index]
    return (
        not clause.masked[index]
        and word.isalpha()
        and word.islower()
        and word not in _NEVER_IN_A_SOURCE
        and not word.endswith(("ed", "ing"))
        and not is_adverb(word)
        and word not in cue_verbs(attitudes=True)
    )


def _find_source(clause: Clause, cue: Cue) -> tuple[tuple[Phrase, ...], str] | None:
    """Return the source phrases of the first rule whose answer is not doubtful, and the rule's name."""
    # Going on behind a doubtful answer, instead of giving the cue up: attribution F1 .569 to .572, of quotations .778 to .780
    # (PolNeAR train, 840 articles, 2026-11); antecedents and subjects that no list knows: .578 to .580 and .788 to .790.
    for rule in SOURCE_RULES:
        found = rule(clause, cue)
        if found is not None and not found:
            return None
        if found and rule.__name__ in _PASS_OVER_WHO and (antecedent := _antecedent(clause, cue)):
            return (antecedent,), "relative"
        if found and not _is_doubtful(clause, cue, found, rule.__name__):
            return found, rule.__name__
    subject = _unlisted_subject(clause, cue)
    if subject is None or _is_doubtful(clause, cue, (subject,), "name_then_verb"):
        return None
    return (subject,), "name_then_verb"


def _before_verb(clause: Clause, cue: Cue) -> int:
    """Return the token before a verb, its adverbs and auxiliaries."""
    i = cue.index - 1
    while is_adverb(clause.word(i)) or clause.word(i) in AUXILIARIES:
        i -= 1
    return i


def _antecedent(clause: Clause, cue: Cue) -> Phrase | None:
    """Return "the warden" before "who said", whatever the noun."""
    who = _before_verb(clause, cue)
    if clause.word(who) != "who":
        return None
    last = who - 2 if clause.word(who - 1) == "," else who - 1
    first = last
    while first > 0 and last - first < _MOST_UNLISTED and _is_plain_word(clause, first) and clause.word(first) not in DETERMINERS:
        first -= 1
    return Phrase(first, last, last, "noun") if first < last and clause.word(first) in DETERMINERS else None


def _unlisted_subject(clause: Clause, cue: Cue) -> Phrase | None:
    """Return "The islanders" before "oppose", whatever the noun, where it opens the sentence."""
    last = _before_verb(clause, cue)
    if cue.cls in ATTITUDES or cue.shape == "ing" or not 1 <= last <= _MOST_UNLISTED or clause.word(0) not in DETERMINERS:
        return None
    return Phrase(0, last, last, "noun") if all(_may_modify(clause, j) for j in range(1, last + 1)) else None


def _is_doubtful(clause: Clause, cue: Cue, phrases: tuple[Phrase, ...], rule: str) -> bool:
    """Return whether a cue is more likely another word, or its source another's: measured on PolNeAR train, 2026-11."""
    quoted = any(clause.masked)
    if clause.word(phrases[-1].last) in ("and", "or", "but"):
        return True
    if clause.word(cue.index) in _WEAK_ALONE and not quoted and clause.word(cue.index + 1) != "that":
        return True
    if rule in ("passive", "far_subject") and cue.cls in ATTITUDES:
        return True
    if rule == "verb_then_name" and not any(clause.masked[: cue.index]):
        follow = clause.word(phrases[-1].last + 1)
        return cue.cls != "speech" or not holds_verb(clause, cue.index) or (follow not in SETTING and follow[:1].isalnum())
    return False


def _beside_quotation(clause: Clause, cue: Cue, floor: int) -> tuple[tuple[Phrase, ...], str] | None:
    """Read "“…,” agrees the woman next to him": beside a quotation any words may be the source."""
    if cue.cls == "attitude" or cue.shape not in ("past", "base"):
        return None
    said_behind_comma = cue.lemma == "say" and clause.word(cue.index - 1) == "," and holds_verb(clause, cue.index)
    if said_behind_comma or is_behind_quotation(clause, cue.index - 1):
        last = cue.index
        for j in range(cue.index + 1, len(clause.tokens)):
            if not _is_plain_word(clause, j) or (j > cue.index + 1 and clause.word(j) in SETTING):
                break
            last = j
        if last > cue.index:
            return (Phrase(cue.index + 1, last, last, "noun"),), "verb_then_name"
    first = cue.index
    while first > floor and _is_plain_word(clause, first - 1):
        first -= 1
    if first < cue.index and is_behind_quotation(clause, first - 1):
        return (Phrase(first, cue.index - 1, cue.index - 1, "noun"),), "name_then_verb"
    return None


def _is_plain_word(clause: Clause, index: int) -> bool:
    return not clause.masked[index] and clause.tokens.texts[index][0].isalnum()


def any_verb(clause: Clause) -> Report | None:
    """Read "“…,” Lund shot back": behind a quotation any verb in the past may say that somebody said it."""
    for first in range(1, len(clause.tokens) - 1):
        if clause.masked[first] or not is_behind_quotation(clause, first - 1):
            continue
        phrase = clause.starting_at(first)
        if phrase is None and clause.word(first) in DETERMINERS:
            phrase = Phrase(first, first + 1, first + 1, "noun")
        if phrase is None:
            continue
        verb = phrase.last + 1
        while is_adverb(clause.word(verb)):
            verb += 1
        word = clause.word(verb)
        after_comma = clause.masked[first - 1] and clause.word(first - 2) == "," and word.isalpha() and word not in BE
        if sum(clause.masked[:first]) < _LEAST_QUOTED:
            continue
        if (word.endswith("ed") or word in _BESIDE_QUOTATION or after_comma) and not clause.masked[verb]:
            return Report(Cue(verb, word, "speech", "past"), (phrase,), "any_verb")
    return None


def any_words(clause: Clause, first: int) -> Phrase | None:
    """Return the words up to the next mark: behind "according to" they are the source whatever they are."""
    last = first - 1
    while last + 1 < len(clause.tokens) and _is_plain_word(clause, last + 1):
        last += 1
    return Phrase(first, last, last, "noun") if first <= last < first + _LONGEST_SOURCE else None
