"""Report card of every extraction rule: how many statements it decided and how many of them are right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from stance.errors import InputError
from stance.evaluation.matching import LEAST_SHARED, Gold, GoldRecord, Judged, match_statements, share, span_of
from stance.records import Span, Statement

# The rules in ``Statement.trace``, in its order.
KINDS = ("quote", "speaker", "target")


@dataclass(frozen=True, slots=True)
class RecordScores:
    """How well the statements as a whole meet the gold records; None where there is nothing to divide by.

    Sentences are scored whatever their issue; accuracies are shares of the matched records. Optional gold records are
    neither missed nor spurious: ``n_found`` leaves out the ``n_optional`` statements that met one.
    """

    n_articles: int
    n_gold: int
    n_found: int
    n_optional: int
    n_matched: int
    sentence_precision: float | None
    sentence_recall: float | None
    sentence_f1: float | None
    record_precision: float | None
    record_recall: float | None
    record_f1: float | None
    actor_accuracy: float | None
    speaker_accuracy: float | None
    target_accuracy: float | None


@dataclass(frozen=True, slots=True)
class Example:
    """A statement that a rule decided; ``gold`` is what the gold record says otherwise, "" where all is right."""

    article_id: str
    start: int
    end: int
    sentence: str
    speaker: str
    actor: str | None
    target: str
    gold: str


@dataclass(frozen=True, slots=True)
class RuleScore:
    """What one rule decided and how much of it is right; accuracies are shares of the matched records.

    ``n_scored`` leaves out what met an optional gold record. A figure is None where there is nothing to divide by.
    """

    kind: str
    rule: str
    n_found: int
    coverage: float
    n_scored: int
    n_matched: int
    precision: float | None
    speaker_accuracy: float | None
    actor_accuracy: float | None
    parties_accuracy: float | None
    right: tuple[Example, ...]
    wrong: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class RuleReport:
    """The report card: the scores as a whole, then every rule, those of a kind together and the busiest first."""

    scores: RecordScores
    rules: tuple[RuleScore, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values for JSON."""
        return asdict(self)


def score_rules(gold: Gold, statements: Mapping[str, Sequence[Statement]], *, n_examples: int = 0) -> RuleReport:
    """Return the report card of the rules that found the ``statements``, a list for each article that was read.

    Only articles that were both read and coded are scored. ``n_examples`` right and wrong ones are given of each rule,
    spread over the articles, always the same.

    Raises
    ------
    InputError
        If no article is in both.
    """
    both = [article_id for article_id in gold.by_article if article_id in statements]
    if not both:
        first, other = next(iter(gold.by_article), "none"), next(iter(statements), "none")
        msg = f"No article is in both: the gold records begin with {first!r}, the articles with {other!r}."
        raise InputError(msg)
    judged = {article_id: match_statements(gold.by_article[article_id], statements[article_id]) for article_id in both}
    everything = [one for found in judged.values() for one in found]
    rules = [
        _score_rule(kind, rule, [one for one in everything if one.statement.trace[place] == rule], len(everything), n_examples)
        for place, kind in enumerate(KINDS)
        for rule in sorted({one.statement.trace[place] for one in everything})
    ]
    rules.sort(key=lambda rule: (KINDS.index(rule.kind), -rule.n_found, rule.rule))
    return RuleReport(_score_records(gold, judged), tuple(rules))


def _score_records(gold: Gold, judged: Mapping[str, Sequence[Judged]]) -> RecordScores:
    sentences = [_sentence_hits(gold.by_article[article_id], found) for article_id, found in judged.items()]
    hits, n_gold_sentences, n_found_sentences = (sum(counts) for counts in zip(*sentences, strict=True))
    everything = [one for found in judged.values() for one in found]
    n_gold = sum(not record.optional for article_id in judged for record in gold.by_article[article_id])
    n_found, n_matched = sum(not one.doubtful for one in everything), sum(one.matched for one in everything)
    return RecordScores(
        n_articles=len(judged),
        n_gold=n_gold,
        n_found=n_found,
        n_optional=len(everything) - n_found,
        n_matched=n_matched,
        sentence_precision=_ratio(hits, n_found_sentences),
        sentence_recall=_ratio(hits, n_gold_sentences),
        sentence_f1=_ratio(2 * hits, n_found_sentences + n_gold_sentences),
        record_precision=_ratio(n_matched, n_found),
        record_recall=_ratio(n_matched, n_gold),
        record_f1=_ratio(2 * n_matched, n_found + n_gold),
        actor_accuracy=_ratio(sum(one.actor_right for one in everything), n_matched),
        speaker_accuracy=_ratio(sum(one.speaker_right for one in everything), n_matched),
        target_accuracy=_ratio(sum(one.parties_right for one in everything), n_matched),
    )


def _sentence_hits(records: Sequence[GoldRecord], found: Sequence[Judged]) -> tuple[int, int, int]:
    """Return firm gold sentences met, firm gold sentences, and sentences found, those of optional records left out."""
    firm = {record.span for record in records if not record.optional}
    coded = {record.span for record in records}
    spans = {span_of(one.statement) for one in found}
    hits = sum(_meets(span, spans) for span in firm)
    return hits, len(firm), hits + sum(not _meets(span, coded) for span in spans)


def _meets(span: Span, others: Iterable[Span]) -> bool:
    return any(share(span, other) >= LEAST_SHARED for other in others)


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None


def _score_rule(kind: str, rule: str, decided: list[Judged], n_all: int, n_examples: int) -> RuleScore:
    is_right, answers_for = _CHECKS[kind]
    n_scored, n_matched = sum(not one.doubtful for one in decided), sum(one.matched for one in decided)
    shown = sorted((one for one in decided if answers_for(one)), key=lambda one: one.statement.statement_id)
    return RuleScore(
        kind=kind,
        rule=rule,
        n_found=len(decided),
        coverage=round(len(decided) / n_all, 6),
        n_scored=n_scored,
        n_matched=n_matched,
        precision=_ratio(n_matched, n_scored),
        speaker_accuracy=_ratio(sum(one.speaker_right for one in decided), n_matched),
        actor_accuracy=_ratio(sum(one.actor_right for one in decided), n_matched),
        parties_accuracy=_ratio(sum(one.parties_right for one in decided), n_matched),
        # The id is a hash: its order is as good as drawing lots, and the same every time.
        right=tuple(_example(one, kind) for one in shown if is_right(one))[:n_examples],
        wrong=tuple(_example(one, kind) for one in shown if not is_right(one))[:n_examples],
    )


def _is_firm(one: Judged) -> bool:
    return not one.doubtful


def _is_matched(one: Judged) -> bool:
    return one.matched


def _is_speaker_right(one: Judged) -> bool:
    return one.speaker_right and one.actor_right


def _is_target_right(one: Judged) -> bool:
    return one.parties_right


# By kind of rule: when an example is right, and which examples the rule answers for. A speaker rule does not choose what
# counts as a statement, so only matched ones speak for or against it.
_CHECKS: Mapping[str, tuple[Callable[[Judged], bool], Callable[[Judged], bool]]] = {
    "quote": (_is_matched, _is_firm),
    "speaker": (_is_speaker_right, _is_matched),
    "target": (_is_target_right, _is_firm),
}


def _example(one: Judged, kind: str) -> Example:
    statement = one.statement
    return Example(
        statement.article_id,
        statement.start,
        statement.end,
        statement.sentence,
        statement.speaker.name,
        statement.speaker.actor,
        statement.target.label,
        _gold_otherwise(one, kind),
    )


def _gold_otherwise(one: Judged, kind: str) -> str:
    if one.gold is None:
        return f"no record on {one.statement.target.issue} here"
    parts = []
    if kind == "speaker" and not (one.speaker_right and one.actor_right):
        parts.append(f"{one.gold.speaker} ({one.gold.actor or 'nobody'})")
    if kind == "target" and not one.parties_right:
        sides = (("sender", one.gold.sender), ("recipient", one.gold.recipient), ("location", one.gold.location))
        parts += [f"{name} {' '.join(sorted(codes))}" for name, codes in sides if codes] or ["no parties"]
    return "; ".join(parts)


def format_rules(report: RuleReport) -> str:
    """Return the report card as text for a terminal."""
    lines: list[str] = []
    for kind in KINDS:
        own = [rule for rule in report.rules if rule.kind == kind]
        figures = _FIGURES[kind]
        head = f"{kind + ' rule':28}{'records':>8}{'share':>7}{'precision':>11}"
        lines += [head + "".join(f"{name:>10}" for name, _ in figures)]
        for rule in own:
            row = f"{rule.rule:28}{rule.n_found:>8}{rule.coverage:>7.0%}{_format(rule.precision):>11}"
            lines.append(row + "".join(f"{_format(getattr(rule, figure)):>10}" for _, figure in figures))
            lines += [f"    right: {_format_example(example)}" for example in rule.right]
            lines += [f"    wrong: {_format_example(example)}" for example in rule.wrong]
        lines.append("")
    return "\n".join([*lines, *_format_scores(report.scores)])


# What is shown of a kind of rule beside its precision.
_FIGURES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "quote": (),
    "speaker": (("speaker", "speaker_accuracy"), ("actor", "actor_accuracy")),
    "target": (("parties", "parties_accuracy"),),
}
_EXAMPLE_CHARS = 160


def _format(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.3f}"


def _format_example(example: Example) -> str:
    # A stranger's text must not steer the terminal.
    flat = " ".join("".join(char if char.isprintable() else " " for char in example.sentence).split())
    flat = flat if len(flat) <= _EXAMPLE_CHARS else flat[: _EXAMPLE_CHARS - 1] + "…"
    found = f"{example.speaker} ({example.actor or 'nobody'}), {example.target}"
    where = f"{example.article_id} [{example.start}:{example.end}]"
    return f"{where} {found}{f' | gold: {example.gold}' if example.gold else ''}\n           {flat}"


def _format_scores(scores: RecordScores) -> list[str]:
    return [
        f"{scores.n_articles} articles, {scores.n_gold} gold records, {scores.n_found} found, {scores.n_matched} matched"
        + (f"; {scores.n_optional} more met optional records" if scores.n_optional else ""),
        f"{'':12}{'precision':>10}{'recall':>10}{'F1':>10}",
        f"{'sentences':12}"
        + "".join(f"{_format(x):>10}" for x in (scores.sentence_precision, scores.sentence_recall, scores.sentence_f1)),
        f"{'records':12}"
        + "".join(f"{_format(x):>10}" for x in (scores.record_precision, scores.record_recall, scores.record_f1)),
        f"of the matched: actor {_format(scores.actor_accuracy)}, speaker {_format(scores.speaker_accuracy)}, "
        f"target {_format(scores.target_accuracy)}",
    ]
