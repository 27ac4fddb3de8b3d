"""Verifies a token that a service account's key signed for the service (google.aip.dev/auth/4111): RS256 by hand, since
the standard library has no RSA."""
import base64
import hashlib
import json
import time

MODULUS = None  # of the one account that is known; main.py sets it
AUDIENCE = "https://modelarmor.googleapis.com/"
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017 section 9.2, SHA-256


def _decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _signed(text, signature):
    size = (MODULUS.bit_length() + 7) // 8
    opened = pow(int.from_bytes(signature, "big"), 65537, MODULUS).to_bytes(size, "big")
    end = b"\x00" + DIGEST_INFO + hashlib.sha256(text.encode()).digest()
    return len(signature) == size and opened == b"\x00\x01" + b"\xff" * (size - 2 - len(end)) + end


def accepts(authorization, access_token):
    token = (authorization or "").removeprefix("Bearer ")
    if token == access_token:
        return True
    parts = token.split(".")
    if MODULUS is None or len(parts) != 3:
        return False
    head, claims = json.loads(_decoded(parts[0])), json.loads(_decoded(parts[1]))
    now = time.time()
    return (
        head.get("alg") == "RS256"
        and head.get("kid") == "key-1"
        and claims.get("iss") == claims.get("sub") == "guard@p1.iam.gserviceaccount.com"
        and claims.get("aud") == AUDIENCE
        and claims["iat"] - 300 <= now < claims["exp"] <= claims["iat"] + 3600
        and _signed(parts[0] + "." + parts[1], _decoded(parts[2]))
    )
