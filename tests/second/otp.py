#!/usr/bin/env python3
"""One-time codes a second time, from the standards and nothing but Python's own hmac and hashlib.

Reads a case a line, `kind algorithm digits period secret-in-hex moving pin`, and prints its code:
`moving` is the time in seconds since 1970, for hotp the counter; `pin` is `-` where there is none.
"""

import hashlib
import hmac
import sys

STEAM = "23456789BCDFGHJKMNPQRTVWXY"


def tag(key, counter, algorithm):
    return hmac.new(key, counter.to_bytes(8, "big"), algorithm).digest()


def truncated(mac, size):
    """RFC 4226, section 5.3, for any size: the sign bit is cleared."""
    start = mac[-1] % 16
    return int.from_bytes(mac[start:start + size], "big") % 2 ** (8 * size - 1)


def hotp(key, counter, algorithm, digits):
    return str(truncated(tag(key, counter, algorithm), 4)).rjust(digits, "0")[-digits:]


def steam(key, time):
    number, text = truncated(tag(key, time // 30, "sha1"), 4), ""
    for _ in range(5):
        number, place = divmod(number, 26)
        text += STEAM[place]
    return text


def motp(key, time, digits, pin):
    return hashlib.md5((str(time // 10) + key.hex() + pin).encode()).hexdigest()[:digits]


def yandex(key, time, pin):
    inner = hashlib.sha256(pin.encode() + key[:16]).digest()
    if inner[0] == 0:
        inner = inner[1:]
    number = truncated(tag(inner, time // 30, "sha256"), 8) % 26 ** 8
    return "".join(chr(ord("a") + number // 26 ** place % 26) for place in reversed(range(8)))


def code(line):
    kind, algorithm, digits, period, secret, moving, pin = line.split()
    key, digits, moving = bytes.fromhex(secret), int(digits), int(moving)
    if kind == "totp":
        return hotp(key, moving // int(period), algorithm.lower(), digits)
    if kind == "hotp":
        return hotp(key, moving, algorithm.lower(), digits)
    if kind == "steam":
        return steam(key, moving)
    if kind == "motp":
        return motp(key, moving, digits, pin)
    return yandex(key, moving, pin)


if __name__ == "__main__":
    for case in sys.stdin:
        print(code(case))
