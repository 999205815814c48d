"""The matrix as a table that goes out and comes in again: a line for each control under each criterion."""
