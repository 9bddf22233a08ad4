"""ASGI's extension `tls`, made of the variables of an encrypted connection (nginx's names, `SSL_PROTOCOL` and others)."""

from __future__ import annotations

from typing import Any, Dict, Optional

MARK = "SSL_PROTOCOL"
"""The variable that only a request over TLS has."""

_VERSIONS = {"TLSv1": 0x0301, "TLSv1.1": 0x0302, "TLSv1.2": 0x0303, "TLSv1.3": 0x0304}

# https://www.iana.org/assignments/tls-parameters, by the names of OpenSSL: those with ephemeral keys and AEAD.
_SUITES = {
    "TLS_AES_128_GCM_SHA256": 0x1301,
    "TLS_AES_256_GCM_SHA384": 0x1302,
    "TLS_CHACHA20_POLY1305_SHA256": 0x1303,
    "TLS_AES_128_CCM_SHA256": 0x1304,
    "DHE-RSA-AES128-GCM-SHA256": 0x009E,
    "DHE-RSA-AES256-GCM-SHA384": 0x009F,
    "ECDHE-ECDSA-AES128-GCM-SHA256": 0xC02B,
    "ECDHE-ECDSA-AES256-GCM-SHA384": 0xC02C,
    "ECDHE-RSA-AES128-GCM-SHA256": 0xC02F,
    "ECDHE-RSA-AES256-GCM-SHA384": 0xC030,
    "ECDHE-RSA-CHACHA20-POLY1305": 0xCCA8,
    "ECDHE-ECDSA-CHACHA20-POLY1305": 0xCCA9,
    "DHE-RSA-CHACHA20-POLY1305": 0xCCAA,
}


def extension(environ: Dict[str, Any]) -> Dict[str, Any]:
    """`scope["extensions"]["tls"]` of a request that has come over TLS.

    The server's own certificate is not told, nor what a client's certificate was signed with. A client whose certificate is not
    good has no connection, so there is no error.
    """
    certificate: Optional[str] = environ.get("SSL_CLIENT_CERT")
    return {
        "server_cert": None,
        "client_cert_chain": [certificate] if certificate else [],
        "client_cert_name": environ.get("SSL_CLIENT_S_DN") or None,
        "client_cert_error": None,
        "tls_version": _VERSIONS.get(environ[MARK]),
        "cipher_suite": _SUITES.get(environ.get("SSL_CIPHER", "")),
    }
