"""Vowpal Wabbit over a file in its own text format: reading, parsing and learning all happen in its C++ code.

vw_peer.py FILE [ARGUMENT...]; prints the progressive log loss (VW's own, of each row before it was learned).
"""
import json
import sys

from vowpalwabbit import Workspace

fixed = ["--loss_function", "logistic", "-b", "18", "--passes", "1", "--quiet"]
# With a file among its arguments a workspace runs VW's own parser and driver over it.
workspace = Workspace(arg_list=["-d", sys.argv[1], *fixed, *sys.argv[2:]])
print(json.dumps({"log_loss": workspace.get_sum_loss() / max(1, workspace.get_weighted_examples())}))
