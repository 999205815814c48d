"""The pages of what carries over to a further framework."""
