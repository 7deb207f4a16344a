"""Reports over any period: what the archive says of closed complaints, and the server of open ones."""
