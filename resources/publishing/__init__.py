"""What makes a resource public and keeps it so: workflow, due dates, covers, the ways in of files."""
