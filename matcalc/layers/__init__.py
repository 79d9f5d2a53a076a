"""Networks from layer objects: each layer writes its equations in the input language."""

from .basic import (ELU, GELU, Activation, AveragePool, BatchNorm, Conv1d, Conv2d, Dropout, Embedding, LayerNorm,
                    LeakyReLU, Linear, ReLU, RMSNorm, Sigmoid, SiLU, Softmax, Softplus, Tanh)
from .graph import Add, Input, Residual, Sequential
from .losses import (AbsoluteError, BinaryCrossEntropy, Contrastive, CrossEntropy, GaussianLikelihood, Hinge, Huber,
                     KullbackLeibler, L1Penalty, MeanSquaredError, SigmoidCrossEntropy, SoftmaxCrossEntropy,
                     SquaredError, Triplet, WeightDecay)
from .network import Network
from .sequence import GRU, LSTM, RNN, Attention

__all__ = [
    "ELU", "GELU", "GRU", "LSTM", "RNN", "AbsoluteError", "Activation", "Add", "Attention", "AveragePool", "BatchNorm",
    "BinaryCrossEntropy", "Contrastive", "Conv1d", "Conv2d", "CrossEntropy", "Dropout", "Embedding",
    "GaussianLikelihood", "Hinge", "Huber", "Input", "KullbackLeibler", "L1Penalty", "LayerNorm", "LeakyReLU",
    "Linear", "MeanSquaredError", "Network", "RMSNorm", "ReLU", "Residual", "Sequential", "SiLU", "Sigmoid",
    "SigmoidCrossEntropy", "Softmax", "SoftmaxCrossEntropy", "Softplus", "SquaredError", "Tanh", "Triplet",
    "WeightDecay",
]
