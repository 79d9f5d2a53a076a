"""What the three printers make of `formulas.FORMULAS`: input language, terminal, LaTeX."""

GOLDEN = {
    "one layer": (
        "1/2 norm2(W x - y)^2",
        "½ ‖W x − y‖²",
        r"\frac{1}{2}\lVert W x - y\rVert_2^2"),
    "one layer dW": (
        "(W x - y) x^T",
        "(W x − y) xᵀ",
        r"(W x - y) x^{\top}"),
    "one layer dx": (
        "W^T (W x - y)",
        "Wᵀ(W x − y)",
        r"W^{\top}(W x - y)"),
    "three layers": (
        "1/2 norm2(W3 W2 W1 x - y)^2",
        "½ ‖W₃ W₂ W₁ x − y‖²",
        r"\frac{1}{2}\lVert W_3 W_2 W_1 x - y\rVert_2^2"),
    "three layers dW3": (
        "(W3 W2 W1 x - y)(W2 W1 x)^T",
        "(W₃ W₂ W₁ x − y)(W₂ W₁ x)ᵀ",
        r"(W_3 W_2 W_1 x - y)(W_2 W_1 x)^{\top}"),
    "three layers dW2": (
        "W3^T (W3 W2 W1 x - y)(W1 x)^T",
        "W₃ᵀ(W₃ W₂ W₁ x − y)(W₁ x)ᵀ",
        r"W_3^{\top}(W_3 W_2 W_1 x - y)(W_1 x)^{\top}"),
    "three layers dW1": (
        "W2^T W3^T (W3 W2 W1 x - y) x^T",
        "W₂ᵀ W₃ᵀ(W₃ W₂ W₁ x − y) xᵀ",
        r"W_2^{\top} W_3^{\top}(W_3 W_2 W_1 x - y) x^{\top}"),
    "three layers dx": (
        "W1^T W2^T W3^T (W3 W2 W1 x - y)",
        "W₁ᵀ W₂ᵀ W₃ᵀ(W₃ W₂ W₁ x − y)",
        r"W_1^{\top} W_2^{\top} W_3^{\top}(W_3 W_2 W_1 x - y)"),
    "seed": (
        "f3 - y",
        "f₃ − y",
        r"f_3 - y"),
    "named dW2": (
        "(dL/df2) f1^T",
        "(∂L/∂f₂) f₁ᵀ",
        r"\frac{\partial L}{\partial f_2} f_1^{\top}"),
    "named df1": (
        "W2^T (dL/df2)",
        "W₂ᵀ(∂L/∂f₂)",
        r"W_2^{\top} \frac{\partial L}{\partial f_2}"),
    "network": (
        "W3 g(W2 g(W1 x + b1) + b2) + b3",
        "W₃ g(W₂ g(W₁ x + b₁) + b₂) + b₃",
        r"W_3 g(W_2 g(W_1 x + b_1) + b_2) + b_3"),
    "layer": (
        "g(W2 h1 + b2)",
        "g(W₂ h₁ + b₂)",
        r"g(W_2 h_1 + b_2)"),
    "delta hidden": (
        "(W2^T (dL/da2)) .* g'(a1)",
        "(W₂ᵀ(∂L/∂a₂)) ⊙ g′(a₁)",
        r"\left(W_2^{\top} \frac{\partial L}{\partial a_2}\right) \odot g'(a_1)"),
    "softmax layer": (
        "softmax(W3 h2 + b3)",
        "softmax(W₃ h₂ + b₃)",
        r"\operatorname{softmax}(W_3 h_2 + b_3)"),
    "softmax loss": (
        "-sum(y .* log(yhat))",
        "−sum(y ⊙ log(ŷ))",
        r"-\operatorname{sum}(y \odot \log(\hat{y}))"),
    "softmax delta": (
        "yhat - y",
        "ŷ − y",
        r"\hat{y} - y"),
    "softmax without onehot": (
        "(ones^T y) yhat - y",
        "(𝟏ᵀ y) ŷ − y",
        r"(\mathbf{1}^{\top} y) \hat{y} - y"),
    "sigmoid layer": (
        "sigmoid(W1 x + b1)",
        "σ(W₁ x + b₁)",
        r"\sigma(W_1 x + b_1)"),
    "sigmoid slope": (
        "h1 .* (1 - h1)",
        "h₁ ⊙ (1 − h₁)",
        r"h_1 \odot (1 - h_1)"),
    "sigmoid prime": (
        "sigmoid'(a1)",
        "σ′(a₁)",
        r"\sigma'(a_1)"),
    "sigmoid delta": (
        "(W2^T (f2 - y)) .* h1 .* (1 - h1)",
        "(W₂ᵀ(f₂ − y)) ⊙ h₁ ⊙ (1 − h₁)",
        r"(W_2^{\top}(f_2 - y)) \odot h_1 \odot (1 - h_1)"),
    "least squares": (
        "1/N X^T (X w - y)",
        "1/N Xᵀ(X w − y)",
        r"\frac{1}{N} X^{\top}(X w - y)"),
    "least squares loss": (
        "1/(2 N) norm2(X w - y)^2",
        "1/(2 N) ‖X w − y‖²",
        r"\frac{1}{2 N}\lVert X w - y\rVert_2^2"),
    "two over N": (
        "2/N X^T (X w - y)",
        "2/N Xᵀ(X w − y)",
        r"\frac{2}{N} X^{\top}(X w - y)"),
    "ridge": (
        "X^T (X w - y) + lambda w",
        "Xᵀ(X w − y) + λ w",
        r"X^{\top}(X w - y) + \lambda w"),
    "weight decay": (
        "lambda/2 norm2(W)^2",
        "λ/2 ‖W‖_F²",
        r"\frac{\lambda}{2}\lVert W\rVert_F^2"),
    "weight decay step": (
        "lambda/2 W",
        "λ/2 W",
        r"\frac{\lambda}{2} W"),
    "softmax rows": (
        "1/N X^T (softmax_rows(X W) - G)",
        "1/N Xᵀ(softmax_rows(X W) − G)",
        r"\frac{1}{N} X^{\top}(\operatorname{softmax}_{\mathrm{rows}}(X W) - G)"),
    "bias rows": (
        "colsum(G)",
        "𝟏ᵀ G",
        r"\mathbf{1}^{\top} G"),
    "row sums of a product": (
        "rowsum(X W)",
        "X W 𝟏",
        r"X W \mathbf{1}"),
    "log loss": (
        "1/N sum(log(1 + exp(-y)))",
        "1/N sum(log(1 + exp(−y)))",
        r"\frac{1}{N} \operatorname{sum}(\log(1 + \exp(-y)))"),
    "quadratic": (
        "x^T X x",
        "xᵀ X x",
        r"x^{\top} X x"),
    "quadratic gradient": (
        "(X + X^T) x",
        "(X + Xᵀ) x",
        r"(X + X^{\top}) x"),
    "symmetric": (
        "2 S x",
        "2 S x",
        r"2 S x"),
    "quadratic times x": (
        "(x^T X x) x",
        "(xᵀ X x) x",
        r"(x^{\top} X x) x"),
    "unit": (
        "x/norm2(x)",
        "x/‖x‖",
        r"\frac{x}{\lVert x\rVert_2}"),
    "unit difference": (
        "(x - y)/norm2(x - y)",
        "(x − y)/‖x − y‖",
        r"\frac{x - y}{\lVert x - y\rVert_2}"),
    "cosine": (
        "x^T y/(norm2(x) norm2(y))",
        "xᵀ y/(‖x‖ ‖y‖)",
        r"\frac{x^{\top} y}{\lVert x\rVert_2\lVert y\rVert_2}"),
    "rayleigh": (
        "x^T X x/(x^T x)",
        "xᵀ X x/(xᵀ x)",
        r"\frac{x^{\top} X x}{x^{\top} x}"),
    "rayleigh gradient": (
        "1/norm2(x)^2 ((X + X^T) x - 2 (x^T X x) x/norm2(x)^2)",
        "1/‖x‖² ((X + Xᵀ) x − 2 (xᵀ X x) x/‖x‖²)",
        r"\frac{1}{\lVert x\rVert_2^2}\left((X + X^{\top}) x - \frac{2(x^{\top} X x) x}{\lVert x\rVert_2^2}\right)"),
    "unit jacobian": (
        "1/norm2(x) (eye - x x^T/norm2(x)^2)",
        "1/‖x‖ (I − x xᵀ/‖x‖²)",
        r"\frac{1}{\lVert x\rVert_2}\left(I - \frac{x x^{\top}}{\lVert x\rVert_2^2}\right)"),
    "gauss": (
        "-1/(2 c^2) norm2(x - y)^2",
        "−1/(2 c²) ‖x − y‖²",
        r"-\frac{1}{2 c^2}\lVert x - y\rVert_2^2"),
    "mean square": (
        "1/N norm2(X w - y)^2",
        "1/N ‖X w − y‖²",
        r"\frac{1}{N}\lVert X w - y\rVert_2^2"),
    "norm one": (
        "norm1(x) + 3 abs(a)",
        "‖x‖₁ + 3 |a|",
        r"\lVert x\rVert_1 + 3\lvert a\rvert"),
    "half a quadratic": (
        "1/2 x^T X x",
        "½ xᵀ X x",
        r"\frac{1}{2} x^{\top} X x"),
    "letters and x^T y": (
        "a x^T y",
        "a xᵀ y",
        r"a x^{\top} y"),
    "x^T y between": (
        "(x^T y)(x^T z)",
        "(xᵀ y)(xᵀ z)",
        r"(x^{\top} y)(x^{\top} z)"),
    "square of x^T y": (
        "(x^T y)^2",
        "(xᵀ y)²",
        r"(x^{\top} y)^2"),
    "quadratic over N": (
        "1/N x^T y",
        "1/N xᵀ y",
        r"\frac{1}{N} x^{\top} y"),
    "sum times x^T y": (
        "(a + c)(x^T y)",
        "(a + c)(xᵀ y)",
        r"(a + c)(x^{\top} y)"),
    "dot": (
        "inner(A, B)",
        "⟨A, B⟩",
        r"\langle A, B\rangle"),
    "cubed norm": (
        "norm2(x)^3",
        "‖x‖³",
        r"\lVert x\rVert_2^3"),
    "inverse transpose": (
        "det(X)",
        "det(X)",
        r"\det(X)"),
    "det gradient": (
        "det(X) X^-T",
        "det(X) X⁻ᵀ",
        r"\det(X) X^{-\top}"),
    "logdet": (
        "logdet(lambda eye + A^T A)",
        "logdet(λ I + Aᵀ A)",
        r"\log\det(\lambda I + A^{\top} A)"),
    "two logdet": (
        "2 logdet(X)",
        "2 logdet(X)",
        r"2 \log\det X"),
    "logdet times": (
        "a logdet(X)",
        "a logdet(X)",
        r"a \log\det X"),
    "inverse sandwich": (
        "-X^-T x y^T X^-T",
        "−X⁻ᵀ x yᵀ X⁻ᵀ",
        r"-X^{-\top} x y^{\top} X^{-\top}"),
    "inverse of a sum": (
        "(X + C)^-1",
        "(X + C)⁻¹",
        r"(X + C)^{-1}"),
    "inverse of a transpose": (
        "X^-T",
        "X⁻ᵀ",
        r"X^{-\top}"),
    "trace": (
        "tr(A B^T)",
        "tr(A Bᵀ)",
        r"\operatorname{tr}(A B^{\top})"),
    "power": (
        "3 (X^2)^T",
        "3 (X²)ᵀ",
        r"3(X^2)^{\top}"),
    "symbolic power": (
        "a (X^T)^(a - 1)",
        "a (Xᵀ)^(a − 1)",
        r"a(X^{\top})^{a - 1}"),
    "negative power": (
        "-((X + C)^-2)^T",
        "−((X + C)⁻²)ᵀ",
        r"-((X + C)^{-2})^{\top}"),
    "kron": (
        "kron(eye(m), C)",
        "Iₘ ⊗ C",
        r"I_m \otimes C"),
    "kron of products": (
        "kron(A C, B^T)",
        "(A C) ⊗ Bᵀ",
        r"(A C) \otimes B^{\top}"),
    "kron product": (
        "kron(A, C) vec(Y)",
        "(A ⊗ C) vec(Y)",
        r"(A \otimes C) \operatorname{vec}(Y)"),
    "commutation": (
        "commutation(m, n) kron(eye(n), A)",
        "K(m, n) (Iₙ ⊗ A)",
        r"K_{m,n}(I_n \otimes A)"),
    "pseudo": (
        "pinv(A) u",
        "A⁺ u",
        r"A^+ u"),
    "expm": (
        "expm(t X)",
        "expm(t X)",
        r"e^{t X}"),
    "frechet": (
        "frechet(X^T, C)",
        "Lexp(Xᵀ, C)",
        r"L_{\exp}(X^{\top}, C)"),
    "ones matrix": (
        "A ones(n, n)",
        "A 𝟏 𝟏ᵀ",
        r"A \mathbf{1} \mathbf{1}^{\top}"),
    "ones row": (
        "ones^T A",
        "𝟏ᵀ A",
        r"\mathbf{1}^{\top} A"),
    "identity in a product": (
        "(eye - pinv(A) A) x",
        "(I − A⁺ A) x",
        r"(I - A^+ A) x"),
    "differential": (
        "dA x",
        "dA x",
        r"\mathrm{d}A \, x"),
    "transposed row": (
        "r^T",
        "rᵀ",
        r"r^{\top}"),
    "transposed function": (
        "tanh(x)^T",
        "tanh(x)ᵀ",
        r"\tanh(x)^{\top}"),
    "tanh slope": (
        "(C^T z) .* (1 - x.^2)",
        "(Cᵀ z) ⊙ (1 − x∘²)",
        r"(C^{\top} z) \odot (1 - x^{\circ 2})"),
    "had in product": (
        "C (x .* y)",
        "C (x ⊙ y)",
        r"C(x \odot y)"),
    "had quotient": (
        "x ./ y",
        "x ⊘ y",
        r"x \oslash y"),
    "had quotient of two": (
        "x .* z ./ (y .* z.^2)",
        "x ⊙ z ⊘ (y ⊙ z∘²)",
        r"x \odot z \oslash (y \odot z^{\circ 2})"),
    "reciprocal": (
        "1 ./ x",
        "1 ⊘ x",
        r"1 \oslash x"),
    "cubes": (
        "3 A.^2",
        "3 A∘²",
        r"3 A^{\circ 2}"),
    "had with coefficient": (
        "-2 A .* B",
        "−2 A ⊙ B",
        r"-2 A \odot B"),
    "had with a product": (
        "(A C) .* B",
        "(A C) ⊙ B",
        r"(A C) \odot B"),
    "entry power symbolic": (
        "x.^a",
        "x∘ᵃ",
        r"x^{\circ a}"),
    "relu slope": (
        "y .* step(x)",
        "y ⊙ 𝟏[x > 0]",
        r"y \odot \mathbf{1}[x > 0]"),
    "relu": (
        "relu(C x + z)",
        "ReLU(C x + z)",
        r"\operatorname{ReLU}(C x + z)"),
    "abs and sign": (
        "abs(x) .* sign(x)",
        "|x| ⊙ sign(x)",
        r"\lvert x\rvert \odot \operatorname{sign}(x)"),
    "leaky": (
        "leaky_relu(x)",
        "LeakyReLU(x)",
        r"\operatorname{LeakyReLU}(x)"),
    "square root": (
        "sqrt(norm2(x)^2 + 1e-8)",
        "√(‖x‖² + 10⁻⁸)",
        r"\sqrt{\lVert x\rVert_2^2 + 10^{-8}}"),
    "inverse root": (
        "x/sqrt(a + c)",
        "x/√(a + c)",
        r"\frac{x}{\sqrt{a + c}}"),
    "scaled scores": (
        "A B^T/sqrt(d)",
        "A Bᵀ/√d",
        r"\frac{A B^{\top}}{\sqrt{d}}"),
    "centring": (
        "eye - 1/n ones(n, n)",
        "I − 1/n 𝟏 𝟏ᵀ",
        r"I - \frac{1}{n} \mathbf{1} \mathbf{1}^{\top}"),
    "scores over a size": (
        "softmax_rows(A B^T/sqrt(n))",
        "softmax_rows(A Bᵀ/√n)",
        r"\operatorname{softmax}_{\mathrm{rows}}\left(\frac{A B^{\top}}{\sqrt{n}}\right)"),
    "long denominator": (
        "x/(c (lambda + norm2(x)^2))",
        "x/(c (λ + ‖x‖²))",
        r"\frac{x}{c(\lambda + \lVert x\rVert_2^2)}"),
    "two denominators": (
        "a/(N (lambda + norm2(x)^2))",
        "a/(N (λ + ‖x‖²))",
        r"\frac{a}{N(\lambda + \lVert x\rVert_2^2)}"),
    "identity of a product": (
        "eye(m n)",
        "I_(m n)",
        r"I_{m n}"),
    "abstract": (
        "y .* sigma'(x)",
        "y ⊙ σ′(x)",
        r"y \odot \sigma'(x)"),
    "second derivative": (
        "sigma''(x)",
        "σ′′(x)",
        r"\sigma''(x)"),
    "user": (
        "phi(x)",
        "φ(x)",
        r"\phi(x)"),
    "user body": (
        "t exp(-t)",
        "t exp(−t)",
        r"t \exp(-t)"),
    "one minus": (
        "1 - tanh(x)",
        "1 − tanh(x)",
        r"1 - \tanh(x)"),
    "a number of ones": (
        "0.1 + x",
        "0.1 + x",
        r"0.1 + x"),
    "letters times ones": (
        "a ones + x",
        "a 𝟏 + x",
        r"a \mathbf{1} + x"),
    "softmax jacobian": (
        "diag(y) - y y^T",
        "diag(y) − y yᵀ",
        r"\operatorname{diag}(y) - y y^{\top}"),
    "scalar example": (
        "(2 x1 + 3 x2)^2 + 3",
        "(2 x₁ + 3 x₂)² + 3",
        r"(2 x_1 + 3 x_2)^2 + 3"),
    "numbers in order": (
        "2 (2 x1 + 9) * 2",
        "2 (2 x₁ + 9) · 2",
        r"2(2 x_1 + 9) \cdot 2"),
    "square": (
        "1/2 a^2",
        "½ a²",
        r"\frac{1}{2} a^2"),
    "quotient of letters": (
        "a/c",
        "a/c",
        r"\frac{a}{c}"),
    "quotient of powers": (
        "a^2/c^3",
        "a²/c³",
        r"\frac{a^2}{c^3}"),
    "logistic": (
        "1/(1 + exp(-a))",
        "1/(1 + exp(−a))",
        r"\frac{1}{1 + \exp(-a)}"),
    "sines": (
        "sin(a)/(2 c)",
        "sin(a)/(2 c)",
        r"\frac{\sin(a)}{2 c}"),
    "all negative": (
        "-x - y",
        "−x − y",
        r"-x - y"),
    "negative difference": (
        "-(x - y)",
        "−(x − y)",
        r"-(x - y)"),
    "first positive": (
        "z - x - y",
        "z − x − y",
        r"z - x - y"),
    "numbers": (
        "0.1 - 3/4 + 1e-12",
        "0.1 − ¾ + 10⁻¹²",
        r"0.1 - \frac{3}{4} + 10^{-12}"),
    "cube root": (
        "a^(1/3)",
        "a^(1/3)",
        r"a^{1/3}"),
    "negative symbol power": (
        "a^-c",
        "a⁻ᶜ",
        r"a^{-c}"),
    "pi": (
        "1/sqrt(2 pi)",
        "1/√(2 π)",
        r"\frac{1}{\sqrt{2 \pi}}"),
    "transposed cotangent": (
        "(dL/df2)^T W2",
        "(∂L/∂f₂)ᵀ W₂",
        r"\left(\frac{\partial L}{\partial f_2}\right)^{\top} W_2"),
    "had cotangent": (
        "(dL/dh1) .* tanh'(a1)",
        "(∂L/∂h₁) ⊙ tanh′(a₁)",
        r"\frac{\partial L}{\partial h_1} \odot \tanh'(a_1)"),
    "sizes": (
        "1/(m n) (A - B)",
        "1/(m n) (A − B)",
        r"\frac{1}{m n}(A - B)"),
    "fraction in a product": (
        "A (x/norm2(x))",
        "A (x/‖x‖)",
        r"A \frac{x}{\lVert x\rVert_2}"),
    "quotient of quotients": (
        "a/(c (a + a/c))",
        "a/(c (a + a/c))",
        r"\frac{a}{c\left(a + \frac{a}{c}\right)}"),
    "names": (
        "y_hat + x_train + alpha_1 + W_1_2 + loss + f3hat + theta_ij",
        "ŷ + x_train + α₁ + W_1,2 + loss + f̂₃ + θᵢⱼ",
        r"\hat{y} + x_{\mathrm{train}} + \alpha_1 + W_{1,2} + \mathit{loss} + \hat{f}_3 + \theta_{ij}"),
}
