"""The names of mistakes, stable words for statistics and credit, and what a hint says of each.

A hint says where to look and never the answer: it is the same sentence for every problem.
"""

from __future__ import annotations

_CONSTANT = "A constant factor is off: check the numbers that the derivative brings out."
_MEAN = "Is the loss a sum or a mean over the examples?"
_TRANSPOSES = "Check the transposes: write the shape below every factor."
_ORDER = "Check the order of the factors: matrices do not commute."
_CHAIN = "A link of the chain rule is missing: with respect to which quantity is this the derivative?"
_SLOPE = "Check the derivative of the activation, and where it is taken."
_PATHS = "The variable enters in more than one place: are all of them there?"
_SYMMETRY = "Did you use a property that a matrix need not have?"
_ENTRIES = "Which entries of the matrix may vary on their own?"
_INVERSE = "Check how an inverse is differentiated: where does the differential stand?"
_SOFTMAX = "Every output of softmax depends on every input: which derivatives of it does the formula have?"
_PRODUCT = "Which products are taken entry by entry, and which are matrix products?"
_FACTOR = "Look at every factor: where does it come from?"
_BATCH = "Are the examples rows or columns, and over what is summed?"
_SIGN = "Check the signs."
_TERM = "Look at the terms of the sum one by one."
_NORM = "Is the norm squared or not?"
_PENALTY = "The penalty is a part of the loss: look at its derivative."
_SHAPE = "Which shape does the derivative have? Write the shapes of the factors down from left to right."

HINTS = {
    "layout_transposed": "Check the layout: which shape does the derivative have?",
    "trace_layout": "Check the layout: how is a gradient read off the differential?",
    "missing_transpose": _TRANSPOSES, "extra_transpose": _TRANSPOSES,
    "factor_order": _ORDER, "product_transposed_without_reversing": "How is a product transposed?",
    "trace_cyclic_error": "Move the variable to one end of the trace: what stands in which order then?",
    "inner_instead_of_outer": "Is this an inner or an outer product?",
    "batch_convention": _BATCH, "bias_not_summed": _BATCH, "sum_over_wrong_axis": _BATCH,
    "missing_factor": _FACTOR, "extra_factor": _FACTOR, "wrong_factor": _FACTOR,
    "missing_input_factor": _CHAIN,
    "missing_chain_factor": _CHAIN,
    "wrong_input_factor": "What is the input of this layer?",
    "pre_activation_used": "What is the input of this layer?",
    "bias_gradient_times_input": "Does this derivative depend on the input?",
    "wrong_sign": _SIGN, "wrong_sign_of_one_term": _SIGN,
    "extra_constant": _CONSTANT, "missing_constant": _CONSTANT, "wrong_constant": _CONSTANT,
    "missing_1_over_N": _MEAN, "averaged_twice": _MEAN, "wrong_1_over_N_power": _MEAN,
    "dropped_target": "Is everything that the loss depends on in your formula?",
    "missing_bias": "Is everything that the layer adds in your formula?",
    "dropped_variable": "Is everything that the function depends on in your formula?",
    "wrong_variable": "With respect to which variable is the derivative asked?",
    "assumed_symmetric": _SYMMETRY, "inverse_without_transpose": _SYMMETRY,
    "one_product_rule_term": _PATHS, "one_path_of_shared_variable": _PATHS, "skip_path_missing": _PATHS,
    "log_chain_missing": "Is this the derivative of the whole function, the logarithm included?",
    "wrong_reciprocal": "A function of a matrix is not differentiated like a function of a number.",
    "structured_symmetric_convention": _ENTRIES,
    "diagonal_counted_twice": _ENTRIES,
    "scalar_inverse_rule": _INVERSE, "inverse_not_differentiated": _INVERSE,
    "missing_inverse": "Look for inverses that are missing or too many.",
    "extra_inverse": "Look for inverses that are missing or too many.",
    "forgot_activation_derivative": "Is every activation differentiated?",
    "activation_derivative_at_wrong_point": _SLOPE,
    "wrong_activation_derivative": _SLOPE,
    "activation_instead_of_derivative": _SLOPE,
    "derivative_instead_of_activation": _SLOPE,
    "extra_activation_derivative": "Count the derivatives of the activations.", "mask_on_wrong_quantity": _SLOPE,
    "wrong_function": "Check the functions that you use.", "activation_left_out": "Where is the activation applied?",
    "derivative_on_wrong_layer": "Which entries does the derivative of the activation multiply?",
    "bracket_lost": "Check the brackets.",
    "matrix_product_instead_of_hadamard": _PRODUCT,
    "hadamard_instead_of_matrix_product": _PRODUCT,
    "missing_diag": _PRODUCT,
    "softmax_coupling_missed": _SOFTMAX, "softmax_diagonal_only": _SOFTMAX, "inner_derivative_only": _SOFTMAX,
    "logits_instead_of_probabilities": "What goes into the loss: the logits, or what the output layer makes of them?",
    "regulariser_missing": _PENALTY, "regulariser_constant": _PENALTY, "regulariser_wrong_sign": _PENALTY,
    "norm_treated_as_squared": _NORM, "squared_norm_treated_as_norm": _NORM,
    "missing_term": _TERM, "extra_term": _TERM, "wrong_term_factor": _TERM,
    "wrong_power": "Check the powers.", "jacobian_as_vector": "How many outputs and how many inputs are there?",
    "kronecker_delta_missed": "Is an output differentiated by its own input like by the others?",
    "zero": "The function does depend on this variable.",
    "slip_between_steps": "Compare each line of your derivation with the one before.",
    "not_summed": "Is there still something to be added up?", "wrong_shape": _SHAPE, "nonconforming": _SHAPE,
    "wrong_part": "Some entries are right and some are not: what sets them apart?",
    "offset": "Everything is off by the same number.",
    "stationary_point": "Is the derivative asked, or where it is zero?",
    "direction": "The direction is right, the length is not.",
}
PROGRAMS = (  # what keeps a program from having values, which a hint says as it is
    "syntax", "no_function", "which_function", "which_part", "arguments", "too_long", "module", "not_allowed", "raises",
    "process_ended", "changes_arguments", "not_repeatable", "hard_coded", "no_array", "not_finite", "time_limit", "memory",
)
MISTAKES = (*HINTS, *PROGRAMS)
GENERAL = "Check the derivation step by step; the shapes fit, the values do not."


def hint(mistake: str) -> str:
    return HINTS.get(mistake, GENERAL)
