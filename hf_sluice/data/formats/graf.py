"""GrAF, the stand-off XML of the American National Corpus: one file per layer of a text.

A layer holds regions (character offsets into the text), nodes (linked to regions, of this file or of the one that it
depends on), one annotation per node at most (a label with features) and edges (from a node to one of this or another
layer). Described by Ide and Suderman (2007), "GrAF: A Graph-based Format for Linguistic Annotations".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

_ID = "xml:id"


@dataclass(frozen=True, slots=True)
class GrafLayer:
    """One layer of a text.

    Args:
        name: the file, for error messages.
        regions: per region its first character and the one behind its last, counted from 0.
        links: per node the regions that it is linked to, in the order of the file; none for many.
        labels: per annotated node what it is.
        features: per node those features of its annotation that were asked for.
        edges: per node the nodes that its edges lead to, in the order of the file.
        roots: the nodes that the header calls roots.
    """

    name: str
    regions: dict[str, tuple[int, int]] = field(default_factory=dict)
    links: dict[str, tuple[str, ...]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    features: dict[str, dict[str, str]] = field(default_factory=dict)
    edges: dict[str, list[str]] = field(default_factory=dict)
    roots: list[str] = field(default_factory=list)

    def label(self, node: str) -> str:
        """What a node is; raises DataError where it has no annotation."""
        if node not in self.labels:
            raise DataError(self.name, None, f"node {node!r} has no annotation")
        return self.labels[node]

    def feature(self, node: str, name: str) -> str:
        """A feature of a node's annotation, empty where it has none of this name."""
        return self.features.get(node, {}).get(name, "")


def read_layer(xml: bytes, name: str, features: frozenset[str] = frozenset()) -> GrafLayer:
    """Reads one file. Entities cannot be defined in it, so that its size is that of what is built from it.

    Args:
        xml: the contents.
        name: the file's name, for error messages.
        features: which features of annotations are kept.

    Raises:
        DataError: no XML, a document type declaration, an attribute missing, an id or an annotation given twice, a
            region that is none, something that belongs to a node that there is not.
    """
    reader = _Reader(name, features)
    try:
        reader.parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise DataError(name, error.lineno, f"no well-formed XML ({expat.ErrorString(error.code)})") from None
    reader.check_edges()
    return reader.layer


class _Reader:
    """Takes the elements as the parser meets them; those of the header that are not named here are passed over."""

    def __init__(self, name: str, features: frozenset[str]) -> None:
        self.layer = GrafLayer(name)
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type
        self._wanted = features
        self._node: str | None = None
        self._annotated: str | None = None
        self._handlers = {
            "region": self._region,
            "node": self._begin_node,
            "link": self._link,
            "a": self._annotation,
            "f": self._feature,
            "edge": self._edge,
            "root": self._root,
        }

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        handle = self._handlers.get(element)
        if handle is None:
            return
        try:
            handle(attributes)
        except KeyError as missing:
            raise self._error(f"<{element}> without attribute {missing.args[0]!r}") from None

    def _error(self, message: str) -> DataError:
        return DataError(self.layer.name, self.parser.CurrentLineNumber, message)

    def _refuse_document_type(self, *_: object) -> None:
        raise self._error("a document type declaration; GrAF files have none, and it could define entities")

    def _region(self, attributes: dict[str, str]) -> None:
        anchors = attributes["anchors"].split()
        if len(anchors) != 2 or not all(map(str.isdecimal, anchors)) or int(anchors[0]) > int(anchors[1]):  # noqa: PLR2004 (a start and an end)
            raise self._error(f"anchors {attributes['anchors']!r}; a first and a last offset are expected")
        identifier = self._new(attributes[_ID], self.layer.regions)
        self.layer.regions[identifier] = (int(anchors[0]), int(anchors[1]))

    def _begin_node(self, attributes: dict[str, str]) -> None:
        self._node = self._new(attributes[_ID], self.layer.links)
        self.layer.links[self._node] = ()

    def _new(self, identifier: str, known: Mapping[str, object]) -> str:
        if identifier in known:
            raise self._error(f"id {identifier!r} is given twice")
        return identifier

    def _link(self, attributes: dict[str, str]) -> None:
        if self._node is None:
            raise self._error("<link> outside of all nodes")
        self.layer.links[self._node] += tuple(attributes["targets"].split())

    def _annotation(self, attributes: dict[str, str]) -> None:
        node = attributes["ref"]
        if node not in self.layer.links:
            raise self._error(f"an annotation of node {node!r}, which does not come before it")
        if node in self.layer.labels:
            raise self._error(f"a second annotation of node {node!r}")
        self.layer.labels[node] = attributes["label"]
        self._annotated = node

    def _feature(self, attributes: dict[str, str]) -> None:
        if self._annotated is None:
            raise self._error("<f> outside of all annotations")
        if attributes["name"] in self._wanted and "value" in attributes:
            self.layer.features.setdefault(self._annotated, {})[attributes["name"]] = attributes["value"]

    def _edge(self, attributes: dict[str, str]) -> None:
        self.layer.edges.setdefault(attributes["from"], []).append(attributes["to"])

    def _root(self, attributes: dict[str, str]) -> None:
        self.layer.roots.append(attributes["node.id"])

    def check_edges(self) -> None:
        """Edges may lead to another layer, but must begin in this one; so must the roots lie in it."""
        for node in (*self.layer.edges, *self.layer.roots):
            if node not in self.layer.links:
                raise DataError(self.layer.name, None, f"an edge from, or the root, {node!r}, which is no node here")
