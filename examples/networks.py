"""Networks as objects: matcalc derive examples/networks.py:attention"""

import matcalc as mc

classifier = mc.Network(mc.Linear("W1", "b1"), mc.Tanh(), mc.Linear("W2", "b2"), loss=mc.SoftmaxCrossEntropy())
attention = mc.Network(mc.Attention(mask="M"), loss=mc.SquaredError(), batch="rows")
