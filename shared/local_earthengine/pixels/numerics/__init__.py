"""The arithmetic that costs time, as plain functions of arrays: faster ones can take their place.

Functions of windows take arrays that already hold the margin: for a footprint of shape (kh, kw) and
an output of (h, w), values and masks have the shape (h + kh - 1, w + kw - 1). Functions of stacks
reduce the first axis. All give (values, valid), and 0 where nothing is valid.
"""
