"""What is fast, measured: `./run bench [--quick]`. One table, each figure beside its aim and beside a bare one of the same run."""
