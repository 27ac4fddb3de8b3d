"""Verifies AWS Signature Version 4, written from AWS's description and apart from the gateway's own signing code.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""
import datetime
import hashlib
import hmac
import re
import urllib.parse

KEYS = {"AKIDEXAMPLE": "a+secret/of=the test"}
TOLERANCE = datetime.timedelta(minutes=5)


def _mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def problem(path, headers, body, region, service):
    """None when the request is signed as it stands; otherwise what is wrong."""
    given = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, "
        r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})",
        headers.get("authorization") or "",
    )
    if not given:
        return "no authorization"
    key_id, day, signed_region, signed_service, names, signature = given.groups()
    names = names.split(";")
    moment = headers.get("x-amz-date") or ""
    if key_id not in KEYS or (signed_region, signed_service) != (region, service) or not moment.startswith(day):
        return "wrong scope"
    if not {"host", "x-amz-date", "content-type"} <= set(names) or names != sorted(names):
        return "unsigned headers"
    when = datetime.datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    if abs(datetime.datetime.now(datetime.timezone.utc) - when) > TOLERANCE:
        return "out of time"
    lines = "".join(f"{name}:{' '.join((headers.get(name) or '').split())}\n" for name in names)
    bare, _, query = path.partition("?")
    canonical = "\n".join(
        [
            "POST",
            urllib.parse.quote(bare, safe="/-_.~"),
            "&".join(sorted(query.split("&"))) if query else "",
            lines,
            ";".join(names),
            hashlib.sha256(body).hexdigest(),
        ]
    )
    scope = f"{day}/{region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = _mac(_mac(_mac(_mac(("AWS4" + KEYS[key_id]).encode(), day), region), service), "aws4_request")
    expected = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return None if hmac.compare_digest(expected, signature) else "wrong signature"
