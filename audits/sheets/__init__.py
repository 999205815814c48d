"""Request lists as spreadsheets: read from the auditor's own, and written for them."""
