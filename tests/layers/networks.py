"""Networks, with the backward equations that the standard references print."""

from __future__ import annotations

import matcalc as mc

_shared = mc.Linear("W", "b")
_anchor, _near, _far = mc.Input("x1", "n"), mc.Input("x2", "n"), mc.Input("x3", "n")
_steps = [mc.Input(f"x{t}", "n") for t in (1, 2, 3)]

# name: (network, {name: dL/dname in named intermediates})
NETWORKS = {
    "three linear layers (FAU 3)": (
        mc.Network(mc.Linear("W1", name="f1"), mc.Linear("W2", name="f2"), mc.Linear("W3", name="f3"),
                   loss=mc.SquaredError()),
        {"f3": "f3 - y", "W3": "(dL/df3)*f2'", "W2": "(dL/df2)*f1'", "W1": "(dL/df1)*x'", "f1": "W2'*(dL/df2)"}),
    "classification (CS7015 4)": (
        mc.Network(mc.Linear("W1", "b1"), mc.Tanh(), mc.Linear("W2", "b2"), loss=mc.SoftmaxCrossEntropy()),
        {"a2": "yhat - y", "W2": "(dL/da2)*h1'", "b2": "dL/da2", "a1": "(dL/dh1) .* (1 - h1.^2)", "x": "W1'*(dL/da1)"}),
    "batch of columns": (
        mc.Network(mc.Linear("W1", "b1"), mc.ReLU(), mc.Linear("W2", "b2"), loss=mc.SoftmaxCrossEntropy(),
                   batch="columns"),
        {"A2": "1/N*(Yhat - Y)", "W2": "(dL/dA2)*H1'", "b2": "(dL/dA2)*ones", "A1": "(dL/dH1) .* step(A1)"}),
    "transposed convention (UvA 2)": (
        mc.Network(mc.Linear("w1", transposed=True), mc.Sigmoid(), mc.Linear("w2", transposed=True),
                   loss=mc.SquaredError()),
        {"w1": "x*(dL/da1)'", "x": "w1*(dL/da1)", "a1": "(dL/dh1) .* h1 .* (1 - h1)"}),
    "torch's convention": (
        mc.Network(mc.Linear("W", "b", transposed=True), loss=mc.MeanSquaredError(), batch="rows"),
        {"W": "(dL/dA1)'*X", "X": "(dL/dA1)*W", "b": "(dL/dA1)'*ones"}),
    "batch normalisation (Ioffe, Szegedy 2015)": (
        mc.Network(mc.Linear("W"), mc.BatchNorm(), loss=mc.SquaredError(), batch="rows"),
        {"gamma": "((dL/dZ1) .* xhat1)'*ones", "beta": "(dL/dZ1)'*ones",
         "A1": "(dL/dxhat1 - 1/N*vector(1)*colsum(dL/dxhat1) - 1/N*xhat1 .* (vector(1)*colsum((dL/dxhat1) .* xhat1)))"
               " ./ (vector(1)*std_cols(A1, eps))"}),
    "layer normalisation (Ba et al. 2016)": (
        mc.Network(mc.Linear("W"), mc.LayerNorm(), loss=mc.SquaredError()),
        {"gamma": "(dL/dz1) .* xhat1",
         "a1": "1/std(a1, eps)*(dL/dxhat1 - 1/n1*sum(dL/dxhat1)*vector(1) - 1/n1*((dL/dxhat1)'*xhat1)*xhat1)"}),
    "RMS normalisation (Zhang, Sennrich 2019)": (
        mc.Network(mc.Linear("W"), mc.RMSNorm(), loss=mc.SquaredError()),
        {"a1": "1/rms(a1, eps)*(dL/dxhat1 - 1/n1*((dL/dxhat1)'*xhat1)*xhat1)"}),
    "dropout": (
        mc.Network(mc.Linear("W"), mc.Dropout("m", keep="q"), loss=mc.SquaredError()),
        {"a1": "1/q*(dL/dr1) .* m"}),
    "residual connection (He et al. 2016)": (
        mc.Network(mc.Residual(mc.Linear("W1", features="n0"), mc.Tanh()), loss=mc.SquaredError()),
        {"x": "dL/ds1 + W1'*(dL/da1)", "W1": "(dL/da1)*x'"}),
    "attention (Vaswani et al. 2017; Dao et al. 2022, B)": (
        mc.Network(mc.Attention(mask="M"), loss=mc.SquaredError(), batch="rows"),
        {"S": "P .* (dL/dP - rowsum(P .* (dL/dP))*vector(1)')", "V": "P'*(dL/dO)", "P": "(dL/dO)*V'",
         "Q": "1/sqrt(dk)*(dL/dS)*K", "K": "1/sqrt(dk)*(dL/dS)'*Q", "WQ": "X'*(dL/dQ)"}),
    "two heads": (
        mc.Network(mc.Attention(heads=2), loss=mc.SquaredError(), batch="rows"),
        {"WO2": "O2'*(dL/dZ1)", "O1": "(dL/dZ1)*WO1'"}),
    "cross-attention": (
        mc.Network(mc.Attention()(mc.Input("x", "n"), mc.Input("z", "n")), loss=mc.SquaredError(), batch="rows"),
        {"Z": "(dL/dV)*WV' + (dL/dK)*WK'", "X": "(dL/dQ)*WQ'"}),
    "convolution as a Toeplitz product": (
        mc.Network(mc.Conv1d("w"), mc.ReLU(), mc.AveragePool(), loss=mc.SquaredError()),
        {"T1": "(dL/dz1)*x'", "x": "T1'*(dL/dz1)", "w_2": "tr((dL/dT1)'*S2)", "h1": "P'*(dL/dz2)"}),
    "convolution of an image": (
        mc.Network(mc.Conv2d("w"), loss=mc.SquaredError(), input=mc.Input("X", "h x w")),
        {"w_12": "tr((dL/dZ1)'*R1*X*C2')"}),
    "embedding": (
        mc.Network(mc.Embedding(), mc.Linear("W"), loss=mc.SoftmaxCrossEntropy(),
                   input=mc.Input("x", "V", "constant", "onehot"), batch="rows"),
        {"E": "X'*(dL/dE1)"}),
    "backpropagation through time (Goodfellow 10.2.2)": (
        mc.Network(mc.RNN()(*_steps), mc.Linear("V", "c"), loss=mc.SquaredError()),
        {"h2": "W'*(dL/da3)", "W": "(dL/da3)*h2' + (dL/da2)*h1' + (dL/da1)*h0'",
         "U": "(dL/da3)*x3' + (dL/da2)*x2' + (dL/da1)*x1'", "b": "dL/da3 + dL/da2 + dL/da1"}),
    "long short-term memory": (
        mc.Network(mc.LSTM()(*_steps[:2]), loss=mc.SquaredError()),
        {"c1": "(dL/dc2) .* f2 + (dL/dh1) .* o1 .* (1 - tanh(c1).^2)", "f2": "(dL/dc2) .* c1",
         "bo": "(dL/do2) .* o2 .* (1 - o2) + (dL/do1) .* o1 .* (1 - o1)"}),
    "gated recurrent unit": (
        mc.Network(mc.GRU()(*_steps[:2]), loss=mc.SquaredError()),
        {"z2": "(dL/dh2) .* (h1 - v2)", "v2": "(dL/dh2) .* (1 - z2)"}),
    "autoencoder with tied weights": (
        mc.Network(mc.Linear("W", "b1"), mc.Sigmoid(), mc.Linear("W", "b2", transposed=True),
                   loss=mc.SquaredError("x0")),
        {"W": "h1*(dL/da2)' + (dL/da1)*x'", "h1": "W*(dL/da2)"}),
    "triplet loss": (
        mc.Network(mc.Triplet()(_shared(_anchor), _shared(_near), _shared(_far))),
        {"b": "dL/da3 + dL/da2 + dL/da1"}),
    "contrastive loss": (
        mc.Network(mc.Contrastive()(_shared(_anchor), _shared(_near))), {"a1": "1/d*(dL/dd)*(a1 - a2)"}),
    "Huber loss": (
        mc.Network(mc.Linear("W"), loss=mc.Huber()),
        {"a1": "a1 - y - relu(abs(a1 - y) - delta*ones) .* sign(a1 - y)"}),
    "absolute error": (mc.Network(mc.Linear("W"), loss=mc.AbsoluteError()), {"a1": "sign(a1 - y)"}),
    "binary cross-entropy": (
        mc.Network(mc.Linear("W", "b"), loss=mc.SigmoidCrossEntropy(), batch="columns"), {"A1": "1/N*(Yhat - Y)"}),
    "probabilities": (
        mc.Network(mc.Linear("W"), mc.Sigmoid(), loss=mc.BinaryCrossEntropy()), {"a1": "h1 - y"}),
    "Kullback-Leibler": (
        mc.Network(mc.Linear("W"), mc.Softmax(), loss=mc.KullbackLeibler()), {"a1": "p1 - y"}),
    "Gaussian, covariance": (
        mc.Network(mc.Linear("W"), loss=mc.GaussianLikelihood()),
        {"S": "1/2*(inv(S) - inv(S)*(y - a1)*(y - a1)'*inv(S))", "a1": "-inv(S)*(y - a1)"}),
    "Gaussian, precision": (
        mc.Network(mc.Linear("W"), loss=mc.GaussianLikelihood(matrix="P", by="precision")),
        {"P": "1/2*((y - a1)*(y - a1)' - inv(P))"}),
    "hinge with l1": (
        mc.Network(mc.Linear("W"), loss=mc.Hinge(), batch="rows", penalties=mc.L1Penalty("W")),
        {"W": "lam*sign(W) + X'*(dL/dA1)"}),
    "weight decay": (
        mc.Network(mc.Linear("W1"), mc.Linear("W2"), loss=mc.SquaredError(), penalties=mc.WeightDecay("W1", "W2")),
        {"W1": "lam*W1 + (dL/da1)*x'"}),
}
