"""Says which phrase is the source of a cue: a chain of named rules, surest first."""

from __future__ import annotations

from collections.abc import Callable

from stance.lexicon import read_words, word_set
from stance.phrases import Phrase
from stance.quotes.clauses import CLAUSE_OPENERS, Clause, after_preposition, is_object, joined, joined_forward, skip_left
from stance.quotes.cues import AUXILIARIES, BE, MODALS, NOUN_LIKE_FORMS, Cue, is_adverb

# "told Reuters", "urged the government": what follows is who is spoken to.
TAKES_LISTENER = frozenset(["tell", "inform", "remind", "assure", "reassure", "brief", "urge", "advise", "threaten", "promise"])
# How many tokens of inserted text ("speaking to reporters after …") a subject may stand from its verb; study, 2026-11:
# the 99th percentile of attributed sentences is 24.
_MAX_GAP = 28


Rule = Callable[[Clause, Cue], tuple[Phrase, ...] | None]


def passive(clause: Clause, cue: Cue) -> tuple[Phrase, ...] | None:
    """Give the agent of a passive: "was rejected by the rebels", "as quoted by"; () when there is none."""
    if cue.shape != "past":
        return None
    _, met = skip_left(clause, cue.index - 1)
    if not any(word in BE for word in met):
        return None
    if clause.word(cue.index) == "quoted" or clause.word(cue.index) == "cited":
        return None
    for j in range(cue.index + 1, min(cue.index + 6, len(clause.tokens))):
        if clause.word(j) == "by" and (phrase := clause.starting_at(j + 1)):
            return (phrase,)
    return ()


def verb_then_name(clause: Clause, cue: Cue) -> tuple[Phrase, ...] | None:
    """Read "…," said Lund: the verb right behind the content, the name behind the verb."""
    if cue.cls == "position" or cue.shape not in ("past", "base") or cue.lemma in TAKES_LISTENER:
        return None
    before = cue.index - 1
    while before >= 0 and is_adverb(clause.word(before)):
        before -= 1
    if before >= 0 and clause.tokens.texts[before] not in ",—–-?!.”\"’'»)":
        return None
    after = cue.index + 1
    while is_adverb(clause.word(after)) or clause.word(after) in AUXILIARIES:
        after += 1
    phrase = clause.starting_at(after)
    if phrase is None or (phrase.kind == "pronoun" and clause.word(phrase.first) not in ("he", "she", "they")):
        return None
    if clause.word(phrase.last).endswith(("'s", "’s", "s'", "s’")):
        return None  # "…, said Lund's plan would fail"
    follow = clause.word(phrase.last + 1)
    if follow in MODALS or follow in BE or follow in AUXILIARIES:
        return None  # "…, said Berlin would tighten": the subject of what is said
    if follow == "and" and (second := clause.starting_at(phrase.last + 2)):
        return (phrase, second)
    return (phrase,)


def quoted_as(clause: Clause, cue: Cue) -> tuple[Phrase, ...] | None:
    """Read "quoted Lund as saying", "Lund was quoted as saying", "citing Lund as saying"."""
    if cue.shape != "ing" or clause.word(cue.index - 1) != "as":
        return None
    for j in range(cue.index - 2, max(-1, cue.index - 16), -1):
        if clause.word(j) in ("quoted", "quotes", "quoting", "cited", "cites", "citing"):
            if quoted := clause.starting_at(j + 1):
                return (quoted,)
            i, met = skip_left(clause, j - 1)
            subject = clause.ending_at(i) if any(word in BE for word in met) else None
            return (subject,) if subject else None
    return None


def shared_participle(clause: Clause, cue: Cue) -> tuple[Phrase, ...] | None:
    """Read ", adding that …": the source is that of the clause it hangs on."""
    if cue.shape != "ing":
        return None
    i, met = skip_left(clause, cue.index - 1)
    if any(word in BE for word in met):
        return None  # "is calling for" has a subject of its own
    if clause.word(i) == "with":
        return None
    if (phrase := clause.ending_at(i)) and clause.word(phrase.first - 1) == "with":
        return (phrase,)
    if clause.subjects:
        return _behind_fronted(clause, cue) or clause.subjects[-1][1]
    if i >= 0 and clause.word(i) not in (",", "and", "by", "while", "after", "before", "—", "–", "-"):
        return None
    return _first_subject(clause, cue.index)


def _first_subject(clause: Clause, limit: int) -> tuple[Phrase, ...] | None:
    """Return the phrase that opens the sentence's main clause, before or (for an opening participle) after the cue."""
    for phrase in clause.phrases:
        if phrase.first >= limit or clause.masked[phrase.first]:
            break
        follow = clause.word(phrase.last + 1)
        if follow in ("later", "earlier", "ago", "after", "before") or (phrase.first == 0 and follow in ("—", "–", "--", "―")):
            continue  # "Hours later, Lund left"; a dateline
        if not after_preposition(clause, phrase) and phrase.kind != "document":
            return joined_forward(clause, phrase)
    if all(clause.word(j) not in (",",) for j in range(limit)):
        for j in range(limit, len(clause.tokens)):
            if clause.word(j) == "," and (subject := clause.starting_at(j + 1)) and not clause.masked[j + 1]:
                return (subject,)
    return None


def _behind_fronted(clause: Clause, cue: Cue) -> tuple[Phrase, ...] | None:
    """Return the main subject where the last cue stood in a fronted clause: "Although he thanked them, Lund left, saying"."""
    if clause.word(0) not in _FRONTING:
        return None
    comma = next((j for j in range(cue.index) if clause.word(j) == "," and not clause.masked[j]), cue.index)
    if clause.subjects[-1][0] > comma or comma + 1 >= cue.index:
        return None
    subject = clause.starting_at(comma + 1)
    return joined_forward(clause, subject) if subject is not None and subject.last + 1 < cue.index else None


_FRONTING = frozenset(["although", "though", "while", "when", "as", "after", "before", "if", "since", "because", "whereas"])


def name_then_verb(clause: Clause, cue: Cue) -> tuple[Phrase, ...] | None:
    """Read "Lund said", "the ministry has repeatedly denied": the name right before the verb."""
    start = cue.index - 1
    if cue.lemma == "clear" and clause.word(start) in ("made", "makes", "make", "it"):
        start -= 2 if clause.word(start) == "it" else 1
    i, met = skip_left(clause, start)
    if cue.shape == "past" and any(word in BE for word in met) and clause.word(cue.index) not in ("quoted", "cited"):
        return None
    if any(word in MODALS for word in met):
        return None
    phrase = clause.ending_at(i) or (_unlisted_noun(clause, i) if cue.cls == "speech" and (cue.shape != "ing" or met) else None)
    if phrase is None or clause.masked[phrase.first]:
        return None
    if clause.word(phrase.first - 1) == "," and phrase.kind == "noun":  # "Lund, a minister said" lacks its second comma
        owner = clause.ending_at(phrase.first - 2)
        if owner is not None and not after_preposition(clause, owner):
            return joined(clause, owner)
    if after_preposition(clause, phrase):
        return _back_over_prepositions(clause, phrase)
    return joined(clause, phrase)


# Verbs whose subject also says what the infinitive behind them says: "began to complain", "phoned the envoy to urge".
_CATENATIVES = word_set("catenatives")
_CATENATIVE_REACH = 7


def infinitive(clause: Clause, cue: Cue) -> tuple[Phrase, ...] | None:
    """Read "Lund began to complain", "Lund phoned the envoy to urge restraint": the subject of the verb before "to"."""
    if cue.shape != "base" or cue.cls not in ("speech", "position") or clause.word(cue.index - 1) != "to":
        return None
    for j in range(cue.index - 2, max(-1, cue.index - 2 - _CATENATIVE_REACH), -1):
        word = clause.word(j)
        if clause.masked[j] or word in (",", ";", ":", "that", "which", "who"):
            return None
        if word in _CATENATIVES:
            i, met = skip_left(clause, j - 1)
            phrase = clause.ending_at(i)
            if phrase is None or any(word in BE or word in MODALS for word in met) or after_preposition(clause, phrase):
                return None
            return joined(clause, phrase)
    return None


def _unlisted_noun(clause: Clause, i: int) -> Phrase | None:
    """Return "a captain", "one of them": a determiner and one or two words that no list of speakers knows."""
    if i >= 2 and clause.word(i) == "them" and clause.word(i - 1) == "of":
        return Phrase(i - 2, i - 2, i, "noun")
    for first in (i - 1, i - 2):
        if clause.word(first) in _ARTICLES:
            between = clause.tokens.texts[first + 1 : i + 1]
            nouns = all(word.isalpha() and word.islower() and word not in _FUNCTION_WORDS for word in between)
            if nouns and between[-1] not in _NO_SPEAKERS:
                return Phrase(first, i, i, "noun")
            return None
    return None


_FUNCTION_WORDS = frozenset(read_words("function_words"))
_ARTICLES = frozenset(["a", "an", "the", "one", "another"])
_NO_SPEAKERS = frozenset(
    ["it", "that", "plan", "deal", "agreement", "law", "bill", "idea", "move", "poll", "text", "figure", "decision"]
)


def _back_over_prepositions(clause: Clause, phrase: Phrase) -> tuple[Phrase, ...] | None:
    """Return the nearest earlier phrase, in the same clause, that no preposition governs."""
    floor = phrase.first - _MAX_GAP
    for other in reversed(clause.phrases):
        if other.first >= phrase.first or clause.masked[other.first]:
            continue
        if other.first < floor or any(clause.word(j) in (";", ":") for j in range(other.last, phrase.first)):
            return None
        if not after_preposition(clause, other):
            return joined(clause, other)
    return None


def name_insertion_verb(clause: Clause, cue: Cue) -> tuple[Phrase, ...] | None:
    """Read "Lund, the foreign minister, said": the name before one or two insertions between commas."""
    i, met = skip_left(clause, cue.index - 1)
    if any(word in MODALS for word in met) or (cue.shape == "past" and any(word in BE for word in met)):
        return None
    if clause.word(i) not in (",", ")", "—", "–", "-"):
        return None
    closer = clause.word(i)
    opener = {")": "(", ",": ","}.get(closer, closer)
    j = i - 1
    best = None
    while j > 0 and i - j <= _MAX_GAP:
        if clause.masked[j]:
            break
        if clause.word(j) == opener and (phrase := clause.ending_at(j - 1)) and not clause.masked[phrase.first]:
            if is_object(clause, phrase):
                pass  # "…, who heads the committee, said": the subject stands further left
            elif not after_preposition(clause, phrase):
                best = phrase
                if phrase.first == 0 or clause.word(phrase.first - 1) != ",":
                    break
            elif best is None:
                found = _back_over_prepositions(clause, phrase)
                if found:
                    best = found[-1]
        j -= 1
    return joined(clause, best) if best else None


def relative(clause: Clause, cue: Cue) -> tuple[Phrase, ...] | None:
    """Read "Lund, who said": the antecedent of "who"."""
    i, met = skip_left(clause, cue.index - 1)
    if clause.word(i) not in ("who", "which", "that") or any(word in MODALS for word in met):
        return None
    j = i - 2 if clause.word(i - 1) == "," else i - 1
    phrase = clause.ending_at(j)
    if phrase is None or (clause.word(i) == "that" and phrase.kind == "name" and clause.word(i - 1) != ","):
        return None
    return (phrase,)


def coordinated(clause: Clause, cue: Cue) -> tuple[Phrase, ...] | None:
    """Read "condemned the raid and called for a truce": the subject of the verb before."""
    i, met = skip_left(clause, cue.index - 1)
    if clause.word(i) not in ("and", "but", "or", ",", "then", "nor") or any(word in MODALS for word in met):
        return None
    if clause.subjects:
        return _behind_fronted(clause, cue) or clause.subjects[-1][1]
    return _first_subject(clause, cue.index)


def far_subject(clause: Clause, cue: Cue) -> tuple[Phrase, ...] | None:
    """Fall back on the nearest phrase that opens a clause and that no preposition governs."""
    i, met = skip_left(clause, cue.index - 1)
    if any(word in MODALS for word in met) or (cue.shape == "past" and any(word in BE for word in met)):
        return None
    if clause.word(cue.index) in NOUN_LIKE_FORMS or (cue.shape == "base" and clause.word(i) in CLAUSE_OPENERS):
        return None
    for phrase in reversed(clause.phrases):
        if phrase.last > i or clause.masked[phrase.first] or cue.index - phrase.last > 12:
            continue
        if any(clause.masked[j] for j in range(phrase.last, cue.index)):
            return None
        opens = phrase.first == 0 or clause.word(phrase.first - 1) in CLAUSE_OPENERS
        between = [clause.word(j) for j in range(phrase.last + 1, cue.index)]
        if opens and not any(word in (";", "that", "which") for word in between) and phrase.kind != "document":
            return joined(clause, phrase)
    return None


# Surest first: a passive must not be read as active, an inverted subject stands nearer than one across a comma; the
# insertion rule needs the comma that the plain one does not look behind; the fallback comes last.
SOURCE_RULES: tuple[Rule, ...] = (
    passive,
    quoted_as,
    shared_participle,
    infinitive,
    name_then_verb,
    verb_then_name,
    relative,
    name_insertion_verb,
    coordinated,
    far_subject,
)


def find_source(clause: Clause, cue: Cue) -> tuple[tuple[Phrase, ...], str] | None:
    """Return the source phrases of a cue and the rule that found them, or None."""
    for rule in SOURCE_RULES:
        found = rule(clause, cue)
        if found is not None:
            return (found, rule.__name__) if found else None
    return None
