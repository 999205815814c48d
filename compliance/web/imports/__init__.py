"""Tables that a person brings as CSV or XLSX, in two steps: looked at with every fault beside its cell, then applied
whole or not at all. A room describes its columns and what a row does (`Intake`); everything else is here."""
