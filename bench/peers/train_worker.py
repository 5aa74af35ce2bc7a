"""The autoencoder's training step in a peer, behind a line protocol, for bench/train.py.

    python train_worker.py torch|jax|keras

On stdin `step COLUMNS THREADS`; answers with the best and the median of some runs, in microseconds a step: forward,
backward and Adam of columns-128-64-32-64-128-columns with two batch norms and dropout, batch 32, batches drawn by a
shuffled list of rows that lie in memory. torch: its fused Adam, eager. jax: all steps of a run in one compiled scan.
keras: train_on_batch, on the backend that is installed.
"""
import os
import statistics
import sys
import time

THREADS = os.environ.get("BENCH_THREADS", "2")
os.environ.setdefault("OMP_NUM_THREADS", THREADS)
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np

BATCH, ROWS, STEPS, RUNS, FILLED = 32, 4096, 1280, 7, 9
UNITS = (128, 64, 32, 64, 128)
NORMS, DROPOUT, RATE, EPSILON, MOMENTUM = (0, 3), .2, 1e-3, 1e-3, .99


def make_rows(columns):
    rng = np.random.default_rng(1)
    x = np.zeros((ROWS, columns), np.float32)
    at = ((np.arange(FILLED) + rng.random((ROWS, FILLED))) * columns / FILLED).astype(int)
    value = np.ones((ROWS, FILLED), np.float32)
    value[:, :3] = rng.uniform(-1, 1, (ROWS, 3))
    np.put_along_axis(x, at, value, 1)
    order = np.concatenate([rng.permutation(ROWS) for _ in range(STEPS * BATCH // ROWS)])
    return x, order.reshape(STEPS, BATCH)


def torch_run(columns, threads):
    import torch
    torch.set_num_threads(threads)
    layers, last = [], columns
    for i, n in enumerate(UNITS):
        layers += [torch.nn.Linear(last, n), torch.nn.ReLU()]
        if i in NORMS:
            layers += [torch.nn.BatchNorm1d(n, eps=EPSILON, momentum=1 - MOMENTUM), torch.nn.Dropout(DROPOUT)]
        last = n
    model = torch.nn.Sequential(*layers, torch.nn.Linear(last, columns))
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, fused=True)
    error = torch.nn.functional.mse_loss
    x, order = make_rows(columns)
    x, order = torch.from_numpy(x), torch.from_numpy(order)

    def run():
        for rows in order[:STEPS // 4]:
            batch = x[rows]
            optimizer.zero_grad(set_to_none=True)
            error(model(batch), batch).backward()
            optimizer.step()
        return STEPS // 4
    return run


def jax_run(columns, threads):
    import jax
    import jax.numpy as jnp
    rng = np.random.default_rng(2)
    sizes = (columns, *UNITS, columns)
    p = {"w": [jnp.asarray(rng.normal(0, (2 / (a + b)) ** .5, (a, b)), jnp.float32)
               for a, b in zip(sizes, sizes[1:])],
         "b": [jnp.zeros(b) for b in sizes[1:]],
         "gamma": [jnp.ones(UNITS[i]) for i in NORMS], "beta": [jnp.zeros(UNITS[i]) for i in NORMS]}
    moving = [(jnp.zeros(UNITS[i]), jnp.ones(UNITS[i])) for i in NORMS]
    x, order = (jnp.asarray(a) for a in make_rows(columns))

    def loss(p, moving, batch, key):
        h, seen = batch, []
        for i in range(len(UNITS)):
            h = jax.nn.relu(h @ p["w"][i] + p["b"][i])
            if i in NORMS:
                j = NORMS.index(i)
                mean, variance = h.mean(0), h.var(0)
                seen.append(tuple(MOMENTUM * old + (1 - MOMENTUM) * new
                                  for old, new in zip(moving[j], (mean, variance))))
                h = (h - mean) * jax.lax.rsqrt(variance + EPSILON) * p["gamma"][j] + p["beta"][j]
                key, own = jax.random.split(key)
                h = jnp.where(jax.random.bernoulli(own, 1 - DROPOUT, h.shape), h / (1 - DROPOUT), 0)
        return ((h @ p["w"][-1] + p["b"][-1] - batch) ** 2).mean(), seen

    def step(state, rows):
        p, m, v, moving, t, key = state
        key, own = jax.random.split(key)
        (_, moving), g = jax.value_and_grad(loss, has_aux=True)(p, moving, x[rows], own)
        t = t + 1
        m = jax.tree.map(lambda a, b: .9 * a + .1 * b, m, g)
        v = jax.tree.map(lambda a, b: .999 * a + .001 * b * b, v, g)
        rate = RATE * jnp.sqrt(1 - .999 ** t) / (1 - .9 ** t)
        p = jax.tree.map(lambda w, a, b: w - rate * a / (jnp.sqrt(b) + 1e-7), p, m, v)
        return (p, m, v, moving, t, key), None

    zeros = jax.tree.map(jnp.zeros_like, p)
    epoch = jax.jit(lambda s: jax.lax.scan(step, s, order)[0])
    state = [(p, zeros, zeros, moving, jnp.float32(0), jax.random.key(1, impl="rbg"))]

    def run():
        state[0] = jax.block_until_ready(epoch(state[0]))
        return STEPS
    return run


def keras_run(columns, threads):
    import keras
    layers = []
    for i, n in enumerate(UNITS):
        layers.append(keras.layers.Dense(n, activation="relu"))
        if i in NORMS:
            layers += [keras.layers.BatchNormalization(), keras.layers.Dropout(DROPOUT)]
    model = keras.Sequential([keras.Input((columns,)), *layers, keras.layers.Dense(columns)])
    model.compile("adam", "mse")
    x, order = make_rows(columns)

    def run():
        for rows in order[:STEPS // 4]:
            model.train_on_batch(x[rows], x[rows])
        return STEPS // 4
    return run


def main():
    make = {"torch": torch_run, "jax": jax_run, "keras": keras_run}[sys.argv[1]]
    __import__(sys.argv[1])
    print("ready", flush=True)
    made = {}
    for line in sys.stdin:
        _, columns, threads = line.split()
        wanted = int(columns), int(threads)
        if wanted not in made:
            made[wanted] = make(*wanted)
            made[wanted]()
        times = []
        for _ in range(RUNS):
            start = time.perf_counter()
            steps = made[wanted]()
            times.append((time.perf_counter() - start) / steps * 1e6)
        print(f"{min(times):.2f} {statistics.median(times):.2f}", flush=True)


if __name__ == "__main__":
    main()
