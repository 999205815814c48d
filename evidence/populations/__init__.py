"""Populations: complete lists that samples are drawn from, frozen, reconciled and confirmed by somebody who does not own them."""
