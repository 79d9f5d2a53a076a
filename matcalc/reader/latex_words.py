"""The LaTeX commands that are read, by what they stand for."""

from __future__ import annotations

from ..expr.names import GREEK
from ..rules import FUNCTION_NAMES
from .vocabulary import OPERATIONS

# Commands that only move ink; the ones with a number drop so many arguments too.
LAYOUT = dict.fromkeys(
    """left right big Big bigg Bigg bigl bigr bigm Bigl Bigr biggl biggr Biggl Biggr quad qquad displaystyle
    textstyle limits nolimits nonumber notag rm bf it hfill middle allowbreak smallskip medskip noindent par
    mathstrut strut thinspace negthinspace enspace blacksquare square Box qed qedhere""".split(), 0) | {"label": 1, "tag": 1, "hspace": 1, "vspace": 1,
                                                                      "phantom": 1, "color": 1}
LAYOUT_SIGNS = ",;:!> /()[]"
STYLES = set("""mathbf boldsymbol bm mathit mathcal mathscr mathfrak pmb textbf boxed ensuremath mathbb mathds mathbbm
    underbrace overbrace underline vec mathop mathrel mathbin pmb symbf""".split())
WORDS = set("text mathrm operatorname textrm mbox mathsf mathtt textit texttt textup textsf".split())
ACCENTS = {"hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "bar", "overline": "bar",
           "dot": "dot", "ddot": "ddot"}
LETTERS = {g: g for g in GREEK} | {"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "varrho": "rho",
                                    "varsigma": "sigma", "ell": "ell", "top": "T", "intercal": "T"}
OPERATORS = {"cdot": "*", "times": "*", "ast": "*", "odot": ".*", "circ": ".*", "oslash": "./", "otimes": "kron",
             "div": "/", "prime": "'", "equiv": "=", "coloneqq": "=", "triangleq": "=", "lbrace": "(", "rbrace": ")",
             "lbrack": "(", "rbrack": ")", "gt": ">", "lt": "<", "geq": ">", "ge": ">", "leq": "<", "le": "<",
             "geqslant": ">", "leqslant": "<", "bullet": "*", "ne": "≠", "neq": "≠"}
SEPARATORS = {"Rightarrow", "implies", "Longrightarrow", "therefore", "because", "newline", "longrightarrow"}
BARS = {"lVert": ("||", 1), "rVert": ("||", -1), "Vert": ("||", 0), "lvert": ("|", 1), "rvert": ("|", -1),
        "vert": ("|", 0), "mid": ("|", 0), "|": ("||", 0)}
FRACTIONS = {"frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"}
SHELLS = {"aligned", "align", "align*", "equation", "equation*", "gather", "gather*", "gathered", "split",
          "multline", "multline*", "math", "displaymath", "eqnarray", "eqnarray*"}
# What a function may be called in upright letters.
SPELLED = {"Tr": "tr", "Diag": "diag", "Vec": "vec", "softmax": "softmax", "Softmax": "softmax", "sigm": "sigmoid",
           "SoftMax": "softmax", "Sigmoid": "sigmoid", "relu": "relu", "Relu": "relu", "RELU": "relu",
           "LSE": "logsumexp", "Det": "det", "trace": "tr", "Trace": "tr", "Tanh": "tanh", "Log": "log",
           "LeakyReLU": "leaky_relu", "ELU": "elu", "GELU": "gelu", "SiLU": "silu", "MSE": "mse", "BCE": "bce",
           "CE": "cross_entropy", "Exp": "exp", "arctg": "arctan", "tg": "tan"}
FUNCTIONS = {n: n for n in (*FUNCTION_NAMES, *OPERATIONS)} | SPELLED
COMMAND_FUNCTIONS = set("sin cos tan sinh cosh tanh arcsin arccos arctan exp log ln det max min".split())
CONNECTIVES = set("""where with and for let here so then thus hence therefore since using gives get we have i.e. ie
    which is by from now define setting note that as put denote or the gradient derivative answer result finally
    equals obtain yields because this""".split())
# What comes behind these words explains the answer; it is not the answer.
ASIDES = {"where", "with", "for", "since", "because", "as", "using", "by", "from", "note", "which"}
INDICATORS = {"mathbf", "mathbb", "mathds", "mathbbm", "boldsymbol", "bm", "vec", "pmb", "mathrm"}

# What a mistyped command may have meant.
MATHS = sorted({*STYLES, *WORDS, *ACCENTS, *LETTERS, *OPERATORS, *FRACTIONS, *COMMAND_FUNCTIONS, *BARS,
              "sqrt", "sum", "partial", "nabla", "begin", "end", "langle", "rangle"} - {"|"})
