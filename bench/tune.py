#!/usr/bin/env python3
"""Fits the weights of src/engine/score.c on the tuning half of the users: a softmax over all films that the user had
not rated, by gradient descent; needs NumPy and PyTorch. It reports, nothing more: the table in
the source is edited by hand.

    make eval
    python3 bench/tune.py build/eval/films.csv build/eval/catalogue ../shared/data
"""
import os
import sys

import numpy as np
import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "golden"))
from check_eval import Films, Scores, halves, questions  # noqa: E402

EPOCHS, BATCH, RATE = 3, 128, 0.09


def likeness(scores, seeds):
    """[seeds][films][parts], before the weights"""
    f, c = scores.films, scores.constants
    parts = []
    for s in seeds:
        parts.append(np.stack([
            f.plot @ f.plot[s], f.profile @ f.profile[s],
            scores.sets("genres", scores.genres, scores.has_genres, s) / c["genres"][0],
            scores.sets("keywords", scores.keywords, scores.has_keywords, s) / c["keywords"][0],
            scores.numbers("era", np.log1p(np.abs(scores.year - scores.year[s]))) / c["era"][0],
            (scores.language == scores.language[s]).astype("f4"),
            scores.numbers("acclaim", np.abs(scores.rating - scores.rating[s])) / c["acclaim"][0],
            scores.numbers("fame", np.abs(scores.fame - scores.fame[s])) / c["fame"][0]], 1).astype("f4"))
    return torch.from_numpy(np.stack(parts))


def main():
    films = Films(sys.argv[1], sys.argv[2])
    users, tuning, _ = halves(films, sys.argv[3])
    scores = Scores(films)
    asked = list(questions(users, tuning))
    names = ["plot", "profile", "genres", "keywords", "era", "language", "acclaim", "fame"]
    weights = torch.zeros(len(names), requires_grad=True)
    descent = torch.optim.Adam([weights], lr=RATE)
    order, step = np.random.RandomState(0), 0
    steps = EPOCHS * (len(asked) // BATCH)
    for _ in range(EPOCHS):
        order.shuffle(asked)
        for at in range(0, len(asked) - BATCH + 1, BATCH):
            batch = asked[at:at + BATCH]
            descent.param_groups[0]["lr"] = RATE * (1 - step / steps)
            step += 1
            z = likeness(scores, [q[1][0] for q in batch]) @ weights
            hidden = torch.zeros(len(batch), films.n, dtype=torch.bool)
            for i, (_, _, target, seen) in enumerate(batch):
                hidden[i, seen] = True
                hidden[i, target] = False
            loss = torch.nn.functional.cross_entropy(z.masked_fill(hidden, -1e9), torch.tensor([q[2] for q in batch]))
            descent.zero_grad()
            loss.backward()
            descent.step()
        print(f"loss {float(loss.detach()):.4f}", file=sys.stderr)
    found = weights.detach().numpy()
    for name, w in zip(names, found / found.sum()):
        print(f"{name:10} {w:.3f}   in the source {scores.constants[name][0]:.3f}")


if __name__ == "__main__":
    main()
