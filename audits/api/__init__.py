"""Audits over the API, as the organisation has them. The auditor's side is the portal."""
