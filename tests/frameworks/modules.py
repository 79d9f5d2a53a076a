"""Modules of PyTorch: (module, example, loss) by name."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: its modules are NOT tested")

import matcalc as mc  # noqa: E402

nn, F = torch.nn, torch.nn.functional


def module(forward, **parts):
    """A module with these submodules and parameters; forward takes it and the example."""
    class Made(nn.Module):
        def __init__(self):
            super().__init__()
            for name, part in parts.items():
                setattr(self, name, part if isinstance(part, nn.Module) else nn.Parameter(part))

    def call(self, x):
        return forward(self, x)
    Made.forward = call
    return Made()


def attention(m, x):
    scores = m.q(x) @ m.k(x).transpose(-2, -1) / 3 ** 0.5
    return m.norm(torch.softmax(scores, -1) @ m.v(x) + x)


def fused(m, x):
    return F.scaled_dot_product_attention(m.q(x), m.k(x), m.v(x), attn_mask=m.mask)


class Classes(nn.Module):
    """Embedding, a buffer, and a loss of classes inside."""

    def __init__(self):
        super().__init__()
        self.table, self.out = nn.Embedding(7, 4), nn.Linear(4, 3)
        self.register_buffer("scale", torch.tensor([1.0, 2.0, 0.5]))

    def forward(self, tokens, classes):
        return F.cross_entropy(self.out(self.table(tokens)) * self.scale, classes)


class TwoInputs(nn.Module):
    """A loss of two inputs inside."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(4, 2)

    def forward(self, x, y):
        return F.mse_loss(self.out(x), y)


def activations(m, x):
    smooth = F.elu(x) + F.softplus(x) + F.logsigmoid(x) * m.w + F.silu(x) + F.gelu(x) + torch.erf(x)
    return smooth + F.leaky_relu(x, 0.2) + F.leaky_relu(x) - 3 / (2 + x * x) + torch.rsqrt(x * x + 1) + (1 - x) * 2


def standardised(m, x):
    centred = x - x.mean(-1, keepdim=True)
    return centred / ((centred ** 2).mean(1, keepdim=True) + 1e-5).sqrt() * m.w


def cases() -> dict:
    torch.manual_seed(0)
    r, shared = torch.randn, nn.Linear(3, 3)
    square = mc.SquaredError()
    qkv = {"q": nn.Linear(4, 3, bias=False), "k": nn.Linear(4, 3), "v": nn.Linear(4, 4)}
    return {
        "classifier": (nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2)), r(5, 4), mc.SoftmaxCrossEntropy()),
        "probabilities": (nn.Sequential(nn.Linear(4, 3), nn.Softmax(1)), r(5, 4), mc.CrossEntropy()),
        "distributions": (nn.Sequential(nn.Linear(4, 3), nn.Softmax(-1)), r(5, 4), mc.KullbackLeibler()),
        "logits": (nn.Linear(4, 3), r(5, 4), mc.SigmoidCrossEntropy()),
        "margins": (nn.Linear(4, 3), r(5, 4), mc.Hinge()),
        "one vector": (nn.Sequential(nn.Linear(3, 4), nn.GELU(), nn.LayerNorm(4), nn.Linear(4, 1)), r(3), square),
        "one row": (nn.Sequential(nn.Linear(3, 4), nn.SiLU(), nn.Linear(4, 2)), r(1, 3), square),
        "one output": (nn.Sequential(nn.Linear(3, 4), nn.SiLU(), nn.Linear(4, 1), nn.Flatten(0), nn.Sigmoid()),
                       r(6, 3), mc.BinaryCrossEntropy()),
        "used twice": (nn.Sequential(shared, nn.ReLU(), shared), r(5, 3), mc.MeanSquaredError()),
        "blocks": (nn.Sequential(*(nn.Sequential(nn.LayerNorm(4), nn.Linear(4, 4), nn.ReLU(inplace=True))
                                   for _ in range(3))), r(6, 4), square),
        "eval": (nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2), nn.Dropout()).eval(), r(5, 3), mc.AbsoluteError()),
        "batch statistics": (nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2), nn.Tanh()), r(5, 3), square),
        "statistics of each batch": (nn.BatchNorm1d(2, track_running_stats=False).eval(), r(5, 2), square),
        "gradient that is zero": (nn.Sequential(nn.Linear(4, 1), nn.LayerNorm(1)), r(5, 4), square),
        "root mean square": (nn.Sequential(nn.RMSNorm(4), nn.Linear(4, 2)), r(5, 4), square),
        "frozen": (nn.Sequential(nn.Linear(4, 3).requires_grad_(False), nn.Linear(3, 3)), r(5, 4), square),
        "attention": (module(attention, norm=nn.LayerNorm(4), **qkv), r(6, 4), square),
        "fused attention": (module(fused, mask=r(6, 6), **qkv), r(6, 4), square),
        "classes": (Classes(), (torch.tensor([1, 2, 3, 1]), torch.tensor([0, 2, 1, 0])), None),
        "two inputs": (TwoInputs(), (r(6, 4), r(6, 2)), None),
        "activations": (module(activations, w=r(4)), r(5, 4), square),
        "written out": (module(standardised, w=r(4)), r(6, 4), square),
        "residual": (module(lambda m, x: x + m.b(torch.relu(m.a(x))), a=nn.Linear(4, 3), b=nn.Linear(3, 4)), r(5, 4),
                     square),
        "axes": (module(lambda m, x: m.u.unsqueeze(1) * m.w.view(1, 4) * x + m.c, u=r(5), w=r(4), c=r(())), r(5, 4),
                 square),
        "column and vector": (module(lambda m, x: m.a(x) + x.sum(1), a=nn.Linear(4, 1)), r(5, 4), square),
        "vectors": (module(lambda m, x: (x @ m.A @ m.B).sum() ** 2 + (m.v @ x), A=r(4, 3), B=r(3, 2), v=r(4)), r(4),
                    None),
        "reduced": (module(lambda m, x: torch.logsumexp(x * m.w, 1).sum() / 6 + (x * m.w).mean(0).sum(), w=r(4)),
                    r(6, 4), None),
        "constants": (module(lambda m, x: x * torch.tensor(2.0) * m.w + torch.tensor([1.0, 2, 3, 4]), w=r(4)), r(6, 4),
                      square),
        "product and sum": (module(lambda m, x: torch.addmm(m.b, x, m.w.t()), w=r(3, 4), b=r(3)), r(6, 4), square),
        "names that are taken": (module(lambda m, x: (x * m.N + m.relu) * m.L + m.Y * m.a1 + m.lr,
                                        N=r(4), relu=r(4), L=r(4), Y=r(4), a1=r(4), lr=r(4)), r(5, 4), square),
    }
