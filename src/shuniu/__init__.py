"""Shuniu 枢纽: software for a trade union that works as a hub."""
