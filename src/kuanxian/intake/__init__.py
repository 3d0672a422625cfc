"""Intake: loan files in. Layouts, checks, refusals, and the book they become."""
