"""Every page and deck in HTML: well-formed, MathML Core, nothing from elsewhere, readable."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from matcalc.cookbook import table as cookbook
from matcalc.render import cookbook_page

from ..expr.test_mathml import assert_core
from .contrast import ENOUGH, contrast, palettes
from .gallery import examples, renderings

ELEMENTS = {"html", "head", "meta", "title", "style", "body", "main", "section", "h1", "h2", "h3", "p", "div", "span",
            "ul", "ol", "li", "table", "tr", "th", "td", "footer", "cite", "figure"}
PICTURE = {"svg", "title", "desc", "style", "defs", "marker", "path", "g", "text", "tspan", "rect", "line", "polyline"}
INSIDE = {"ul": {"li"}, "ol": {"li"}, "table": {"tr"}, "tr": {"th", "td"}, "html": {"head", "body"},
          "head": {"meta", "title", "style"}}  # what may stand in what
PHRASING = {"p", "h1", "h2", "h3", "span", "th", "cite"}  # hold words and formulas, no blocks
BLOCKS = {"p", "div", "figure", "section", "ul", "ol", "table", "h1", "h2", "h3", "main", "footer"}


def decks():
    return ((name, d.render("slides")) for name, d in examples().items())


def cookbooks():
    table = cookbook.load()
    return [("cookbook", cookbook_page.page(table, cookbook.coverage(table)))]


def parsed(html: str) -> ET.Element:
    assert html.startswith("<!DOCTYPE html>\n")
    return ET.fromstring(re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL).removeprefix("<!DOCTYPE html>"))


@pytest.mark.parametrize("pages", [lambda: renderings("html", ("nabla rules", "index")), decks, cookbooks],
                         ids=["pages", "decks", "cookbook"])
def test_every_page(pages):
    for name, html in pages():
        faults = [*structure(parsed(html)), *references(html)]
        assert faults == [], name


def structure(root: ET.Element):
    """What is wrong with the elements of a page."""
    yield from _head(root)
    levels = [int(e.tag[1]) for e in root.iter() if e.tag in ("h1", "h2", "h3")]
    if levels[0] != 1 or levels.count(1) != 1 or any(b - a > 1 for a, b in pairwise(levels)):
        yield f"headings {levels}"
    ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
    if len(set(ids)) != len(ids):
        yield f"ids {ids}"
    yield from _elements(root)


def _head(root: ET.Element):
    if root.attrib.get("lang") != "en":
        yield "no language"
    if not "".join(root.find("head/title").itertext()).strip() or root.find("head/meta[@charset='utf-8']") is None:
        yield "no title or character set"
    if root.find("head/meta[@name='viewport']") is None:
        yield "no viewport"


def _elements(element: ET.Element):
    """Unknown elements, and elements where they may not stand."""
    for child in element:
        if child.tag == "math":
            for part in child.iter():
                part.attrib.pop("data-since", None)
            assert_core(child)
            continue
        if child.tag == "svg":
            yield from (f"{e.tag} in a picture" for e in child.iter() if e.tag not in PICTURE)
            continue
        if child.tag not in ELEMENTS or child.tag not in INSIDE.get(element.tag, {child.tag}):
            yield f"{child.tag} in {element.tag}"
        if element.tag in PHRASING and child.tag in BLOCKS:
            yield f"the block {child.tag} in {element.tag}"
        if forbidden := {a for a in child.attrib if a.startswith("on") or a in ("style", "src", "href")}:
            yield f"{child.tag} with {forbidden}"
        if child.tag in ("p", "li", "td", "th", "h1", "h2", "h3") and child.tag != "td" and not "".join(child.itertext()).strip():
            yield f"an empty {child.tag}"
        yield from _elements(child)


def references(html: str):
    """What would ask the network, or another file."""
    yield from re.findall(r"https?:|url\((?!#)|@import|<link|<img|<iframe|src=|href=", html)
    if "default-src 'none'" not in html:
        yield "no policy"


@pytest.mark.parametrize("format", ["html", "slides"])
def test_colours_can_be_read(format):
    d = examples()["three_layer.mc"]
    light, dark, paper = palettes(d.render(format))
    for colours in (light, dark, paper):
        for name in ("ink", "quiet", "mark"):
            assert contrast(colours[name], colours["paper"]) >= ENOUGH, (name, colours)
    assert contrast("#000000", "#ffffff") == 21 and contrast("#777777", "#ffffff") < ENOUGH


def test_faults_are_found():
    page = ('<html lang="en"><head><meta charset="utf-8" /><meta name="viewport" /><title>t</title></head>'
            '<body><h1>a</h1>{}</body></html>')
    for bad in ("<h3>b</h3>", "<h1>b</h1>", '<p id="a">a</p><p id="a">b</p>', "<p><div>a</div></p>", "<ul><p>a</p></ul>",
                "<blink>a</blink>", '<p onclick="x">a</p>', "<p></p>"):
        assert list(structure(ET.fromstring(page.format(bad)))), bad
    assert list(structure(ET.fromstring(page.format("<h2>b</h2><h3>c</h3><p>d</p>")))) == []
    assert list(references('<p>default-src \'none\' http://a</p>')) == ["http:"]
