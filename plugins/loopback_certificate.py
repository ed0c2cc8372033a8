"""A certificate for HTTPS on this machine alone, for the doubles that speak a cloud's wire.

Its file is also the CA file that a client is pointed at (SSL_CERT_FILE): it signs nothing but itself, names nothing but
loopback addresses, and ends after a week.
"""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from plugins.private import private_file, private_folder

_LIFE = timedelta(days=7)
_ADDRESSES = ("127.0.0.1", "::1")


@dataclass(frozen=True)
class LoopbackCertificate:
    """The files of one: `certificate` may be shown to anybody, `key` is its owner's."""

    certificate: Path
    key: Path

    def server(self) -> ssl.SSLContext:
        """For who answers with it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context

    def client(self) -> ssl.SSLContext:
        """For who trusts it, and nobody else."""
        return ssl.create_default_context(cafile=str(self.certificate))


def loopback_certificate(folder: Path) -> LoopbackCertificate:
    """A new one in this folder."""
    from cryptography import x509  # 0.1 s, for those who start a double
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    addresses = [x509.IPAddress(ipaddress.ip_address(address)) for address in _ADDRESSES]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + _LIFE)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost"), *addresses]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private_folder(folder)
    files = LoopbackCertificate(folder / "loopback.pem", folder / "loopback.key")
    files.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private_file(files.key).write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files
