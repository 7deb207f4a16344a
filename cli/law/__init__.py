"""The commands about rules: what a deadline is counted from, whether a pack can be used, what another one would change."""
