"""Make stance/tables/relevance.csv: the points of evidence that a quote is about an issue, fitted on real articles with records.

    python tests/benchmarks/fit_relevance.py FOLDER... [--words 2300] [--out stance/tables/relevance.csv]

Each folder holds articles.jsonl and statements.jsonl (offsets, speaker, actor, issue). Without --out only
the figures are printed.
"""

import argparse
import csv
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from stance.actors import read_cast
from stance.pipeline import as_articles
from stance.quotes import find_quotes
from stance.records import Speaker
from stance.speakers import find_speakers
from stance.targets import read_article, weigh, words_of
from stance.targets.mentions import LEVELS, load_issues
from stance.targets.relevance import word_evidence
from stance.text import open_page

# A word counts for less than a piece of evidence that was thought of; by cross-validation (0.15: 0.724, 0.3: 0.727, 0.5: 0.725).
WORD_SCALE = 0.3
# Words of fewer articles are left out: too little to learn from, and nothing of an article's own text stands in the table.
LEAST_ARTICLES = 5
C = 0.3


def read_pairs(folder: Path) -> tuple[list[dict[str, float]], list[bool], list[str], int]:
    """Return evidence, truth and article of each pair of quote and issue, and how many gold pairs there are at all.

    Of several quotes in one sentence as many are true as the sentence has records, those of the right speaker first.
    """
    gold: dict[str, list[dict]] = defaultdict(list)
    for line in (folder / "statements.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        gold[row["article_id"]].append(row)
    evidence, truth, groups, n_gold = [], [], [], 0
    for article in as_articles([json.loads(line) for line in (folder / "articles.jsonl").open(encoding="utf-8")]):
        page = open_page(article.text)
        cast, quotes = read_cast(page, article), find_quotes(page)
        speakers = find_speakers(cast, quotes)
        reader = read_article(cast, quotes, speakers)
        records: dict[tuple[int, str], list[dict]] = defaultdict(list)
        for row in gold[article.id]:
            if row.get("issue"):
                records[page.sentence_at((row["start"] + row["end"]) // 2), row["issue"]].append(row)
                n_gold += not row.get("optional", False)
        found: dict[tuple[int, str], list[int]] = defaultdict(list)
        seen = set()
        for i, quote in enumerate(quotes):
            speaker = speakers[i]
            if speaker is None or (quote.sentence, speaker.name) in seen:
                continue
            seen.add((quote.sentence, speaker.name))
            for issue in reader.named:
                found[quote.sentence, issue.name].append(i)
        issues = {issue.name: issue for issue in load_issues()}
        for key, candidates in found.items():
            rows = records.get(key, [])
            if any(row.get("optional") for row in rows):
                continue  # the coder was in doubt

            ranked = sorted(candidates, key=lambda i, rows=rows, by_quote=speakers: -agreement(by_quote[i], rows))
            for rank, i in enumerate(ranked):
                weighed = weigh(reader, i, issues[key[1]])
                weighed.pop("words", None)
                level = next(level for level in (*LEVELS, "silent") if level in weighed)
                words = words_of(reader, issues[key[1]], key[0])
                evidence.append({**weighed, **dict.fromkeys(word_evidence(level, key[1], words), 1.0)})
                truth.append(rank < len(rows))
                groups.append(article.id)
    return evidence, truth, groups, n_gold


def agreement(speaker: Speaker | None, rows: list[dict]) -> int:
    """Return how well a speaker fits the best of some records: name and actor."""
    assert speaker is not None
    return max(((row["speaker"] == speaker.name) + (row["speaker_actor"] == (speaker.actor or "")) for row in rows), default=0)


def fit(features: csr_matrix, truth: np.ndarray, is_word: np.ndarray, n_words: int) -> tuple[np.ndarray, LogisticRegression]:
    """Return the columns kept (all evidence, the words of most weight) and the model fitted on them."""
    model = LogisticRegression(C=C, max_iter=3000).fit(features, truth)
    weight = np.abs(model.coef_[0]) * np.sqrt(np.asarray(features.multiply(features).mean(axis=0)).ravel())
    weight[~is_word] = np.inf
    kept = np.sort(np.argsort(-weight, kind="stable")[: n_words + int((~is_word).sum())])
    return kept, LogisticRegression(C=C, max_iter=3000).fit(features[:, kept], truth)


def best_threshold(scores: np.ndarray, truth: np.ndarray, n_gold: int) -> tuple[float, float, float, float]:
    """Return the threshold of best F1 with precision, recall and F1; gold pairs no quote was found for count as missed.

    The curve is flat at its top: the middle of all that comes within 0.003 of the best moves less from fit to fit.
    """
    order = np.argsort(-scores)
    hits, n = np.cumsum(truth[order]), np.arange(1, len(order) + 1)
    f1 = 2 * hits / (n + n_gold)
    top = np.flatnonzero(f1 > f1.max() - 0.003)
    k = int(np.searchsorted(-scores[order], -(scores[order][top[0]] + scores[order][top[-1]]) / 2))
    return float(scores[order[k]]), hits[k] / n[k], hits[k] / n_gold, f1[k]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--words", type=int, default=2300)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    evidence, truth, groups, n_gold = [], [], [], 0
    for folder in args.folders:
        found = read_pairs(folder)
        evidence, truth, groups = evidence + found[0], truth + found[1], groups + found[2]
        n_gold += found[3]
    seen: dict[str, set[str]] = defaultdict(set)
    for pair, article in zip(evidence, groups, strict=True):
        for name in pair:
            seen[name].add(article)
    evidence = [
        {name: value for name, value in pair.items() if " " not in name or len(seen[name]) >= LEAST_ARTICLES} for pair in evidence
    ]
    vectorizer = DictVectorizer()
    features = vectorizer.fit_transform(evidence)
    names = vectorizer.get_feature_names_out()
    is_word = np.array([" " in name for name in names])
    features = (features @ diags(np.where(is_word, WORD_SCALE, 1.0))).tocsr()
    labels, places = np.asarray(truth), np.asarray(groups)
    held_out = np.zeros(len(labels))
    for train, test in GroupKFold(5).split(features, labels, places):
        kept, model = fit(features[train], labels[train], is_word, args.words)
        held_out[test] = model.decision_function(features[test][:, kept])
    threshold, precision, recall, f1 = best_threshold(held_out, labels, n_gold)
    print(f"{len(set(groups))} articles, {len(labels)} pairs, {labels.mean():.3f} true, {n_gold} gold")
    print(
        f"held out by article (5 folds): threshold {threshold:.2f}, precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}"
    )
    if args.out is None:
        return
    kept, model = fit(features, labels, is_word, args.words)
    points = model.coef_[0] * np.where(is_word, WORD_SCALE, 1.0)[kept]
    rows = [(names[column], round(float(value), 2)) for column, value in zip(kept, points, strict=True)]
    rows = [row for row in rows if row[1]]
    with args.out.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(("evidence", "points"))
        writer.writerow(("threshold", round(threshold - float(model.intercept_[0]), 2)))
        writer.writerows(rows)
    print(f"{args.out}: {len(rows)} pieces of evidence")


if __name__ == "__main__":
    main()
