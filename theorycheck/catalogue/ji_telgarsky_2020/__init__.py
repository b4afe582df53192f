r"""Ji & Telgarsky 2020, directional convergence and alignment in deep learning.

NeurIPS 2020, arXiv 2006.06657. Read: abstract and introduction. The proof needs a desingularising
function without constants, so that no finite relation implies either limit: both stay open.

Notation     paper                here
             W_t / |W_t|          case.flow.position over case.flow.margins.rho
             alignment            case.flow.margins.alignment

Results      Theorem 3.1, W_t / |W_t| converges    directions_converge.py, open, with its windows
             Theorem 4.1, alignment tends to 1     directions_converge.py, open, with its mean
"""
