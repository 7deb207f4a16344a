"""Everything on one machine: a Temporal server that keeps its data in a file, the stand-in bank and one worker."""
