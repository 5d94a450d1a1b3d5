"""Run by test_remote_loading.py in an environment that has torch and transformers alone.

Arguments: the folder of packages, a folder of a model with its code, and where to write what was found.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])

import huggingface_hub.constants
import torch
from safetensors.torch import save_file
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForTokenClassification,
    AutoTokenizer,
    logging,
    pipeline,
)

logging.set_verbosity_error()
SENTENCES = ["The old bank raised the price of the new loan .", "Ann Lee met 12 people .", ""]


@torch.no_grad()
def look(name, **source):
    """Logits and labels of what a name loads, by all ways there are."""
    source = {"trust_remote_code": True, **source}
    tokenizer = AutoTokenizer.from_pretrained(name, **source)
    model = AutoModelForTokenClassification.from_pretrained(name, **source)
    inputs = tokenizer(SENTENCES[:2], padding=True, return_tensors="pt")
    logits = model(**inputs).logits
    states = AutoModel.from_pretrained(name, **source)(**inputs).last_hidden_state
    tagger = pipeline("multitask-token-classification", model=name, **source)
    labels = {task: of.tolist() for task, of in model.decode(logits, inputs["attention_mask"]).items()}
    tensors = {**logits, "states": states.contiguous()}
    return tensors, {
        "labels": labels,
        "tagged": tagger(SENTENCES),
        "tasks": AutoConfig.from_pretrained(name, **source).task_names,
    }


def main(folder, target):
    found = {
        "sluice": look("user/sluice"),
        "revision": look("user/sluice", revision="before"),
        "sparse": look("user/sparse"),
        "folder": look(folder),
    }
    tagger = pipeline("multitask-token-classification", model="user/sparse", trust_remote_code=True)
    tagger.model.push_to_hub("user/again", tokenizer=tagger.tokenizer)
    huggingface_hub.constants.HF_HUB_OFFLINE = True
    found["offline"] = look("user/sluice")
    tensors = {f"{where}/{name}": of for where, (of_one, _) in found.items() for name, of in of_one.items()}
    save_file(tensors, f"{target}/tensors.safetensors")
    others = [name for name in sys.modules if name.split(".")[0] in {"hf_sluice", "datasets", "pydantic"}]
    values = {"found": {where: values for where, (_, values) in found.items()}, "others": others}
    Path(target, "values.json").write_text(json.dumps(values), encoding="utf-8")


main(*sys.argv[2:])
