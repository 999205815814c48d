"""AWS: facts from one account through a role that its owner lets us assume, with an ExternalId of ours."""
