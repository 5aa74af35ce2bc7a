"""MiniLM's weights as int8: SmoothQuant, GPTQ rounding and bias correction, in numpy.

What the kernels compute for y = x W^T + b, and what is therefore imitated here:
    per token  scale s = (max - min) / 255, zero z = round(-min / s), q = clip(round(x / s) + z, 0, 255)   (uint8)
    per output channel n  w ~ t[n] W8[n],  W8 in -127..127
    y[n] = s t[n] (sum q W8[n] - z sum W8[n]) + b[n]

SmoothQuant (Xiao et al. 2022, https://arxiv.org/abs/2211.10438): a channel of x with large values spoils the step of
its whole token, so x is divided and W multiplied by d = max|x|^alpha / max|W|^(1 - alpha) per input channel. The
division costs nothing where x comes out of a LayerNorm (its second gamma and beta) or of a linear map (V), and one
multiplication where it comes out of GELU.

Mixing (after QuaRot, Ashkboos et al. 2024, https://arxiv.org/abs/2404.00456): what outliers remain are spread over
eight numbers by a small orthogonal matrix, a few additions in the kernel; the weights are multiplied by its inverse.
With it the error of the inputs halves.

Refit: before they are rounded, weights are fitted to give the exact network's outputs from the inputs that the
quantised network has, so that errors do not pile up from layer to layer; the bias takes what is left in the mean.

GPTQ (Frantar et al. 2022, https://arxiv.org/abs/2210.17323): weights are rounded one input channel after the other; the
error of each is made up for by those not yet rounded, weighted by the inverse of the Hessian X^T X of the calibration
texts, which are overviews and titles of data/sample.csv.

Float64 throughout. The result is the same to the byte for the same numpy and BLAS on the same kind of processor.
"""
import math

import numpy as np

LAYERS, HEADS, DIM, HEAD, INNER = 6, 12, 384, 32, 1536
ALPHA = 0.65      # of SmoothQuant; .5 to .8 differ by a tenth of the error
DAMPING = 0.01    # of the Hessian's mean diagonal
PULL = 0.1        # likewise, towards the given weights when they are fitted to the exact outputs


def _erf_table():
    """erf as a Chebyshev series of x over the square's range, from the C library's erf at the nodes."""
    nodes = (np.cos(np.pi * (np.arange(41) + 0.5) / 41) + 1) * 18
    values = [math.erf(math.sqrt(t)) / math.sqrt(t) for t in nodes]
    return np.polynomial.chebyshev.chebfit(nodes / 18 - 1, values, 40)


ERF = _erf_table()


def gelu(x):
    """Exact erf to 1e-12."""
    z = np.clip(x / math.sqrt(2), -6, 6)
    return 0.5 * x * (1 + z * np.polynomial.chebyshev.chebval(z * z / 18 - 1, ERF))


def mix(x):
    """Each 8 numbers that stand 16 apart in a block of 128, through an orthogonal matrix of +-1 / sqrt(8) (Hadamard's,
    which is its own inverse): one large number among the eight becomes eight of moderate size, so the row's range, and
    with it its step, gets smaller. The kernels leave out the sqrt(8)."""
    shape = x.shape
    x = x.reshape(-1, shape[-1] // 128, 8, 16)
    h = np.array([[1.0]])
    for _ in range(3):
        h = np.block([[h, h], [h, -h]])
    return np.einsum("ij,abjc->abic", h / math.sqrt(8), x).reshape(shape)


def norm(x):
    x = x - x.mean(1, keepdims=True)
    return x / np.sqrt((x * x).mean(1, keepdims=True) + 1e-12)


def quantise_tokens(x):
    """x[tokens][k] as the kernels see it, back in float."""
    low = np.minimum(x.min(1, keepdims=True), 0)
    high = np.maximum(x.max(1, keepdims=True), 0)
    scale = np.maximum((high - low) / 255, 1e-30)
    zero = np.rint(-low / scale)
    q = np.clip(np.rint(x / scale) + zero, 0, 255)
    return (q - zero) * scale


def channel_scales(w, hessian_diagonal):
    """The step of each output channel: of a few shares of max|w|, the one with the least error weighted by how large
    the inputs are."""
    top = np.maximum(np.abs(w).max(1), 1e-12)
    best, best_error = top / 127, np.full(len(w), np.inf)
    for share in np.linspace(1.0, 0.7, 16):
        t = (share * top / 127)[:, None]
        error = ((np.clip(np.rint(w / t), -127, 127) * t - w) ** 2 * hessian_diagonal).sum(1)
        better = error < best_error
        best = np.where(better, t[:, 0], best)
        best_error = np.where(better, error, best_error)
    return best


def gptq(w, hessian):
    """w[n][k] rounded for inputs x with hessian = x^T x: (int8[n][k], step[n])."""
    k = w.shape[1]
    hessian = hessian.copy()
    diagonal = np.diag(hessian).copy()
    t = channel_scales(w, diagonal)
    hessian[np.diag_indices(k)] += DAMPING * diagonal.mean()
    order = np.argsort(-diagonal, kind="stable")  # the channels that matter most are rounded first
    inverse = np.linalg.inv(hessian[np.ix_(order, order)])
    upper = np.linalg.cholesky(inverse).T.copy()
    rest, out = w[:, order].copy(), np.empty(w.shape)
    block = 64
    for a in range(0, k, block):
        b = min(a + block, k)
        errors = np.empty((len(w), b - a))
        for j in range(a, b):
            q = np.clip(np.rint(rest[:, j] / t), -127, 127)
            out[:, j] = q
            errors[:, j - a] = (rest[:, j] - q * t) / upper[j, j]
            rest[:, j + 1:b] -= np.outer(errors[:, j - a], upper[j, j + 1:b])
        rest[:, b:] -= errors @ upper[a:b, b:]
    back = np.empty(k, np.int64)
    back[order] = np.arange(k)
    return out[:, back].astype(np.int8), t


class Linear:
    """One quantised layer; call it as the kernel would run."""

    def __init__(self, w, b, divide, mixed, x, reference):
        """w[n][k], b[n]; divide[k]: x is divided by it, then mixed if so, before it is quantised; x[tokens][k]: what
        the quantised network gives it; reference[tokens][n]: what the exact network gives there."""
        self.divide, self.mixed = divide, mixed
        xq = self.codes(x)
        w = w * divide
        if mixed:
            w = mix(w)
        # The weights that come nearest to the exact outputs from these inputs, whose errors are known by now.
        hessian = xq.T @ xq
        pull = PULL * np.diag(hessian).mean() * np.eye(len(hessian))
        w = w + np.linalg.solve(hessian + pull, xq.T @ (reference - b - xq @ w.T)).T
        self.weight, self.step = gptq(w, hessian)
        self.bias = b + (reference - (xq @ (self.weight * self.step[:, None]).T + b)).mean(0)

    def codes(self, x):
        x = x / self.divide
        return quantise_tokens(mix(x) if self.mixed else x)

    def __call__(self, x):
        return self.codes(x) @ (self.weight * self.step[:, None]).T + self.bias


def smooth(x, w, alpha=ALPHA):
    top = np.maximum(np.abs(x).max(0), 1e-6)
    d = top ** alpha / np.maximum(np.abs(w).max(0), 1e-6) ** (1 - alpha)
    return d / np.exp(np.log(d).mean())  # the mean is free: keep numbers near 1


def attention(qkv, bounds):
    """qkv[tokens][3 * DIM] -> context[tokens][DIM], each text by itself."""
    out = np.empty((len(qkv), DIM))
    for a, b in bounds:
        part = qkv[a:b].reshape(b - a, 3, HEADS, HEAD)
        scores = np.einsum("ihd,jhd->hij", part[:, 0], part[:, 1]) / np.sqrt(HEAD)
        scores = np.exp(scores - scores.max(2, keepdims=True))
        scores /= scores.sum(2, keepdims=True)
        out[a:b] = np.einsum("hij,jhd->ihd", scores, part[:, 2]).reshape(b - a, DIM)
    return out


def embedding_rows(table):
    """Word embeddings 8 bits a number, one step a row: (int8[rows][DIM], step[rows])."""
    step = np.maximum(np.abs(table).max(1), 1e-12) / 127
    return np.clip(np.rint(table / step[:, None]), -127, 127).astype(np.int8), step


def layer_weights(m, i):
    """Names as in model.safetensors, without the leading "bert." where there is one."""
    p = f"encoder.layer.{i}."
    a = p + "attention."
    w = {
        "qkv": np.concatenate([m[f"{a}self.{n}.weight"] for n in ("query", "key", "value")]),
        "qkv_b": np.concatenate([m[f"{a}self.{n}.bias"] for n in ("query", "key", "value")]),
        "out": m[a + "output.dense.weight"], "out_b": m[a + "output.dense.bias"],
        "ln1_g": m[a + "output.LayerNorm.weight"], "ln1_b": m[a + "output.LayerNorm.bias"],
        "up": m[p + "intermediate.dense.weight"], "up_b": m[p + "intermediate.dense.bias"],
        "down": m[p + "output.dense.weight"], "down_b": m[p + "output.dense.bias"],
        "ln2_g": m[p + "output.LayerNorm.weight"], "ln2_b": m[p + "output.LayerNorm.bias"],
    }
    return {k: v.astype(np.float64) for k, v in w.items()}


def embed(m, ids, table):
    """Sum of word, position and type embeddings, normalised, gamma and beta applied."""
    position = np.concatenate([np.arange(len(t)) for t in ids])
    x = (table[np.concatenate(ids)] + m["embeddings.position_embeddings.weight"][position]
         + m["embeddings.token_type_embeddings.weight"][0]).astype(np.float64)
    return norm(x) * m["embeddings.LayerNorm.weight"] + m["embeddings.LayerNorm.bias"]


def quantise(m, ids):
    """m: tensors by name (float32); ids: token ids of each calibration text.

    Returns {"embedding": (int8, step), "layers": [{"qkv"|"out"|"up"|"down": Linear}]}. In "qkv" the rows of V, and
    their bias, are divided already by what "out" expects; out.divide is then all ones.
    """
    bounds = np.cumsum([0] + [len(t) for t in ids])
    bounds = list(zip(bounds[:-1], bounds[1:]))
    words = m["embeddings.word_embeddings.weight"].astype(np.float64)
    rows, step = embedding_rows(words)
    exact = embed(m, ids, words)
    x = embed(m, ids, rows * step[:, None])
    layers = []
    for i in range(LAYERS):
        w = layer_weights(m, i)
        # The exact network, for the targets.
        qkv = exact @ w["qkv"].T + w["qkv_b"]
        context = attention(qkv, bounds)
        out = context @ w["out"].T + w["out_b"]
        h = norm(exact + out) * w["ln1_g"] + w["ln1_b"]
        up = h @ w["up"].T + w["up_b"]
        inner = gelu(up)
        down = inner @ w["down"].T + w["down_b"]
        # V is divided by what would make the context smooth, and "out" multiplied by it.
        d = smooth(context, w["out"])
        fold = np.concatenate([np.ones(2 * DIM), 1 / d])
        wq = w["qkv"] * fold[:, None]
        layer = {"qkv": Linear(wq, w["qkv_b"] * fold, smooth(exact, wq), True, x, qkv * fold)}
        context_q = attention(layer["qkv"](x), bounds)
        layer["out"] = Linear(w["out"] * d, w["out_b"], np.ones(DIM), False, context_q, out)
        hq = norm(x + layer["out"](context_q)) * w["ln1_g"] + w["ln1_b"]
        layer["up"] = Linear(w["up"], w["up_b"], smooth(h, w["up"]), True, hq, up)
        inner_q = gelu(layer["up"](hq))
        layer["down"] = Linear(w["down"], w["down_b"], smooth(inner, w["down"]), True, inner_q, down)
        x = norm(hq + layer["down"](inner_q)) * w["ln2_g"] + w["ln2_b"]
        exact = norm(h + down) * w["ln2_g"] + w["ln2_b"]
        layers.append(layer)
    return {"embedding": (rows, step), "layers": layers}


def vectors(x, bounds):
    """Mean over tokens, L2."""
    v = np.array([x[a:b].mean(0) for a, b in bounds])
    return v / np.linalg.norm(v, axis=1, keepdims=True)


def forward(m, ids, quantised=None):
    """Unit vectors of texts by the exact network, or by the quantised one: to measure what quantising costs."""
    bounds = np.cumsum([0] + [len(t) for t in ids])
    bounds = list(zip(bounds[:-1], bounds[1:]))
    if quantised:
        rows, step = quantised["embedding"]
        table = rows * step[:, None]
    else:
        table = m["embeddings.word_embeddings.weight"].astype(np.float64)
    x = embed(m, ids, table)
    for i in range(LAYERS):
        w = layer_weights(m, i)
        f = quantised["layers"][i] if quantised else {
            n: (lambda y, n=n: y @ w[n].T + w[n + "_b"]) for n in ("qkv", "out", "up", "down")}
        h = norm(x + f["out"](attention(f["qkv"](x), bounds))) * w["ln1_g"] + w["ln1_b"]
        x = norm(h + f["down"](gelu(f["up"](h)))) * w["ln2_g"] + w["ln2_b"]
    return vectors(x, bounds)
