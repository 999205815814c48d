"""What may be done with populations, one verb a file."""
