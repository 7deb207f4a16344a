"""The rules of complaint handling as pure code: no Temporal, no input or output, no clock of its own."""
