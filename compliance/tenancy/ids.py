"""UUIDv7 (RFC 9562, section 5.7): sorts by time, so indexes stay dense and pages need no second sort key."""

import os
import time
import uuid

NIL = uuid.UUID(int=0)


def uuid7() -> uuid.UUID:
    """A new version 7 UUID: 48 bits of milliseconds, 12 bits of a millisecond's parts (section 6.2, method 3, so that
    what one request writes keeps its order), then 62 bits of randomness."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    value = milliseconds << 80 | 0x7 << 76 | (rest * 4096 // 1_000_000) << 64 | 0x2 << 62
    return uuid.UUID(int=value | int.from_bytes(os.urandom(8), "big") >> 2)
