"""The documents of MASC, read from the archives of the genres without unpacking them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hf_sluice.data.formats.graf import GrafLayer, read_layer
from hf_sluice.data.reading import iter_member_bytes
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_ENDING = ".tar.xz"
_TEXT = ".txt"
_ALWAYS = ("seg", "s", "penn")
_FEATURES = frozenset({"msd", "cat", "roles"})  # tags; categories and function tags of constituents
TREEBANK_LAYERS = ("ptbtok", "ptb")
"""The words and the trees of the Penn Treebank, which some documents have."""


class Document(NamedTuple):
    """A text with its layers.

    Args:
        name: unique in the corpus.
        genre: the archive's name without ``spoken-`` or ``written-``.
        path: the archive and the document in it, for error messages.
        text: what the offsets of the layers count in.
        layers: by the names that the files of a document end in: ``seg`` (regions), ``s`` (sentences), ``penn``
            (tokens), ``nc``, ``vc`` (chunks), ``ne`` (names), ``ptbtok``, ``ptb`` (Penn Treebank).
    """

    name: str
    genre: str
    path: str
    text: str
    layers: Mapping[str, GrafLayer]


def read_documents(folder: Path, layers: frozenset[str]) -> Iterator[Document]:
    """Reads the documents of all genres, one archive at a time, in the order of genres and names.

    Args:
        folder: holds ``spoken-<genre>.tar.xz`` and ``written-<genre>.tar.xz``.
        layers: which layers are parsed besides the regions, the sentences and the tokens.

    Raises:
        DataError: no archives, two documents of one name, a document without a layer (only those of the Treebank may
            be missing, and both then), or what reading raises.
    """
    archives = sorted(folder.glob(f"*-*{_ENDING}"))
    if not archives:
        raise DataError(folder, None, f"no archives spoken-<genre>{_ENDING} or written-<genre>{_ENDING} in this folder")
    wanted = (*_ALWAYS, *sorted(layers.difference(_ALWAYS)))
    seen: dict[str, str] = {}
    for archive in archives:
        genre = archive.name.removesuffix(_ENDING).partition("-")[2]
        for document in _documents(archive, genre, wanted):
            if document.name in seen:
                raise DataError(
                    document.path, None, f"a second document of this name; the first is {seen[document.name]}"
                )
            seen[document.name] = document.path
            yield document


def _documents(archive: Path, genre: str, wanted: tuple[str, ...]) -> list[Document]:
    texts: dict[str, str] = {}
    layers: dict[str, dict[str, GrafLayer]] = {}
    for name, content in iter_member_bytes(archive, (_TEXT, *(f"-{layer}.xml" for layer in wanted))):
        if name.endswith(_TEXT):
            path = name.removesuffix(_TEXT)
            texts[path] = _text(content, name)
            layers.setdefault(path, {})
        else:
            path, _, ending = name.rpartition("-")
            layers.setdefault(path, {})[ending.removesuffix(".xml")] = read_layer(content, name, _FEATURES)
    for path, found in layers.items():
        _check_complete(path, texts, found, wanted)
    return [Document(_name(path), genre, path, texts[path], layers[path]) for path in sorted(texts)]


def _name(path: str) -> str:
    return path.rpartition("!")[2].rpartition("/")[2]


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(name, None, f"not UTF-8 (byte {error.start + 1}); save it as UTF-8") from None


def _check_complete(
    path: str, texts: Mapping[str, str], found: Mapping[str, GrafLayer], wanted: tuple[str, ...]
) -> None:
    if path not in texts:
        raise DataError(path, None, f"the text ({_TEXT}) of this document is missing in the archive")
    has_trees = any(layer in found for layer in TREEBANK_LAYERS)
    for layer in wanted:
        if layer not in found and (layer not in TREEBANK_LAYERS or has_trees):
            raise DataError(path, None, f"the layer -{layer}.xml of this document is missing in the archive")
