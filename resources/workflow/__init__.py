"""Workflow: transitions, revisions, schedule, trash."""
