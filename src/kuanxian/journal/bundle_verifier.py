#!/usr/bin/env python3
"""验证证据包。 Verify an evidence bundle of a Kuanxian journal.

One file, the standard library and nothing else (where the `cryptography` package is installed
its Ed25519 is used, else the one below). It imports nothing of Kuanxian, so that whoever
distrusts Kuanxian can read all that decides.

    python3 verify.py [FOLDER] [--key "name+id+key"]
    python3 verify.py --old OLD.txt --new NEW.txt --proof PROOF.json [--key "name+id+key"]

Exit code 0: everything holds. 1: something does not, and it is said what. 2: it cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import sys
from hashlib import sha256, sha512
from typing import Any

FORM = "kuanxian evidence v1"
HEAD = "kuanxian entry v1"
OWN_KEY = "注意 note: 公钥来自包内 the key is the bundle's own: "
TOP = {"form", "stream", "entries"}
SIGNED = {"stream", "stream_version", "kind", "business_on", "happened_at", "happened_at_micros",
          "recorded_at", "recorded_at_micros", "actor", "login", "idempotency_key",
          "previous_hash", "entry_hash", "body"}  # fmt: skip
"""What an entry's hash holds. Beside these an entry has its place and its proof, nothing else."""


class Broken(Exception):  # noqa: N818 - the word that is printed
    """Something does not hold."""


def main() -> int:
    """Read the command, verify, say so in two languages."""
    parser = argparse.ArgumentParser(description="Verify an evidence bundle. 验证证据包。")
    parser.add_argument("folder", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - this file reads the same everywhere
    parser.add_argument("--key", help="the public key, had by another way 另行取得的公钥")
    parser.add_argument("--old", help="an earlier checkpoint 较早的检查点")
    parser.add_argument("--new", help="a later checkpoint 较晚的检查点")
    parser.add_argument("--proof", help="the consistency proof between them 一致性证明")
    asked = parser.parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # whatever the terminal can show
    try:
        lines = check_growth(asked) if asked.old else check_bundle(asked.folder, asked.key)
    except Broken as broken:
        print(f"不成立 DOES NOT HOLD: {broken}")
        return 1
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        print(f"无法读取 cannot be read: {type(error).__name__}: {error}")
        return 2
    print(*lines, sep="\n")
    print("成立 HOLDS")
    return 0


def check_bundle(folder: str, given_key: str | None) -> list[str]:
    """Check every entry of a bundle against the signed checkpoint."""
    bundle = parse(read(folder, "entries.json"))
    own_key = read(folder, "key.txt").strip()
    note = read(folder, "checkpoint.txt")
    if bundle["form"] != FORM or set(bundle) != TOP:
        raise Broken("entries.json is not of a form this program knows 文件格式不识别")
    lines = []
    if given_key is None:
        lines.append(OWN_KEY + own_key)
    elif given_key.strip() != own_key:
        raise Broken("key.txt is not the key you gave 公钥不符")
    origin, size, root = open_note(note, given_key or own_key)
    before = bytes(32)
    for number, entry in enumerate(bundle["entries"], start=1):
        before = check_entry(entry, bundle["stream"], number, before)
        proof = [binary(step) for step in entry["proof"]]
        if not includes(root, size, entry["leaf_no"], before, proof):
            raise Broken(f"entry {number} is not in the signed log 第 {number} 条不在签名日志中")
    if not bundle["entries"]:
        raise Broken("there is no entry 没有记录")
    return [
        *lines,
        f"日志 log: {origin}, {size} 条 entries, 根 root {root.hex()}",
        f"流水 stream: {bundle['stream']}, 第 1 至 {number} 条 entries 1 to {number}",
    ]


def check_entry(entry: dict[str, Any], stream: str, number: int, before: bytes) -> bytes:
    """Check one entry's hash and chain; give its hash."""
    where = f"entry {number} 第 {number} 条"
    if set(entry) != SIGNED | {"leaf_no", "proof"}:
        raise Broken(f"{where}: it says more or less than what is signed 含未签名的内容或缺项")
    if entry["stream"] != stream or entry["stream_version"] != number:
        raise Broken(f"{where}: is out of place 次序不符")
    if entry["previous_hash"] != before.hex():
        raise Broken(f"{where}: the entry before it is another 与前一条不相扣")
    for name in ("happened_at", "recorded_at"):
        if instant(entry[name]) != entry[name + "_micros"]:
            raise Broken(f"{where}: {name} is said twice and differs 时间前后不一")
    hashed = sha256(b"\x00" + header(entry)).digest()
    if hashed.hex() != entry["entry_hash"]:
        raise Broken(f"{where}: its content does not give its hash 内容与哈希不符")
    return hashed


def header(entry: dict[str, Any]) -> bytes:
    """Write the twelve lines that are hashed."""
    words = (
        HEAD,
        entry["stream"],
        str(entry["stream_version"]),
        entry["kind"],
        entry["business_on"],
        str(entry["happened_at_micros"]),
        str(entry["recorded_at_micros"]),
        entry["actor"],
        entry["login"],
        entry["idempotency_key"],
        entry["previous_hash"],
        sha256(entry["body"].encode()).hexdigest(),
    )
    if any("\n" in word for word in words):
        raise Broken("a field has more than one line 字段含换行")
    return ("\n".join(words) + "\n").encode()


def instant(text: str) -> int:
    """Count an ISO instant in microseconds since 1970 UTC."""
    from datetime import datetime, timedelta, timezone

    epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 - older Pythons too
    told = datetime.fromisoformat(text)
    if told.isoformat() != text:
        raise Broken("an instant is not written as it is signed 时间写法不符")
    return (told - epoch) // timedelta(microseconds=1)


def binary(text: str) -> bytes:
    """Read base64 that is written in the one way there is."""
    told = base64.b64decode(text, validate=True)
    if base64.b64encode(told).decode() != text:
        raise Broken("base64 is written in another way than it is made 编码写法不符")
    return told


def check_growth(asked: argparse.Namespace) -> list[str]:
    """Check that a later log begins with an earlier one."""
    folder = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - as above
    key = asked.key or read(folder, "key.txt").strip()
    _, old_size, old_root = open_note(read("", asked.old), key)
    _, size, root = open_note(read("", asked.new), key)
    proof = [binary(step) for step in parse(read("", asked.proof))["proof"]]
    if not extends((old_size, old_root), (size, root), proof):
        raise Broken("the later log does not begin with the earlier one 日志被改写")
    return [f"{old_size} → {size}"] if asked.key else [OWN_KEY + key, f"{old_size} → {size}"]


def read(folder: str, name: str) -> str:
    """Read a text file as it is, line ends and all."""
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:  # noqa: PTH118, PTH123 - as above
        return file.read()


def parse(text: str) -> Any:
    """Read JSON in which nothing is said twice: another reader might believe the other one."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise Broken("a name is given twice in one object 同一名称出现两次")
        return dict(pairs)

    return json.loads(text, object_pairs_hook=once)


def open_note(note: str, key: str) -> tuple[str, int, bytes]:
    """Read a signed checkpoint: origin, size, root."""
    name, key_id, coded = key.strip().split("+", 2)
    public = binary(coded)
    wanted = sha256(name.encode() + b"\n" + public).digest()[:4]
    if len(public) != 33 or public[0] != 1 or wanted.hex() != key_id:
        raise Broken("the public key is not one 公钥格式不符")
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        dash, signer, signed = [*line.split(" "), "", ""][:3]
        signature = base64.b64decode(signed) if dash == "—" and signer == name else b""
        if signature[:4] == wanted and signed_by(public[1:], signature[4:], text.encode()):
            origin, size, root = text.split("\n")[:3]
            return origin, int(size), binary(root)
    raise Broken("the checkpoint is not signed by this key 检查点签名不符")


def node(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into the one above."""
    return sha256(b"\x01" + left + right).digest()


def includes(root: bytes, size: int, leaf_no: int, leaf: bytes, proof: list[bytes]) -> bool:
    """Check an inclusion proof (RFC 9162 §2.1.3.2)."""
    here, last, hashed = leaf_no, size - 1, leaf
    if not 0 <= here <= last:
        return False
    for step in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            hashed = node(step, hashed)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            hashed = node(hashed, step)
        here, last = here >> 1, last >> 1
    return last == 0 and hashed == root


def extends(old: tuple[int, bytes], new: tuple[int, bytes], proof: list[bytes]) -> bool:
    """Check a consistency proof (RFC 9162 §2.1.4.2)."""
    if old[0] == 0:
        return not proof and old[1] == sha256(b"").digest()
    if old[0] == new[0]:
        return not proof and old[1] == new[1]
    if old[0] > new[0] or not proof:
        return False
    steps = list(proof) if old[0] & (old[0] - 1) else [old[1], *proof]
    here, last = old[0] - 1, new[0] - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = node(step, first), node(step, second)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            second = node(second, step)
        here, last = here >> 1, last >> 1
    return last == 0 and first == old[1] and second == new[1]


def signed_by(public: bytes, signature: bytes, message: bytes) -> bool:
    """Check an Ed25519 signature (RFC 8032)."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return plain_signed_by(public, signature, message)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# Ed25519 in plain integers, as RFC 8032 §5.1 defines it. Slow, and only for checking.
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)


def plain_signed_by(public: bytes, signature: bytes, message: bytes) -> bool:
    """Check an Ed25519 signature without any library."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = point_of(public), point_of(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= ORDER:
        return False
    hashed = sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(hashed, "little") % ORDER
    left, right = times(scalar, BASE), add(commitment, times(challenge, key))
    same_x = (left[0] * right[2] - right[0] * left[2]) % PRIME == 0
    same_y = (left[1] * right[2] - right[1] * left[2]) % PRIME == 0
    return bool(same_x and same_y)


def point_of(coded: bytes) -> Any:
    """Read a point; None where the bytes are none."""
    y = int.from_bytes(coded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


def add(p: Any, q: Any) -> Any:
    """Add two points (RFC 8032 §5.1.4)."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % PRIME, (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c, d = 2 * p[3] * q[3] * D % PRIME, 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def times(scalar: int, p: Any) -> Any:
    """Multiply a point by a whole number."""
    result: Any = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, p)
        p, scalar = add(p, p), scalar >> 1
    return result


BASE: Any = point_of((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little"))

if __name__ == "__main__":
    sys.exit(main())
