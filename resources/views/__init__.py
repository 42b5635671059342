"""The pages: each view gets, decides and renders. Who may see what is said once, in access.py."""
