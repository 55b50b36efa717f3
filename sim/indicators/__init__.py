"""What is measured: one pure function per indicator, plain numbers and arrays in, a number out.

A share is in percent, computed as 100 x part / whole in one division, so that a bare pass is a pass. NaN
says that there is nothing to measure. Nothing here knows the model or judges: that does `sim.policy.targets`.
"""
