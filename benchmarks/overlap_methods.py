"""``python -m benchmarks.overlap_methods CORPUS JUDGEMENTS``: ways of ranking overlaps, by graded pairs.

Prints what each way reaches, the weights of the score fitted to all queries, what they reach on queries that
they were not fitted to, and how far scores agree with grades.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sdograph.overlap import Overlaps, VectorStore, encoder
from sdograph.overlap.evaluation import Measures, mean, measures, read_corpus, read_judgements
from sdograph.overlap.exact import WHOLE
from sdograph.overlap.ranking import NOMINATED
from sdograph.overlap.words import subject, terms

Floats = npt.NDArray[np.floating]
#: The scores of all items for one, by its place.
Ranker = Callable[[int], Floats]
#: Items taken as irrelevant without a grade, for each query; together they weigh half of the graded ones.
IRRELEVANT, PENALTY = 20, 1e-3
SEED = 20230918


class Graded:
    """The corpus with its grades, as places of items."""

    def __init__(self, corpus: Path, judgements: Path, *, model: bool) -> None:
        self.overlaps = Overlaps(read_corpus(corpus), VectorStore(None), model=model)
        self.ids = [item.id for item in self.overlaps.items]
        place = {id: n for n, id in enumerate(self.ids)}
        self.grades = {
            place[query]: {place[id]: grade for id, grade in graded.items()}
            for query, graded in read_judgements(judgements).items()
        }
        self.everyone = np.arange(len(self.ids))
        self.allowed = {q: self.overlaps.allowed(self.overlaps.items[q]) for q in self.grades}

    def measured(
        self, ranker: Ranker, among: Mapping[int, Iterable[int]] | None = None
    ) -> dict[int, Measures]:
        """The measures of each query; ``among`` says who may be listed at all."""
        found = {}
        for q, grades in self.grades.items():
            scores = ranker(q)
            listed = among[q] if among else np.flatnonzero(self.allowed[q]).tolist()
            ranked = sorted(listed, key=lambda n: (-scores[n], self.ids[n]))
            judged = sorted(grades, key=lambda n: (-scores[n], self.ids[n]))
            by_id = {self.ids[n]: grade for n, grade in grades.items()}
            found[q] = measures([self.ids[n] for n in ranked], [self.ids[n] for n in judged], by_id)
        return found

    def fitted(self, queries: Iterable[int], features: Sequence[Ranker]) -> Floats:
        """Weights of the features and a constant: the expected grade as a share of the highest, logistic."""
        rng = np.random.default_rng(SEED)
        rows, targets, shares = [], [], []
        for q in self.grades:
            grades = self.grades[q]
            others = [n for n in np.flatnonzero(self.allowed[q]).tolist() if n not in grades]
            places = [*grades, *rng.choice(others, IRRELEVANT, replace=False).tolist()]
            if q in set(queries):
                rows.append(
                    np.stack([feature(q)[places] for feature in features] + [np.ones(len(places))], 1)
                )
                targets.append(np.array([*(g / 3 for g in grades.values()), *[0.0] * IRRELEVANT]))
                shares.append(
                    np.r_[np.full(len(grades), 1 / len(grades)), np.full(IRRELEVANT, 0.5 / IRRELEVANT)]
                )
        x, y, w = np.concatenate(rows), np.concatenate(targets), np.concatenate(shares) / len(rows)
        penalty = np.diag([PENALTY] * len(features) + [0.0])
        weights = np.zeros(x.shape[1])
        for _ in range(50):
            p = 1 / (1 + np.exp(-x @ weights))
            slope = x.T @ (w * (p - y)) + penalty @ weights
            weights -= np.linalg.solve((x * (w * p * (1 - p))[:, None]).T @ x + penalty, slope)
        return weights


def bm25(texts: Sequence[Sequence[str]]) -> Floats:
    often = Counter(term for text in texts for term in set(text))
    length = float(np.mean([len(text) for text in texts]))
    found = np.zeros((len(texts), len(texts)))
    counts = [Counter(text) for text in texts]
    for n, query in enumerate(counts):
        for m, count in enumerate(counts):
            for term in query.keys() & count.keys():
                rare = math.log(1 + (len(texts) - often[term] + 0.5) / (often[term] + 0.5))
                full = count[term] + 1.2 * (0.25 + 0.75 * len(texts[m]) / length)
                found[n, m] += rare * count[term] * 2.2 / full
    return found


def cosines(weighted: Sequence[Mapping[str, float]]) -> Floats:
    column = {term: n for n, term in enumerate(sorted({term for row in weighted for term in row}))}
    matrix = np.zeros((len(weighted), len(column)), np.float32)
    for n, row in enumerate(weighted):
        for term, weight in row.items():
            matrix[n, column[term]] = weight
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)
    return matrix @ matrix.T


def character_ngrams(titles: Sequence[str]) -> Floats:
    grams = [Counter(f" {t.lower()} "[n : n + k] for k in (3, 4, 5) for n in range(len(t))) for t in titles]
    often = Counter(gram for row in grams for gram in row)
    return cosines(
        [{g: (1 + math.log(c)) * math.log(len(titles) / often[g]) for g, c in row.items()} for row in grams]
    )


def static_vectors(texts: Sequence[Sequence[str]], idf: Callable[[str], float]) -> Floats:
    """Each word by its own vector, whatever stands beside it; the mean of a text by rarity of its words."""
    words = sorted({word for text in texts for word in text})
    vector = dict(zip(words, encoder.encode(words), strict=True))
    rows = np.stack([sum((max(idf(w), 0.0) * vector[w] for w in text), np.zeros(384)) for text in texts])
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return rows @ rows.T


def show(name: str, found: Mapping[int, Measures]) -> None:
    ndcg, recall, precision, unjudged, judged = astuple(mean(found))
    print(f"{name:52} {ndcg:.3f} {recall:.3f} {precision:.3f}   {judged:.3f}  {unjudged:.1f}", flush=True)


def simple_methods(data: Graded) -> None:
    items = data.overlaps.items
    titles = [list(terms(subject(item.title))) for item in items]
    full = [list(terms(f"{subject(item.title)} {item.scope}")) for item in items]
    index = data.overlaps.likeness.word_indexes
    matrices = {
        "TF-IDF of title": cosines([index[0].weights(text) for text in titles]),
        "TF-IDF of title and scope": cosines([index[1].weights(text) for text in full]),
        "BM25 of title": bm25(titles),
        "BM25 of title and scope": bm25(full),
        "characters of title, 3 to 5": character_ngrams([item.title for item in items]),
        "static vectors of words of title": static_vectors(titles, index[0].idf),
    }
    for name, vectors in zip(("title", "title and scope"), data.overlaps.likeness.meanings, strict=True):
        matrices[f"sentence model, {name}"] = vectors @ vectors.T / WHOLE
    for name, matrix in matrices.items():
        show(name, data.measured(lambda q, matrix=matrix: matrix[q]))


def fitted_methods(data: Graded, name: str) -> None:
    likeness = data.overlaps.likeness
    one = np.zeros_like(data.everyone)
    seen_as = {q: likeness.seen(np.array([q])) for q in data.grades}
    text = {q: likeness.text(seen_as[q], one, data.everyone) for q in data.grades}
    topics = {q: likeness.topic(seen_as[q], one, data.everyone) for q in data.grades}
    nominated = {
        q: likeness.likest(seen_as[q], data.allowed[q], NOMINATED).places.tolist() for q in data.grades
    }
    show(f"{name}, alone", data.measured(text.__getitem__))
    show(f"{name}, alone, of the nominated", data.measured(text.__getitem__, nominated))
    if name == "meaning":
        show("topics, alone", data.measured(topics.__getitem__))
    for also, features in (("", [text]), (" and topics", [text, topics])):
        rankers: list[Ranker] = [feature.__getitem__ for feature in features]
        whole = data.fitted(data.grades, rankers)
        without = {q: data.fitted([p for p in data.grades if p != q], rankers) for q in data.grades}

        def unseen(
            q: int, features: list[dict[int, Floats]] = features, without: dict[int, Floats] = without
        ) -> Floats:
            return sum(f[q] * w for f, w in zip(features, without[q], strict=False)) + without[q][-1]

        def seen(q: int, features: list[dict[int, Floats]] = features, whole: Floats = whole) -> Floats:
            return sum(f[q] * w for f, w in zip(features, whole, strict=False)) + whole[-1]

        print(f"weights of {name}{also}, and base: {', '.join(f'{w:.2f}' for w in whole)}")
        show(f"{name}{also}, fitted to the same queries", data.measured(seen, nominated))
        show(f"{name}{also}, fitted to the other queries", data.measured(unseen, nominated))
        show(f"{name}{also}, the same, of all items", data.measured(unseen))
        if also:
            reliability(data, unseen)
            spread(data.measured(unseen, nominated))


def reliability(data: Graded, ranker: Ranker) -> None:
    scores = {q: 1 / (1 + np.exp(-ranker(q))) for q in data.grades}
    pairs = [(float(scores[q][n]), g) for q, grades in data.grades.items() for n, g in grades.items()]
    print("  score        pairs   mean score   mean grade / 3    share of grades >= 2")
    for low in np.arange(0, 1, 0.1):
        here = [(s, g) for s, g in pairs if low <= s < low + 0.1]
        if here:
            of_score, grade = (float(np.mean([pair[k] for pair in here])) for k in (0, 1))
            grade /= 3
            share = float(np.mean([g >= 2 for _, g in here]))
            print(
                f"  {low:.1f} to {low + 0.1:.1f} {len(here):7} {of_score:12.2f} {grade:16.2f} {share:22.2f}"
            )


def spread(found: Mapping[int, Measures]) -> None:
    rng = np.random.default_rng(SEED)
    queries = list(found)
    means = []
    for _ in range(2000):
        drawn = {n: found[q] for n, q in enumerate(rng.choice(queries, len(queries)).tolist())}
        means.append([mean(drawn).ndcg_at_10, mean(drawn).recall_at_10, mean(drawn).precision_at_5])
    low, high = np.percentile(np.array(means, float), [2.5, 97.5], axis=0)
    names = ("nDCG@10", "recall@10", "precision@5")
    print(
        "  95 %, queries drawn again: "
        + ", ".join(f"{n} {a:.2f} to {b:.2f}" for n, a, b in zip(names, low, high, strict=True))
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overlap_methods", description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("judgements", type=Path)
    asked = parser.parse_args()
    print(f"{'':52} nDCG  recall prec    judged unjudged\n{'':52} @10   @10    @5      only   @10")
    data = Graded(asked.corpus, asked.judgements, model=True)
    simple_methods(data)
    fitted_methods(data, "meaning")
    fitted_methods(Graded(asked.corpus, asked.judgements, model=False), "words")


if __name__ == "__main__":
    main()
