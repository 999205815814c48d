"""Access reviews: who has which access, decided on by somebody else, and a removal that is only closed once it is seen."""
