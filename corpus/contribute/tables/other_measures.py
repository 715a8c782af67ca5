"""What a column may hold that is no measure of a paper's file: other measures by name, settings, links."""

from __future__ import annotations

import re

OTHER_MEASURES: dict[str, str] = {
    "training FLOPs": r"(?:train(?:ing)?|search)\W.*(?:flops|macs)|(?:flops|macs)\W.*train(?:ing)?",
    "FLOPs that a GPU can use": r"gpu[\s-]supported.*",
    "accuracy before fine-tuning": r".*(?:before|without|w/?o)\s(?:any\s)?(?:fine[\s-]?tun|ft\b|retrain).*",
    "perplexity": r"ppl|perplexity|wiki-?text-?2?|ptb|c4",
    "sparsity of activations": r"activation sparsity",
    "throughput": r"fps|throughputs?|(?:tokens|imgs?|images|samples)/s(?:ec)?|qps",
    "latency": r"latency|delay|ms|cost\s*\(ms\)|(?:inf|inference|cpu|gpu)\W?\s?time|tensorrt|run-?time",
    "time": r"time|epochs?|seconds?|hours?|cost|iterations?|steps?",
    "memory": r"mem(?:ory)?\.?|rm|wm|gb|gib|mib|vram",
    "model size": r"size|mb|kb|bytes|storage",
    "energy": r"energy|power|joules?|mj",
    "bits of a weight": r"bits?|bit-?width|precision",
    "average precision": r"map|m?ap(?:50|75|50-95|@[.\d:]+)?",
    "F1 or exact match": r"f1|em|exact match",
    "quality of generated text": r"bleu|rouge(?:-?[12l])?|cider|spice|meteor|spearman|pearson|mcc|matthews",
    "retrieval": r"r@\d+|recall(?:@\d+)?|[it]r@\d+|ndcg",
    "segmentation": r"m?iou|dice|psnr|ssim|fid",
    "accuracy of a named task": (
        r"boolq|piqa|rte|hella\s?swag|wino\s?grande|arc(?:[\s-]?[ec]|[\s-]easy|[\s-]challenge)?|obqa|openbook\s?qa"
        r"|mmlu|truthfulqa|gsm8k|math\s?qa|mnli(?:-mm?)?|qqp|qnli|sst-?2|cola|sts-?b|mrpc|squad.*|nlvr2?|vqa(?:v?2)?"
        r"|average|avg\.?|mean|humaneval|mbpp|lambada|csqa|mm acc|m-acc"
    ),
    "loss": r"(?:val(?:idation)?\s|test\s|train(?:ing)?\s)?loss",
    "units of structure": r"channels?|filters?|neurons?|layers?|heads?|blocks?|depth|tokens",
    "correlation or exploration": r"rs|r_s|kendall|tau|exploration",
}
"""Each measure with the words that name it; patterns are of small letters and stand between other words."""
WHOLE_SETTINGS = r"rank|no\.?|#|id|index|source|row|exp(?:eriment)?\.?(?: no\.?)?"
"""As SETTINGS, where they are all of the head."""
SETTINGS = (
    r"lr|learning rate|lr[_ ]type|weight decay|momentum|beta|rho|lambda|seq(?:uence)?\W?\s?len(?:gth)?"
    r"|seqlen|batch(?: size)?|seed|year|sequence length|temperature|alpha|groups?|preference beta|training/eval seqlen"
)
"""Numbers that say how a row was made."""
LINKS = (
    r"download|links?|url|checkpoints?|ckpts?|configs?|logs?|google drive|baidu.*|model links?|model id|code"
    r"|weights?\s?file|modellink|model files?|releases?|onnx"
)
"""Heads of columns that point elsewhere."""
IMAGE_TASKS = r"imagenet|cifar|top\W?[15]|acc"


def other_measure(head: str) -> str:
    """The measure that a column's name in small letters says, if papers' files have no key for it; else nothing.

    >>> other_measure("ppl (dense)")
    'perplexity'
    """
    for name, words in OTHER_MEASURES.items():
        if says(head, words):
            return name
    return ""


def says(text: str, words: str) -> bool:
    """Whether one of these words (a regular expression) stands in a text of small letters, not inside another word."""
    return re.search(rf"(?<![a-z0-9_])(?:{words})(?![a-z0-9_])", text) is not None
