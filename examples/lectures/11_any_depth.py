"""Lecture item 11: the backpropagation algorithm in a box, for any number of layers."""

import matcalc as mc

print(mc.backpropagation("g", output="softmax"))
