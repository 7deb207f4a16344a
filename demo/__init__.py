"""Eight cases that the handbooks tell, played by scripted staff."""
