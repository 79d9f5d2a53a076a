"""The names of mistakes: what a verdict may say, and what a problem may give credit for."""

from __future__ import annotations

MISTAKES = tuple("""
    layout_transposed missing_transpose factor_order product_transposed_without_reversing missing_factor
    wrong_sign extra_constant missing_constant missing_1_over_N averaged_twice wrong_1_over_N_power dropped_target
    missing_chain_factor wrong_variable inner_instead_of_outer assumed_symmetric one_product_rule_term
    one_path_of_shared_variable skip_path_missing trace_cyclic_error trace_layout inverse_without_transpose
    log_chain_missing structured_symmetric_convention unstructured_convention diagonal_counted_twice
    scalar_inverse_rule inverse_not_differentiated forgot_activation_derivative activation_derivative_at_wrong_point
    wrong_activation_derivative activation_instead_of_derivative matrix_product_instead_of_hadamard
    extra_activation_derivative softmax_coupling_missed softmax_diagonal_only logits_instead_of_probabilities
    mask_on_wrong_quantity bias_not_summed sum_over_wrong_axis bias_gradient_times_input batch_convention
    missing_input_factor wrong_input_factor pre_activation_used regulariser_missing regulariser_constant
    regulariser_wrong_sign norm_treated_as_squared normalisation_missing wrong_sign_of_one_term jacobian_as_vector
    kronecker_delta_missed slip_between_steps bracket_lost factor_lost_when_expanding shape
    elementwise_instead_of_matrix_function
    """.split()) + (
    "factor", "sign", "transposed", "other variable", "extra term", "zero", "derivative missing", "wrong slope",
    "path missing", "assumed symmetric", "term missing", "sign of a term", "factor of a term", "convention")
