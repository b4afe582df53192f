"""Bu, Xu & Chen 2021, A Dynamical View on Optimization Algorithms of Overparameterized Neural Nets.

AISTATS 2021, PMLR 130:3187-3195, arXiv 2010.13165. The paper's theorems were not read; what ships
are the statements of theory B that carry proofs: on the kernel model (infinite width), and at
finite width from one start.

Notation     paper Delta, H, s     here D = u - y (the prediction error), H, step size eta = s;
                                   friction b, or alpha / t

Results      heavy ball decays linearly (B13a)       heavy_ball_error_decays_linearly.py
             its Lyapunov function (B13c)            heavy_ball_has_a_lyapunov_function.py
             Nesterov is exactly cubic (B15b, c)     nesterov_is_exactly_cubic.py
             both and the flow, as one table         three_methods_on_one_kernel.py
             descent stays near the flow (B17a)      descent_tracks_the_kernel_flow.py
             heavy ball stays near its ODE (B17b)    iterates_track_the_heavy_ball_ode.py
             two buffers are one recursion (B18)     two_buffers_are_one_recursion.py
             heavy ball at finite width (B13f)       heavy_ball_converges_from_one_start.py
             Nesterov at finite width (B15f)         nesterov_stays_bounded_from_one_start.py
             both at any width (B13f, g; B15f)       wide_nets_with_momentum.py; takes --data
             close to the limit kernel (B22b, c)     wide_nets_stay_close_to_the_limit_kernel.py
             closeness to the kernel (B22b)          flow_stays_close_to_the_kernel.py
             error equation across kinks (B12)       error_equation_has_impulses.py: read as an
                                                     equation without impulses it is refuted
"""
