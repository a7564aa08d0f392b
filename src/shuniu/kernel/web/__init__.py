"""The shell: what every page of every room is made with."""
