from __future__ import annotations

import pytest

from hf_sluice.data.formats.graf import read_layer
from hf_sluice.errors import DataError

HEAD = '<graph xmlns="http://www.xces.org/ns/GrAF/1.0/"><graphHeader><roots><root node.id="n0"/></roots></graphHeader>'
LAYER = f"""<?xml version="1.0" encoding="UTF-8"?>{HEAD}
<region xml:id="r0" anchors="3 7"/><region anchors="7 7" xml:id="r1"/>
<node xml:id="n0"/>
<node xml:id="n1"><link targets="r0 r1"/></node>
<a xml:id="a0" label="tok" ref="n1"><fs><f name="msd" value="N&amp;N"/><f name="base"/><f name="x" value="y"/></fs></a>
<edge xml:id="e0" from="n0" to="n1"/><edge xml:id="e1" from="n0" to="elsewhere"/></graph>"""


def read(xml: str):
    return read_layer(xml.encode(), "a.xml", frozenset({"msd", "base"}))


def test_what_a_layer_holds():
    layer = read(LAYER)
    assert layer.regions == {"r0": (3, 7), "r1": (7, 7)}
    assert layer.links == {"n0": (), "n1": ("r0", "r1")}
    assert layer.labels == {"n1": "tok"}
    assert layer.features == {"n1": {"msd": "N&N"}}
    assert layer.edges == {"n0": ["n1", "elsewhere"]}
    assert layer.roots == ["n0"]
    assert (layer.label("n1"), layer.feature("n1", "msd"), layer.feature("n1", "base")) == ("tok", "N&N", "")


def test_a_node_without_annotation_is_named_when_its_label_is_asked_for():
    with pytest.raises(DataError, match=r"a\.xml: node 'n0' has no annotation"):
        read(LAYER).label("n0")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('anchors="3 7"', 'anchors="7 3"', r"a\.xml:2: anchors '7 3'; a first and a last offset"),
        ('anchors="3 7"', 'anchors="3"', r"a\.xml:2: anchors '3'"),
        ('anchors="3 7"', 'anchors="-3 7"', r"a\.xml:2: anchors '-3 7'"),
        (' anchors="3 7"', "", r"a\.xml:2: <region> without attribute 'anchors'"),
        ('"r1"', '"r0"', r"a\.xml:2: id 'r0' is given twice"),
        ('<node xml:id="n1">', '<node xml:id="n0">', r"a\.xml:4: id 'n0' is given twice"),
        ('ref="n1"', 'ref="n2"', r"a\.xml:5: an annotation of node 'n2', which does not come before it"),
        ("<edge", '<a label="b" ref="n1"/><edge', r"a\.xml:6: a second annotation of node 'n1'"),
        ('from="n0"', 'from="n9"', r"a\.xml: an edge from, or the root, 'n9', which is no node here"),
        ('node.id="n0"', 'node.id="n9"', r"a\.xml: an edge from, or the root, 'n9'"),
        ("<region ", '<f name="msd" value="x"/><region ', r"a\.xml:2: <f> outside of all annotations"),
        ("<region ", '<link targets="r0"/><region ', r"a\.xml:2: <link> outside of all nodes"),
        ("</graph>", "", r"a\.xml:6: no well-formed XML \(no element found\)"),
        ("<region ", "<region <", r"a\.xml:2: no well-formed XML \(not well-formed"),
    ],
)
def test_faults_are_named_with_their_line(old: str, new: str, message: str):
    with pytest.raises(DataError, match=message):
        read(LAYER.replace(old, new, 1))


def test_entities_cannot_be_defined():
    bomb = '<!DOCTYPE graph [<!ENTITY a "aaaaaaaaaa">]><graph><region xml:id="&a;" anchors="0 1"/></graph>'
    with pytest.raises(DataError, match=r"a\.xml:1: a document type declaration"):
        read(bomb)


def test_bytes_that_are_no_text_are_named():
    with pytest.raises(DataError, match=r"a\.xml:1: no well-formed XML"):
        read_layer(b'<graph><region xml:id="\xff" anchors="0 1"/></graph>', "a.xml")
