"""Forms of audits. What is wrong stands beside its field, in a sentence that says what to write instead."""
