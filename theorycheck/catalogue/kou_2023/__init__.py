"""Kou, Chen & Gu 2023, Implicit Bias of Gradient Descent for Two-layer (Leaky) ReLU Networks.

NeurIPS 2023, arXiv 2310.18935. Constants of the paper are only remembered; the flow version of the
theory notes (C15) ships.

Results      locking, ratio, stable rank (C15)    activation_pattern_locks.py
             its instances                        leaky_nets.py
             descent; plain ReLU                  not yet in the catalogue
"""
