"""Tables: read by the worker, shown as pages."""
