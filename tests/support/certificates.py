"""Certificates for 127.0.0.1: one that nobody vouches for, and those of an authority. No tests live here."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files of PEM: the certificate, its key, and both in one."""

    certificate: Path
    key: Path
    both: Path


@dataclass(frozen=True, slots=True)
class Authority:
    """Vouches for servers of this machine; `file` is what those trust who trust it."""

    file: Path
    key: ec.EllipticCurvePrivateKey
    name: x509.Name

    @classmethod
    def made_in(cls, folder: Path) -> "Authority":
        """Make one that holds for ten years."""
        key, name = ec.generate_private_key(ec.SECP256R1()), _named("authority of a test")
        made = _begun(key, name, timedelta(days=-1), timedelta(days=3650)).issuer_name(name)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        path = folder / "authority.pem"
        path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        return cls(path, key, name)

    def vouches(self, folder: Path, ends: timedelta, begins: timedelta = timedelta(days=-60)) -> Certificate:
        """Make a certificate for 127.0.0.1 that begins and ends so long after now."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = (
            _begun(key, _named("server"), begins, ends).issuer_name(self.name).add_extension(_LOOPBACK, critical=False)
        )
        of = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        return _written(folder, made.add_extension(of, critical=False).sign(self.key, hashes.SHA256()), key)


def made_in(folder: Path) -> Certificate:
    """Make one that holds for a day."""
    key, name = ec.generate_private_key(ec.SECP256R1()), _named("server")
    made = (
        _begun(key, name, timedelta(days=-1), timedelta(days=1))
        .issuer_name(name)
        .add_extension(_LOOPBACK, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return _written(folder, made, key)


_LOOPBACK = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _begun(
    key: ec.EllipticCurvePrivateKey, name: x509.Name, begins: timedelta, ends: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
    )


def _written(folder: Path, made: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Certificate:
    public = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    folder.mkdir(exist_ok=True)
    files = Certificate(folder / "certificate.pem", folder / "key.pem", folder / "both.pem")
    files.certificate.write_bytes(public)
    files.key.write_bytes(private)
    files.both.write_bytes(public + private)
    return files
