"""UUIDv7 (RFC 9562, section 5.7): sorts by time, so indexes stay dense and pages need no second sort key."""

import os
import time
import uuid

NIL = uuid.UUID(int=0)


def uuid7() -> uuid.UUID:
    """A new version 7 UUID: 48 bits of milliseconds, then randomness."""
    milliseconds = time.time_ns() // 1_000_000
    value = int.from_bytes(os.urandom(10), "big")
    value |= milliseconds << 80
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)
