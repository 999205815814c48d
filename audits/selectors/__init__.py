"""What can be read of audits by the organisation. The portal has selectors of its own (audits/portal/selectors.py)."""
