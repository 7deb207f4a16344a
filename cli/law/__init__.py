"""The commands about rules: how a deadline is counted, whether a pack can be used, what another one would change."""
