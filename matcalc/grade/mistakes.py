"""The names of mistakes: what a verdict may say, and what a problem may give credit for."""

from __future__ import annotations

MISTAKES = (*"""
    layout_transposed trace_layout missing_transpose extra_transpose factor_order
    product_transposed_without_reversing trace_cyclic_error inner_instead_of_outer batch_convention
    bias_not_summed sum_over_wrong_axis missing_factor extra_factor wrong_factor missing_input_factor
    missing_chain_factor wrong_input_factor pre_activation_used bias_gradient_times_input wrong_sign
    wrong_sign_of_one_term extra_constant missing_constant wrong_constant missing_1_over_N averaged_twice
    wrong_1_over_N_power dropped_target missing_bias dropped_variable wrong_variable assumed_symmetric
    inverse_without_transpose one_product_rule_term one_path_of_shared_variable skip_path_missing
    log_chain_missing wrong_reciprocal structured_symmetric_convention unstructured_convention
    diagonal_counted_twice scalar_inverse_rule inverse_not_differentiated missing_inverse extra_inverse
    forgot_activation_derivative activation_derivative_at_wrong_point wrong_activation_derivative
    activation_instead_of_derivative derivative_instead_of_activation extra_activation_derivative
    mask_on_wrong_quantity wrong_function activation_left_out derivative_on_wrong_layer bracket_lost
    matrix_product_instead_of_hadamard hadamard_instead_of_matrix_product missing_diag softmax_coupling_missed
    softmax_diagonal_only inner_derivative_only logits_instead_of_probabilities regulariser_missing
    regulariser_constant regulariser_wrong_sign norm_treated_as_squared squared_norm_treated_as_norm
    missing_term extra_term wrong_term_factor wrong_power jacobian_as_vector kronecker_delta_missed zero
    slip_between_steps wrong_shape nonconforming wrong_part offset direction
    """.split(),
    "factor", "sign", "transposed", "other variable", "extra term", "derivative missing", "wrong slope", "path missing",
    "assumed symmetric", "term missing", "sign of a term", "factor of a term", "convention", "shape")
