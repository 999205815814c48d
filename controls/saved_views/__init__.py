"""Ways of looking at the matrix that somebody keeps under a name: filters, order and columns, as the address holds them."""
