"""One page of each kind with invented content: what the shell looks like, for browser tests and for human eyes."""
