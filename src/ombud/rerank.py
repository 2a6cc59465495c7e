"""Claims ranked anew by meaning, for people to look at; an extra that needs a model.

The operator names a folder with `model.onnx`, a sentence model, and its `tokenizer.json`; nothing
is ever downloaded. A text is what the model's last layer says of its pieces, averaged (or the
model's own `sentence_embedding`), at length one; two texts are as alike as the product of both.

Such a model, in whole numbers or not, need not give the same on two machines. So it orders what a
person is shown and says nothing else: it opens no case, is no fact, and is no part of a verdict or
of a configuration. Where it cannot run, that is an error with its reason, never another order
without a word.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ombud import files
from ombud.errors import BadData, BadUse, catalogue

catalogue(
    U122=(
        "Claims cannot be ranked by meaning: {detail}.",
        "Install ombud[embed], and name under [claims] in ombud.toml a model that runs here.",
    ),
)

MODEL_FILE, TOKENIZER_FILE = "model.onnx", "tokenizer.json"
MODEL_BYTES_MAX = 1 << 31
TOKENIZER_BYTES_MAX = 1 << 27
TOKENS_MAX = 256
LETTERS_MAX = 4000  # of a text; a tokenizer reads the whole of what it is given
TOGETHER_MAX = 32  # texts in one run of the model


class Reranker:
    """A sentence model from a folder. `model` is SHA-256 in hex of its file. Raises BadUse U122."""

    def __init__(self, folder: Path) -> None:
        path = folder / MODEL_FILE
        try:
            import numpy as np
            import onnxruntime
            import tokenizers
        except ImportError as error:
            raise _unable(folder, f"the package {error.name} is not installed") from None
        try:
            self.model = _digest(path)
            written = files.content(folder / TOKENIZER_FILE, TOKENIZER_BYTES_MAX).decode()
        except OSError as error:
            raise _unable(folder, f"{MODEL_FILE} cannot be read ({error.strerror})") from None
        except BadData as error:
            raise _unable(folder, error.message.rstrip(".")) from None
        except UnicodeDecodeError:
            raise _unable(folder, f"{TOKENIZER_FILE} is no text") from None
        try:
            self._tokenizer = tokenizers.Tokenizer.from_str(written)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.log_severity_level = 4
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the libraries' errors have no common type  # noqa: BLE001
            raise _unable(path, f"it cannot be loaded ({type(error).__name__})") from None
        self._tokenizer.enable_truncation(TOKENS_MAX)
        self._tokenizer.enable_padding()
        self._np = np

    def order(self, text: str, others: Sequence[str]) -> list[tuple[int, int]]:
        """Some texts by how near they are to `text`: (permille, number), the nearest first."""
        if not others:
            return []
        vectors = self.vectors([text, *others])
        likeness = vectors[1:] @ vectors[0]
        found = [(round(1000 * float(each)), number) for number, each in enumerate(likeness)]
        return sorted(found, key=lambda each: (-each[0], each[1]))

    def vectors(self, texts: Sequence[str]) -> Any:
        """A numpy array with one row of length one for each text. Raises BadUse U122."""
        parts = []
        for start in range(0, len(texts), TOGETHER_MAX):
            part = [each[:LETTERS_MAX] for each in texts[start : start + TOGETHER_MAX]]
            try:
                parts.append(self._run(part))
            except Exception as error:  # as above  # noqa: BLE001
                raise _unable(MODEL_FILE, f"it fails at work ({type(error).__name__})") from None
        return self._np.concatenate(parts)

    def _run(self, texts: Sequence[str]) -> Any:
        np = self._np
        encoded = self._tokenizer.encode_batch(list(texts))
        asked = {
            "input_ids": [each.ids for each in encoded],
            "attention_mask": [each.attention_mask for each in encoded],
            "token_type_ids": [each.type_ids for each in encoded],
        }
        wanted = {each.name for each in self._session.get_inputs()}
        given = {
            name: np.asarray(rows, dtype=np.int64) for name, rows in asked.items() if name in wanted
        }
        named = [each.name for each in self._session.get_outputs()]
        whole = "sentence_embedding" in named
        found = self._session.run(["sentence_embedding" if whole else named[0]], given)[0]
        if not whole:
            mask = np.asarray(asked["attention_mask"], dtype=np.float32)[:, :, None]
            found = (found * mask).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return found / np.maximum(lengths, 1e-9)


def opened(named: str) -> Reranker:
    """The model that the settings name. Raises BadUse U122, also where they name none."""
    if not named:
        raise _unable("ombud.toml", "no model is named")
    return Reranker(Path(named))


def _unable(where: Path | str, detail: str) -> BadUse:
    return BadUse("U122", str(where), detail=detail)


def _digest(path: Path) -> str:
    with files.opened(path) as file:
        if files.size(file) > MODEL_BYTES_MAX:
            raise _unable(path, f"the model is larger than {MODEL_BYTES_MAX} bytes")
        return hashlib.file_digest(file, "sha256").hexdigest()
