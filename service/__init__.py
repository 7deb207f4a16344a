"""What the worker process is besides its work: metrics of the whole book, health, and the runtime that serves them."""
