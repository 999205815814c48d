"""The append-only log of an organisation's evidence: leaves, signed checkpoints, and proofs that others can verify.

The bytes are fixed in docs/domain/log-and-packs.md. This package knows nothing of evidence: a leaf carries ids and text.
"""
