"""Diagrams of a model: the computational graph, the layers; laid out, drawn, written as SVG or TikZ."""
