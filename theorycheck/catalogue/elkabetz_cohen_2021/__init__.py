r"""Elkabetz & Cohen 2021, Continuous vs. Discrete Optimization of Deep Neural Networks.

NeurIPS 2021, arXiv 2107.06608. The full text was not at hand when this was written: statements
carry the paper's quantities with constants derived and proved in the theory notes (A1-A22).

Notation     paper              here
             theta(t), theta_k  case.flow.position, case.descent.position
             W_{n:1}            case.flow.end_to_end
             f, phi             case.flow.loss; the loss of the end-to-end matrix
             m(t)               upper bound of -lambda_min of the Hessian near theta(t)
             eta, epsilon       step_size, epsilon

Results      main theorem (A2, A2.b)        descent_tracks_flow.py
             fundamental lemma (A1)         near_solutions_stay_near_the_flow.py
             the same, two starts (A2)      descent_tracks_flow_from_another_start.py
             constant curvature (A2.c)      descent_tracks_flow_at_constant_curvature.py
             convex tubes (A2.e)            convex_tubes_cost_a_square_root.py
             its a-posteriori form (A2.d)   distance_is_certified_a_posteriori.py
             Proposition 1 (A3.a)           small_steps_are_necessary.py
             on a bounded flow (A3.b)       bounded_flows_need_small_steps.py
             the term e_0 (A3.c)            initial_gap_grows_exponentially.py
             roughly convex paths (A12)     curvature_stays_small_from_near_zero.py
             curvature lemma (A6), A6.e     catalogue/deep_linear_curvature
             planar reduction (A19)         scalar_output_moves_in_a_plane.py
             integrated curvature (A20)     integrated_curvature_is_logarithmic.py
             its aligned case (A20.b)       aligned_curvature_is_exact.py
             time of the flow (A21.a)       flow_converges_in_known_time.py (A21.b as remembered)
             descent theorem (A22)          descent_converges_from_near_zero.py
             homogeneous nets (A4.b)        nets_are_homogeneous_on_regions.py
             A2 in one region (A4.c)        descent_tracks_flow_in_one_region.py, refuted outside
             their curvature (A8)           curvature_is_bounded_on_regions.py, also on balls
             roughly convex paths (A12)     curvature_stays_small_for_homogeneous_nets.py
             their conservation laws (A10)  catalogue/du_hu_lee_2018/neuron_balance.py
"""
