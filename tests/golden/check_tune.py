#!/usr/bin/env python3
"""A witness for `kino tune`: the same weights from PyTorch, over all films instead of a thousand drawn ones.

    make eval
    kino tune --ratings DATA_DIR/ratings_small.csv --links DATA_DIR/links_small.csv --data build/eval/catalogue \\
        --dry-run --json >tune.json
    python3 tests/golden/check_tune.py build/eval/films.csv build/eval/catalogue DATA_DIR tune.json

Likeness is computed anew from the CSV (check_eval.py); the conditional logit is maximised by L-BFGS. Prints both and
fails where a weight differs by more than .02 of their sum."""
import json
import os
import sys

import numpy as np
import torch

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from check_eval import Films, Scores, halves, questions  # noqa: E402

NAMES = ["plot", "profile", "genres", "keywords", "era", "language", "acclaim", "fame"]
BATCH = 256


def likeness(scores, seeds):
    """[seeds][films][parts], before the weights"""
    f, c = scores.films, scores.constants
    parts = []
    for s in seeds:
        same = (scores.language == scores.language[s]).astype("f4")
        parts.append(np.stack([
            f.plot @ f.plot[s], f.profile @ f.profile[s],
            scores.sets("genres", scores.genres, scores.has_genres, s) / c["genres"][0],
            scores.sets("keywords", scores.keywords, scores.has_keywords, s) / c["keywords"][0],
            scores.numbers("era", np.log1p(np.abs(scores.year - scores.year[s]))) / c["era"][0],
            np.where((scores.language == "") | (scores.language[s] == ""), c["language"][2], same),
            scores.numbers("acclaim", np.abs(scores.rating - scores.rating[s])) / c["acclaim"][0],
            scores.numbers("fame", np.abs(scores.fame - scores.fame[s])) / c["fame"][0]], 1).astype("f4"))
    return torch.from_numpy(np.stack(parts))


def main():
    films = Films(sys.argv[1], sys.argv[2])
    users, tuning, _ = halves(films, sys.argv[3])
    with open(sys.argv[4], encoding="utf-8") as f:
        told = {p["name"]: p["fitted"] for p in json.load(f)["parts"] if p["fitted"] is not None}
    scores = Scores(films)
    asked = list(questions(users, tuning))
    weights = torch.zeros(len(NAMES), requires_grad=True)
    descent = torch.optim.LBFGS([weights], max_iter=30, line_search_fn="strong_wolfe")

    def loss():
        descent.zero_grad()
        total = 0.0
        for at in range(0, len(asked), BATCH):
            batch = asked[at:at + BATCH]
            z = likeness(scores, [q[1][0] for q in batch]) @ weights
            hidden = torch.zeros(len(batch), films.n, dtype=torch.bool)
            for i, (_, _, target, seen) in enumerate(batch):
                hidden[i, seen] = True
                hidden[i, target] = False
            part = torch.nn.functional.cross_entropy(z.masked_fill(hidden, -1e9), torch.tensor([q[2] for q in batch]),
                                                     reduction="sum") / len(asked)
            part.backward()
            total += float(part.detach())
        print(f"loss {total:.5f}", file=sys.stderr)
        return torch.tensor(total)

    descent.step(loss)
    found = weights.detach().numpy()
    found = found / found.sum()
    whole = sum(told.values())
    worst = 0.0
    for name, w in zip(NAMES, found):
        worst = max(worst, abs(w - told[name] / whole))
        print(f"{name:10} {w:.4f}   kino tune {told[name] / whole:.4f}")
    print(f"{len(asked)} questions, worst difference {worst:.4f}")
    return worst > .02


if __name__ == "__main__":
    sys.exit(main())
