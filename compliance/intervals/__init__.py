"""How often, and the calendar blocks that follow: pure arithmetic on local days, for every floor that counts intervals."""
