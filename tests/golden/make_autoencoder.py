#!/usr/bin/env python3
"""Makes autoencoder.kino and, with Keras, autoencoder_keras.kino and autoencoder.keras: what the tests of the
autoencoder compare with. Needs numpy, torch and keras.

    KERAS_BACKEND=torch python3 tests/golden/make_autoencoder.py

autoencoder.kino: STEPS steps of torch's autograd and its Adam in double precision from weights that the test draws
too. Sections: inputs [steps][rows][columns], mask.0 [steps][rows][128] and mask.3 (kept units), sigmoid [columns],
loss [steps]; gradient.* of the first step; after.*, the weights behind the last one.
autoencoder_keras.kino: a whole autoencoder trained by Keras, converted; beside it the sections rows, codes and outputs,
what Keras makes of them. autoencoder.keras: its encoder half, for the test of the converter.
"""
import os
import sys
import tempfile

import numpy as np
import torch

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "weights"))
import container  # noqa: E402
import keras_encoder  # noqa: E402

COLUMNS, ROWS, STEPS, KEEP = 11, 21, 5, 0.8
WIDTHS = [128, 64, 32, 64, 128, COLUMNS]


def mix(x):
    """kino_mix of src/base/bytes.h over arrays of uint64."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def unit(seed, purpose, shape):
    """kino_random_unit(seed, purpose, 0), (.., 1), ..."""
    index = np.arange(np.prod(shape), dtype=np.uint64)
    key = mix(mix(np.full(1, seed, np.uint64)) ^ np.uint64(purpose))
    return ((mix(key ^ index) >> np.uint64(40)).astype(np.float64) * 2.0 ** -24).reshape(shape)


def parameters():
    """{name: tensor}; the test draws the same numbers."""
    out, inputs = {}, COLUMNS
    for layer, width in enumerate(WIDTHS):
        scale = np.float32(np.sqrt(6 / (inputs + width)))
        out[f"{layer}.weight"] = (2 * unit(7, layer, (inputs, width)) - 1).astype(np.float32) * scale
        out[f"{layer}.bias"] = (unit(7, 16 + layer, (width,)) * 0.4 - 0.1).astype(np.float32)
        inputs = width
    for layer in (0, 3):
        u = unit(7, 32 + layer, (2, WIDTHS[layer]))
        out[f"{layer}.norm"] = np.stack([0.5 + u[0], u[1] - 0.5]).astype(np.float32)
    return {k: torch.tensor(v.astype(np.float64), requires_grad=True) for k, v in out.items()}


def forward(p, x, masks, sigmoid, moving, share):
    h = x
    for layer in range(6):
        h = h @ p[f"{layer}.weight"] + p[f"{layer}.bias"]
        if layer == 5:
            return torch.where(sigmoid, torch.sigmoid(h), h)
        h = torch.relu(h)
        if layer in (0, 3):
            mean, variance = h.mean(0), h.var(0, unbiased=False)
            m = moving[layer]
            m[0] += share * (mean.detach().numpy() - m[0])
            m[1] += share * (variance.detach().numpy() - m[1])
            gamma, beta = p[f"{layer}.norm"]
            h = (gamma * (h - mean) / torch.sqrt(variance + 1e-3) + beta) * masks[layer] / KEEP


def torch_golden(path):
    r = np.random.default_rng(5)
    p = parameters()
    x = (r.random((STEPS, ROWS, COLUMNS)) < 0.3).astype(np.float32)
    x[:, :, :4] = r.standard_normal((STEPS, ROWS, 4)).astype(np.float32)
    sigmoid = np.arange(COLUMNS) >= 4
    masks = {0: r.random((STEPS, ROWS, 128)) < KEEP, 3: r.random((STEPS, ROWS, 64)) < KEEP}
    moving = {0: np.stack([np.zeros(128), np.ones(128)]), 3: np.stack([np.zeros(64), np.ones(64)])}
    adam = torch.optim.Adam(p.values(), lr=1e-3, betas=(0.9, 0.999))
    out = [("inputs", x), ("sigmoid", sigmoid.astype(np.uint8))]
    out += [(f"mask.{k}", v.astype(np.uint8)) for k, v in masks.items()]
    losses = []
    for step in range(STEPS):
        adam.param_groups[0]["eps"] = 1e-7 / np.sqrt(1 - 0.999 ** (step + 1))  # which makes torch's Adam Keras's
        adam.zero_grad()
        t = torch.tensor(x[step].astype(np.float64))
        y = forward(p, t, {k: torch.tensor(v[step].astype(np.float64)) for k, v in masks.items()},
                    torch.tensor(sigmoid), moving, 0.01 / (1 - 0.99 ** (step + 1)))
        loss = ((y - t) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            out += [(f"gradient.{k}", v.grad.numpy().astype(np.float32)) for k, v in p.items()]
        adam.step()
    for k, v in p.items():
        v = v.detach().numpy()
        out.append((f"after.{k}", np.concatenate([v, moving[int(k[0])]] if "norm" in k else [v]).astype(np.float32)))
    out.append(("loss", np.array(losses)))
    container.write(path, container.ENCODER, out)


def keras_golden(whole, half):
    import keras
    columns = 5
    keras.utils.set_random_seed(3)
    dense, norm = keras.layers.Dense, keras.layers.BatchNormalization
    encoder = [dense(128, "relu"), norm(), keras.layers.Dropout(0.2), dense(64, "relu"), dense(32, "relu")]
    decoder = [dense(64, "relu"), norm(), keras.layers.Dropout(0.2), dense(128, "relu"), dense(columns, "sigmoid")]
    h = inputs = keras.Input((columns,))
    for layer in encoder:
        code = h = layer(h)
    for layer in decoder:
        h = layer(h)
    model, front = keras.Model(inputs, h), keras.Model(inputs, code)
    r = np.random.default_rng(1)
    rows = (r.random((400, columns)) < 0.4).astype(np.float32)
    rows[:, 0] = r.random(400)
    model.compile(optimizer="adam", loss="mse")
    model.fit(rows, rows, epochs=30, verbose=0)
    rows = np.concatenate([rows[:30], r.standard_normal((20, columns)).astype(np.float32)])
    front.save(half)
    with tempfile.TemporaryDirectory() as folder:
        plain = keras.Model(inputs, h)  # not compiled: no optimizer in the file
        plain.save(os.path.join(folder, "whole.keras"))
        keras_encoder.convert(os.path.join(folder, "whole.keras"), os.path.join(folder, "whole.kino"))
        sections = list(container.read(os.path.join(folder, "whole.kino"), container.ENCODER).items())
    sections += [("rows", rows), ("codes", front.predict(rows, verbose=0)), ("outputs", plain.predict(rows, verbose=0))]
    container.write(whole, container.ENCODER, sections)


if __name__ == "__main__":
    with np.errstate(over="ignore"):
        torch_golden(os.path.join(here, "autoencoder.kino"))
    keras_golden(os.path.join(here, "autoencoder_keras.kino"), os.path.join(here, "autoencoder.keras"))
