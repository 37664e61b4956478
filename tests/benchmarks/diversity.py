"""Print how varied the statement sentences of annotated articles are, and how far they differ from others, as text or JSON.

    python tests/benchmarks/diversity.py ARTICLES STATEMENTS [--beside ARTICLES STATEMENTS] [--json]
    python tests/benchmarks/diversity.py data/annotations/articles.jsonl data/annotations/statements.jsonl

Records marked `optional` are left out. Figures that depend on size are taken at equal size: whole articles are drawn in random
order until their statement sentences hold so many tokens, ten times over, and the mean stands here. Invented people alone make
text look varied, so words are counted a second time without capitals and digits.
"""

import argparse
import itertools
import json
import math
import random
import re
import statistics
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline

from stance.records import ISSUES, QUOTE_TYPES, STANCES

DRAWS = 10
SEED = 20261122
SIZES = (5_000, 10_000, 20_000, 40_000)
ALIKE = 0.8  # cosine from which two sentences are near-duplicates, as in tests/test_data.py
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
LOWER = re.compile(r"(?<![\w'’-])[a-z]+(?:['’-][a-z]+)*(?![\w'’-])")
ISSUE_WORD = re.compile(
    r"sanction|embargo|asset freeze|travel ban|price cap|export control|restrictive measure|blockade|boycott|maximum pressure"
    r"|cease-?\s?fire|truce|armistice|cessation|humanitarian pause|hostilities"
    r"|peace|\btalks\b|negotiat|mediat|political (?:solution|settlement|process)|normali[sz]|dialogue",
    re.IGNORECASE,
)
HABITS = {
    "said / says": r"\b(?:said|says|say)\b",
    "added / adding": r"\badd(?:ed|ing|s)\b",
    "told": r"\btold\b",
    "told reporters": r"\btold (?:reporters|journalists)\b",
    "in a statement": r"\bin an? (?:[\w-]+ ){0,2}statement\b",
    "according to": r"\baccording to\b",
    "also": r"\balso\b",
    "weekday": r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b",
    "a day of a month": r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}\b",
    "called for / on": r"\bcall(?:ed|ing|s)? (?:for|on|upon)\b",
    "welcomed, backed, urged": r"\b(?:welcom|back|urg)(?:ed|es|s|ing)\b",
    "rejected, refused, opposed": r"\b(?:reject|refus|oppos)(?:ed|es|s|ing)\b",
    "demanded": r"\bdemand(?:ed|s|ing)\b",
    "reiterated, reaffirmed, stressed": r"\b(?:reiterat|reaffirm|stress|underscor|underlin|emphasi[sz])(?:e?d|ed|es|s|ing)\b",
    "illegal, unjust, unilateral": r"\b(?:illegal|unjust|unilateral|cruel|inhuman|unlawful)\b",
    "clause with which, who": r", (?:which|who|whose|where)\b",
    "clause with after, as, while": r"\b(?:after|as|while|amid|since)\b",
    "cease-fire": r"\bcease-fires?\b",
    "ceasefire": r"\bceasefires?\b",
}


def read_rows(path: str) -> list[dict]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def read_corpus(articles: str, statements: str) -> dict:
    """The firm records with their sentences, each sentence once by article, and the articles' texts."""
    texts = {row["id"]: row["text"] for row in read_rows(articles)}
    rows = read_rows(statements)
    records = [row for row in rows if row.get("stance") and not row.get("optional")]
    sentences: dict[str, dict] = {}
    for row in records:
        sentence = " ".join(texts[row["article_id"]][row["start"] : row["end"]].split())
        sentences.setdefault(row["article_id"], {})[row["start"]] = sentence
    by_article = {key: list(found.values()) for key, found in sentences.items()}
    return {"texts": texts, "records": records, "left_out": len(rows) - len(records), "sentences": by_article}


def words(text: str) -> list[str]:
    return [word.lower() for word in WORD.findall(text)]


def plain_words(text: str) -> list[str]:
    """Words without capitals and digits: no names, no places, no dates."""
    return LOWER.findall(text)


def draws(articles: dict[str, list[str]], size: int, split) -> list[list[list[str]]]:
    """Ten random samples of whole articles' sentences, as words, of so many tokens each; none if there are not so many."""
    tokens = {key: [split(sentence) for sentence in sentences] for key, sentences in sorted(articles.items())}
    if sum(len(sentence) for sentences in tokens.values() for sentence in sentences) < size:
        return []
    samples = []
    for draw in range(DRAWS):
        order = list(tokens)
        random.Random(SEED + draw).shuffle(order)
        sample, left = [], size
        for sentence in itertools.chain.from_iterable(tokens[key] for key in order):
            sample.append(sentence[:left])
            left -= len(sample[-1])
            if not left:
                break
        samples.append(sample)
    return samples


def distinct(sample: list[list[str]], length: int) -> float:
    """Share of different runs of words among all, none across sentences."""
    runs = [tuple(sentence[at : at + length]) for sentence in sample for at in range(len(sentence) - length + 1)]
    return len(set(runs)) / len(runs)


def vocabulary(articles: dict[str, list[str]], split) -> dict:
    """Different words among the first so many tokens, and the exponent of Heaps' law fitted through them."""
    growth = {}
    for size in SIZES:
        samples = draws(articles, size, split)
        growth[size] = round(statistics.mean(len(set(itertools.chain(*sample))) for sample in samples)) if samples else None
    known = [(math.log(size), math.log(types)) for size, types in growth.items() if types]
    exponent = float(np.polyfit(*zip(*known, strict=True), 1)[0]) if len(known) > 1 else None
    return {"types": growth, "heaps_exponent": exponent and round(exponent, 3)}


def near_duplicates(sentences: list[str]) -> dict:
    vectors = TfidfVectorizer(stop_words="english").fit_transform(sentences)
    alike = (vectors @ vectors.T).tolil()
    alike.setdiag(0)
    nearest = alike.tocsr().max(axis=1).toarray().ravel()
    return {"sentences": int((nearest >= ALIKE).sum()), "share": round(float((nearest >= ALIKE).mean()), 4)}


def openings(sentences: list[str], samples: list[list[list[str]]], top: int = 10) -> dict:
    """How often the most frequent three first words occur; the share of different ones in samples of one size."""
    first = Counter(" ".join(words(sentence)[:3]) for sentence in sentences)
    different = [len({tuple(sentence[:3]) for sentence in sample}) / len(sample) for sample in samples]
    return {
        "different": round(statistics.mean(different), 3),
        "most_frequent": {opening: round(count / len(sentences), 4) for opening, count in first.most_common(top)},
    }


def cells(records: list[dict]) -> dict:
    counts = Counter((row["issue"], row["stance"], row["quote_type"]) for row in records)
    everything = {" ".join(cell): counts[cell] for cell in itertools.product(ISSUES, STANCES, QUOTE_TYPES)}
    return {"filled": sum(count > 0 for count in everything.values()), "of": len(everything), "counts": everything}


def measure(corpus: dict, size: int) -> dict:
    sentences = list(itertools.chain.from_iterable(corpus["sentences"].values()))
    lengths = sorted(len(words(sentence)) for sentence in sentences)
    deciles = statistics.quantiles(lengths, n=10)
    equal = {"words": draws(corpus["sentences"], size, words), "plain words": draws(corpus["sentences"], size // 2, plain_words)}
    return {
        "articles": len(corpus["texts"]),
        "records": len(corpus["records"]),
        "left_out": corpus["left_out"],
        "sentences": len(sentences),
        "tokens": sum(lengths),
        "near_duplicates": near_duplicates(sentences),
        "distinct": {
            kind: {length: round(statistics.mean(distinct(sample, length) for sample in samples), 3) for length in (1, 2, 3)}
            for kind, samples in equal.items()
        },
        "distinct_at": {"words": size, "plain words": size // 2},
        "vocabulary_of_sentences": vocabulary(corpus["sentences"], words),
        "vocabulary_of_articles": vocabulary({key: [text] for key, text in corpus["texts"].items()}, words),
        "length": {"median": statistics.median(lengths), "p10": round(deciles[0]), "p90": round(deciles[-1])},
        "names_the_issue": round(statistics.mean(bool(ISSUE_WORD.search(sentence)) for sentence in sentences), 3),
        "openings": openings(sentences, equal["words"]),
        "quote_types": shares(corpus["records"], "quote_type"),
        "stances": shares(corpus["records"], "stance"),
        "cells": cells(corpus["records"]),
        "habits_per_100": {
            habit: round(100 * statistics.mean(bool(re.search(pattern, sentence)) for sentence in sentences), 1)
            for habit, pattern in HABITS.items()
        },
    }


def shares(records: list[dict], column: str) -> dict:
    return {value: round(count / len(records), 3) for value, count in Counter(row[column] for row in records).most_common()}


def tell_apart(these: dict, beside: dict, pattern: str, *, lowercase: bool) -> dict:
    """How well TF-IDF and logistic regression tell the two sets' sentences apart, no article in training and in test."""
    rows = [
        (key, sentence, side)
        for side, corpus in enumerate((beside, these))
        for key, sentences in corpus["sentences"].items()
        for sentence in sentences
    ]
    groups = np.array([f"{side} {key}" for key, _, side in rows])
    texts = np.array([sentence for _, sentence, _ in rows], dtype=object)
    sides = np.array([side for _, _, side in rows])
    model = make_pipeline(
        TfidfVectorizer(token_pattern=pattern, lowercase=lowercase, ngram_range=(1, 2), min_df=5, sublinear_tf=True),
        LogisticRegression(C=1.0, class_weight="balanced", max_iter=2000),
    )
    scores = np.zeros(len(rows))
    for train, test in GroupKFold(5, shuffle=True, random_state=SEED).split(texts, sides, groups):
        scores[test] = model.fit(texts[train], sides[train]).decision_function(texts[test])
    low, high = interval(sides, scores, groups)
    weights = model.fit(texts, sides)[-1].coef_[0]
    names = model[0].get_feature_names_out()
    order = np.argsort(weights)
    return {
        "auc": round(float(roc_auc_score(sides, scores)), 3),
        "interval": [low, high],
        "these": [str(names[at]) for at in order[::-1][:40]],
        "beside": [str(names[at]) for at in order[:40]],
    }


def interval(sides: np.ndarray, scores: np.ndarray, groups: np.ndarray, rounds: int = 300) -> list[float]:
    """The 95 % interval of the AUC when articles are drawn again with replacement."""
    generator = np.random.default_rng(SEED)
    rows_of = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    found = []
    for _ in range(rounds):
        rows = np.concatenate([rows_of[at] for at in generator.integers(len(rows_of), size=len(rows_of))])
        found.append(roc_auc_score(sides[rows], scores[rows]))
    return [round(float(bound), 3) for bound in np.percentile(found, [2.5, 97.5])]


def flat(value: object, name: str = "") -> dict[str, object]:
    if not isinstance(value, dict):
        return {name: value}
    return {key: found for part, inner in value.items() for key, found in flat(inner, f"{name} {part}".strip()).items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("articles")
    parser.add_argument("statements")
    parser.add_argument("--beside", nargs=2, metavar=("ARTICLES", "STATEMENTS"), help="others to compare with, at equal size")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    corpora = {"these": read_corpus(asked.articles, asked.statements)}
    if asked.beside:
        corpora["beside"] = read_corpus(*asked.beside)
    tokens = [sum(len(words(text)) for found in corpus["sentences"].values() for text in found) for corpus in corpora.values()]
    size = min(*tokens, 20_000) if asked.beside else min(tokens[0], 20_000)
    result: dict[str, dict] = {name: measure(corpus, size) for name, corpus in corpora.items()}
    if asked.beside:
        result["told_apart"] = {
            "all words": tell_apart(corpora["these"], corpora["beside"], WORD.pattern, lowercase=True),
            "without names and figures": tell_apart(corpora["these"], corpora["beside"], LOWER.pattern, lowercase=False),
        }
    if asked.json:
        print(json.dumps(result, ensure_ascii=False, indent=2))
        return
    columns = [flat(result[name]) for name in corpora]
    for key in dict.fromkeys(itertools.chain(*columns)):
        print(f"{key:48}" + "".join(f"{column.get(key, '–')!s:>12}" for column in columns))
    for kind, found in result.get("told_apart", {}).items():
        print(f"\ntold apart by {kind}: AUC {found['auc']} ({found['interval'][0]} to {found['interval'][1]})")
        print(f"  these:  {', '.join(found['these'])}\n  beside: {', '.join(found['beside'])}")


if __name__ == "__main__":
    main()
