"""Adopting the starter set in steps: what is offered, what was chosen so far, and the forms of the steps."""
