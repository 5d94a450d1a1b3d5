"""Made-up documents in the form of MASC."""

import tarfile

from hf_sluice.data.corpora.masc_archives import Document
from hf_sluice.data.formats.graf import read_layer

FEATURES = frozenset({"msd", "cat", "roles"})


def graf(*elements: str) -> str:
    return f'<graph xmlns="http://www.xces.org/ns/GrAF/1.0/">{"".join(elements)}</graph>'


def region(name: str, start: int, end: int) -> str:
    return f'<region xml:id="{name}" anchors="{start} {end}"/>'


def node(name: str, *regions: str, label: str = "", **features: str) -> str:
    link = f'<link targets="{" ".join(regions)}"/>' if regions else ""
    held = "".join(f'<f name="{key}" value="{value}"/>' for key, value in features.items())
    annotation = f'<a xml:id="{name}-a" label="{label}" ref="{name}" as="x"><fs>{held}</fs></a>' if label else ""
    return f'<node xml:id="{name}">{link}</node>{annotation}'


def edges(source: str, *targets: str) -> str:
    return "".join(f'<edge xml:id="{source}-{target}" from="{source}" to="{target}"/>' for target in targets)


def segments(text: str, forms: list[str]) -> str:
    """The forms' places in the text, from left to right, as regions r0, r1, …"""
    regions, end = [], 0
    for i, form in enumerate(forms):
        start = text.index(form, end)
        end = start + len(form)
        regions.append(region(f"r{i}", start, end))
    return graf(*regions)


def tokens(tags: list[str]) -> str:
    """One token t0, t1, … per region, in reversed order, as the order in the files means nothing."""
    return graf(*[node(f"t{i}", f"r{i}", label="tok", msd=tag) for i, tag in enumerate(tags)][::-1])


def sentences(*spans: tuple[str, int, int]) -> str:
    places = [region(f"p{i}", start, end) for i, (_, start, end) in enumerate(spans)]
    return graf(*places, *[node(f"s{i}", f"p{i}", label=label) for i, (label, _, _) in enumerate(spans)])


def spans(*held: tuple[str, list[int]]) -> str:
    nodes = [node(f"c{i}", label=label) for i, (label, _) in enumerate(held)]
    return graf(*nodes, *[edges(f"c{i}", *[f"t{word}" for word in words]) for i, (_, words) in enumerate(held)])


def document(text: str, name: str = "a", **layers: str) -> Document:
    read = {layer: read_layer(xml.encode(), f"{name}-{layer}.xml", FEATURES) for layer, xml in layers.items()}
    return Document(name, "blog", name, text, read)


def pack(path, members: dict[str, str | bytes]) -> None:
    source = path.parent / "member"
    with tarfile.open(path, "w:xz") as tar:
        for name, content in members.items():
            source.write_bytes(content if isinstance(content, bytes) else content.encode())
            tar.add(source, arcname=name)
    source.unlink()
