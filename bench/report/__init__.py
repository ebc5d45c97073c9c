"""What bench/report.py is made of, in the order in which the parts build on each other:

text        numbers as a reader wants them
runs        a run: samples, by problem and contestant
files       its JSON, read and merged
limits      which of the machine's limits a sample is near, and how near
goals       what wengert is held to, and how each goal is judged
svg         shapes
chart       logarithmic axes, lines, points
plots       the report's drawings
tables      the report's tables
gpu_run     what was found on a GPU: JSON, times, limits
gpu_stages  how its stages ended
gpu_goals   what wengert's kernels are held to, and how each goal is judged
gpu_tables  the tables of its times
gpu         the section on it
page        the report
compare     two runs
"""
