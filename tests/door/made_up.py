"""Made-up people with numbers nobody has, and address books made of them."""

import base64
import bz2
import functools
import gzip
import hashlib
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Sequence

PEOPLE = [("王小五", "17405000001"), ("李四光明", "17405000002"), ("赵六", "17405000003"),
          ("钱七", "17405000004"), ("Ann Example", "+12125550123")]  # fmt: skip


def vcard(version: str = "3.0", *, end: str = "\r\n") -> str:
    cards = [
        end.join(["BEGIN:VCARD", f"VERSION:{version}", f"FN:{name}", f"TEL;TYPE=CELL:{phone}",
                  "END:VCARD"])
        for name, phone in PEOPLE
    ]  # fmt: skip
    return end.join(cards) + end


def zipped(data: bytes, name: str = "inner.bin") -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/read me.txt", "nothing")
        archive.writestr(name, data)
    return sink.getvalue()


def many_zipped(count: int, data: bytes, last: bytes = b"") -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            archive.writestr(f"{number}.bin", data)
        archive.writestr("last.bin", last)
    return sink.getvalue()


def tarred(data: bytes) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as tar:
        for name, content in (("read me.txt", b"nothing"), ("inner.bin", data)):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return sink.getvalue()


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.create_sheet("first")
    sheet = book.create_sheet("second")
    for row in rows:
        sheet.append(list(row))
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def table(titles: str, mark: str = ",", *, fill: str = "") -> str:
    """Write a table whose title columns named ``N`` and ``P`` are a name and a number."""
    shown = [title.rsplit("=", 1) for title in titles.split(mark)]
    lines = [mark.join(title[0] for title in shown)]
    for name, phone in PEOPLE:
        cells = {"N": name, "P": phone, "": fill}
        lines.append(mark.join(cells.get(title[1] if len(title) > 1 else "", fill)
                               for title in shown))  # fmt: skip
    return "\n".join(lines) + "\n"


GOOGLE = table(
    "Name=N,Given Name,Family Name,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,"
    "Phone 1 - Value=P"
)
GOOGLE_2024 = table("First Name=N,Middle Name,Last Name,File As,Organization Name,Birthday,"
                    "Phone 1 - Label,Phone 1 - Value=P")  # fmt: skip
OUTLOOK = table("First Name=N,Last Name,Company,Business Fax,Business Phone,Home Phone,"
                "Mobile Phone=P,E-mail Address,Birthday,Account")  # fmt: skip
THUNDERBIRD = table("First Name,Last Name,Display Name=N,Nickname,Primary Email,Secondary Email,"
                    "Screen Name,Work Phone,Home Phone,Mobile Number=P,Organization")  # fmt: skip
IPHONE = table("姓=N;名;公司;移动电话=P;住宅电话;电子邮件;生日;备注", ";")

JSON_BOOK = json.dumps([{"name": name, "phone": phone} for name, phone in PEOPLE])
JSON_ANDROID = json.dumps(
    {
        "data": {
            "device": "x",
            "contactList": [
                {"displayName": name, "phoneNumbers": [{"type": "mobile", "value": phone}]}
                for name, phone in PEOPLE[:2]
            ],
        }
    }
)
LDIF = "".join(
    f"dn: cn={n},mail=a@b.cn\nobjectclass: top\nobjectclass: person\ncn: {n}\nmobile: {p}\n\n"
    for n, p in PEOPLE
)

BOOKS: dict[str, str | bytes] = {
    **{f"vCard {version}": vcard(version) for version in ("2.1", "3.0", "4.0")},
    "vCard in small letters with bare line feeds": vcard(end="\n").lower(),
    "vCard folded in its first line": vcard().replace("BEGIN:VCARD", "BEGIN:VC\r\n ARD"),
    "vCard quoted-printable": vcard("2.1").replace(
        "FN:", "FN;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B="
    ),
    "vCard folded by quoted-printable": vcard().replace("BEGIN:VCARD", "BEGIN:VCA=\r\nRD"),
    "vCard in UTF-16 with a mark": vcard().encode("utf-16"),
    "vCard in UTF-16 without one": vcard().encode("utf-16-be"),
    "vCard with a UTF-8 mark": vcard().encode("utf-8-sig"),
    "vCard in GB 18030": vcard().encode("gb18030"),
    "vCard after a letter": "Dear all,\nsee below.\n\n" + vcard(),
    "vCard forwarded": "> " + vcard().replace("\r\n", "\r\n> "),
    "vCard in a zip": zipped(vcard().encode(), "contacts.vcf"),
    "vCard in a zip in a zip": zipped(zipped(vcard().encode())),
    "vCard gzipped": gzip.compress(vcard().encode()),
    "xCard": '<vcards xmlns="urn:ietf:params:xml:ns:vcard-4.0"><vcard/></vcards>',
    "jCard": '["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "A"]]]',
    "hCard": '<div class="vcard"><span class="fn">A</span></div>',
    "Google CSV": GOOGLE,
    "Google CSV of 2024": GOOGLE_2024,
    "Google CSV in UTF-16": GOOGLE.encode("utf-16"),
    "Outlook CSV": OUTLOOK,
    "Thunderbird CSV": THUNDERBIRD,
    "Thunderbird TSV": THUNDERBIRD.replace(",", "\t"),
    "iPhone CSV in Chinese": IPHONE,
    "CSV 姓名,电话": table("姓名=N,电话=P"),
    "CSV 姓名|手机 in GB 18030": table("姓名=N|手机=P", "|").encode("gb18030"),
    "CSV 联系人,手机号码 in zip": zipped(table("联系人=N,手机号码=P").encode("gb18030"), "a.csv"),
    "CSV of contacts by loan": table(
        "loan_id,emergency_contact_name=N,relation,mobile=P", fill="x"
    ),
    "CSV of contacts by loan in Chinese": table(
        "借款编号,紧急联系人=N,关系,联系人电话=P", fill="1"
    ),
    "CSV without titles": "\n".join(table("N=N,P=P").splitlines()[1:]),
    "CSV with titles that say nothing": table("a=N,b=P,c", fill="1"),
    "a phone's call list": table("name=N,number=P,duration", fill="31").replace("number", "phone"),
    "JSON": JSON_BOOK,
    "JSON lines": "\n".join(json.dumps({"姓名": n, "手机": p}) for n, p in PEOPLE),
    "JSON cut off": JSON_BOOK[:-20],
    "JSON of pairs": json.dumps(PEOPLE),
    "JSON deep inside": JSON_ANDROID,
    "JSON with numbers as numbers": json.dumps([{"name": "A", "mobile": 17405000001}] * 4),
    "LDIF": LDIF,
    "lines": "\n".join(f"{name} {phone}" for name, phone in PEOPLE),
    "lines with a colon": "\n".join(f"{name}：{phone}" for name, phone in PEOPLE),
    "numbered lines": "\n".join(f"{n}. {p[0]} - {p[1]}" for n, p in enumerate(PEOPLE, 1)),
    "number first": "\n".join(f"{phone} {name}" for name, phone in PEOPLE),
    "lines run together": "\n".join(f"{name}{phone}" for name, phone in PEOPLE),
    "lines in a letter": "我的联系人如下\n请查收\n" + "\n".join(f"{n}, {p}" for n, p in PEOPLE),
    "a workbook": workbook([["姓名", "手机"], *[[name, phone] for name, phone in PEOPLE]]),
    "a workbook with numbers as numbers": workbook(
        [["姓名", "手机"], *[[n, int(p.lstrip("+"))] for n, p in PEOPLE]]
    ),
    "JSON map": json.dumps(dict(PEOPLE)),
    "JSON map in Chinese": json.dumps({phone: name for name, phone in PEOPLE}, ensure_ascii=False),
    "YAML": "".join(f"- 姓名: {n}\n  电话: '{p}'\n  关系: 朋友\n" for n, p in PEOPLE),
    "TOML": "".join(f'[[people]]\nname = "{n}"\nmobile = "{p}"\n' for n, p in PEOPLE),
    "XML": "".join(f"<entry><n>{n}</n><p>{p}</p></entry>" for n, p in PEOPLE),
    "a page": "<table>" + "".join(f"<tr><td>{n}<td>{p}</tr>" for n, p in PEOPLE) + "</table>",
    "a page with entities": "".join(
        "<li>" + "".join(f"&#{ord(one)};" for one in n) + f" {p}</li>" for n, p in PEOPLE
    ),
    "SQL": "INSERT INTO c (a, b) VALUES " + ", ".join(f"('{n}', '{p}')" for n, p in PEOPLE) + ";",
    "one line": "，".join(name + phone for name, phone in PEOPLE),
    "two lines": "、".join(f"{n}（{p}）" for n, p in PEOPLE[:3])
    + "\n"
    + PEOPLE[3][0]
    + PEOPLE[3][1],
    "a name above each number": "\n".join(f"{name}\n{phone}" for name, phone in PEOPLE),
    "base64": base64.b64encode(vcard().encode()),
    "base64 in lines": base64.encodebytes(table("姓名=N,电话=P").encode()),
    "base64 for links": base64.urlsafe_b64encode(vcard().encode()),
    "base64 in JSON": json.dumps(
        {"file": "data:text/vcard;base64," + base64.b64encode(vcard().encode()).decode()}
    ),
    "vCard in bzip2": bz2.compress(vcard().encode()),
    "vCard in xz": lzma.compress(vcard().encode()),
    "vCard in tar": tarred(vcard().encode()),
    "vCard in tar in gzip": gzip.compress(tarred(vcard().encode())),
    "vCard in three zips": zipped(zipped(zipped(vcard().encode()))),
    "zips within zips": functools.reduce(lambda data, _: zipped(data), range(9), b"nothing"),
    "base64 of a zip": base64.b64encode(zipped(vcard().encode())),
    "a phone's database": b"SQLite format 3\x00" + bytes(80) + b"CREATE TABLE raw_contacts (",
}

LETS_THROUGH: dict[str, str | bytes] = {
    "nothing": "",
    "a loan book": "loan_id,principal_fen,disbursed_on,instalments\nL-1,1000,2026-01-01,3\n",
    "a loan book with borrowers": table("借款编号,姓名=N,手机=P,借款金额,放款日期,期数", fill="3"),
    "a loan book in English": table("loan_id,name=N,mobile=P,principal,rate", fill="7"),
    "payments": table("付款人=N,账号=P,付款金额,入账日期,流水号", fill="1"),
    "payments in English": table("payer name=N,phone=P,amount,paid_on", fill="1"),
    "a call-centre log": "time,from,to,seconds,result\n" + "".join(
        f"2026-01-0{n} 10:00,17405000009,{p[1]},31,connected\n" for n, p in enumerate(PEOPLE, 1)
    ),
    "a call-centre log with its staff": "agent_name,phone,result\n" + "".join(
        f"{name},{phone},busy\n" for name, phone in PEOPLE
    ),
    "a call-centre log with 坐席姓名": "坐席姓名,被叫号码,结果\n" + "".join(
        f"{name},{phone},无人接听\n" for name, phone in PEOPLE
    ),
    "numbers and outcomes": "phone,outcome\n" + "17405000001,connected\n17405000002,busy\n" * 9,
    "numbers alone": "\n".join(phone for _, phone in PEOPLE),
    "names alone": "\n".join(name for name, _ in PEOPLE),
    "one nominated contact": json.dumps({"name": "王五", "phone": "17405000001", "purpose": "x"}),
    "two nominated contacts in words": "王五 17405000001\n李四 17405000002\n",
    "a layout": '[files.loans.columns]\nloan_id = "借款编号"\nname = "姓名"\nphone = "手机"\n',
    "a loan file": '[terms]\nprincipal = "1000.00"\ndisbursed_on = 2026-01-31\ninstalments = 3\n',
    "a text that speaks of vCards": "A file may hold BEGIN:VCARD in its first line.",
    "a text message": "【某某金融】王先生您好，请致电 4000000000 或 17405000001 咨询。",
    "a loan as JSON": '{"terms": {"principal": "1.00"}, "events": [{"kind": "payment"}]}',
    "loans as JSON with borrowers": json.dumps(
        [{"loan_id": "1", "name": n, "phone": p, "principal": 1} for n, p in PEOPLE]
    ),
    "nested loans with their borrowers": json.dumps(
        [{"loan": {"id": "1", "amount": 5}, "borrower": {"name": n, "phone": p}} for n, p in PEOPLE]
    ),
    "loans with days that read like numbers": json.dumps(
        [{"name": n, "opened": 20260131, "id": 2026013101} for n, _ in PEOPLE]
    ),
    "words and numbers that are no phones": "".join(
        f"{name},{20260101 + day}\n" for day, name in enumerate(("东城", "西城", "海淀", "朝阳"))
    ),
    "cities and amounts": "地区,数值\n" + "".join(
        f"{name},{2500000 + k}\n" for k, name in enumerate("京沪广深")
    ),
    "names and numbers of ten digits": "".join(
        f"{n}\t{3000000000 + k}\n" for k, n in enumerate(("甲公司", "乙公司", "丙公司", "丁公司"))
    ),
    "three hotlines": "客服热线 17405000001，投诉电话 17405000002，咨询电话 17405000003",
    "a contract in YAML": "".join(
        f"- borrower: {n}\n  mobile: '{p}'\n  principal: 1000\n" for n, p in PEOPLE
    ),
    "SQL of loans": "INSERT INTO loans (id, name, phone, amount) VALUES "
    + ", ".join(f"(1, '{n}', '{p}', 5)" for n, p in PEOPLE),
    "base64 of nothing": base64.b64encode(bytes(range(256)) * 20),
    "a hash a line": "\n".join(hashlib.sha256(bytes([k])).hexdigest() for k in range(200)),
    "a tar of loans": tarred(b"loan_id,amount\nL-1,5\n"),
    "a tar cut off": tarred(vcard().encode())[:300],
    "an xz that is none": b"\xfd7zXZ\x00" + bytes(50),
    "brackets without end": "[" * 200_000,
    "braces without end": '{"a":' * 100_000,
    "a picture": bytes(range(256)) * 400,
    "a zip cut off": zipped(vcard().encode())[:60],
    "a gzip that is none": b"\x1f\x8b" + bytes(50),
    "a workbook of loans": workbook([["借款编号", "借款金额"], ["L-1", 1000.5]]),
    "another database": b"SQLite format 3\x00" + bytes(80) + b"CREATE TABLE loans (",
}  # fmt: skip

NAMES = [name for name, _ in PEOPLE]
PHONES = [phone for _, phone in PEOPLE[:4]]
TEXT = "".join(f"{name} {phone}\n" for name, phone in PEOPLE)

REQUESTS_REFUSED: dict[str, str | bytes] = {
    "a vCard in a string": json.dumps({"notes": vcard()}),
    "one vCard in a string": json.dumps({"text": "BEGIN:VCARD\nFN:A\nTEL:1\nEND:VCARD"}),
    "vCards beside words of loans": json.dumps({"loan_id": "L", "amount": 1, "notes": vcard()}),
    "keys nobody knows": json.dumps([{"xm": n, "sjh": p} for n, p in PEOPLE]),
    "the number first": json.dumps([{"sjh": p, "xm": n} for n, p in PEOPLE]),
    "two lists": json.dumps({"names": NAMES, "phones": PHONES}),
    "a note of a case": json.dumps({"about": "借款人亲友：" + TEXT, "debts": []}),
    "attributes": "".join(f'<c t="{p}" n="{n}"/>' for n, p in PEOPLE),
    "numbers alone in a request": "\n".join(PHONES),
    "a mark without width in each": "\n".join("\u200b".join(phone) for phone in PHONES),
    "a selector in each": "\n".join("\ufe0f".join(phone) for phone in PHONES),
    "a mark without width as an escape": json.dumps(["\u200b".join(phone) for phone in PHONES]),
    "Han digits": "\n".join(
        phone.translate({48 + k: one for k, one in enumerate("〇一二三四五六七八九")})
        for phone in PHONES
    ),
    "digits of another script": "\n".join(
        phone.translate({48 + k: 0x0660 + k for k in range(10)}) for phone in PHONES
    ),
    "digit by digit": "\n".join(" ".join(phone) for phone in PHONES),
    "groups of four, three and four": "\n".join(f"{p[:4]}.{p[4:7]}.{p[7:]}" for p in PHONES),
    "landlines": "(010) 8888-6661 (010) 8888-6662 021-66668883 0755-8888-6664",
    "Big5": "姓名,手機\n".encode("big5") + "\n".join(PHONES).encode(),
    "UTF-7": TEXT.encode("utf-7"),
    "in a link": "".join(f"%{one:02X}" for one in TEXT.encode()),
    "hex": TEXT.encode().hex(),
    "base32": base64.b32encode(TEXT.encode()),
    "in two files of a zip": many_zipped(3, "\n".join(PHONES[:2]).encode(),
                                        "\n".join(PHONES[2:]).encode()),
    "behind a megabyte": " " * 1_048_576 + TEXT,
}  # fmt: skip
"""What a table of a known layout may hold, or a file that fits none, and no request may."""

REQUESTS_PASSED: dict[str, str | bytes] = {
    "a letter with order ids": "".join(
        f"订单 2026012900000000{k}（流水 17{k}405000001234567）应于 2026-02-0{k} 前付清。\n"
        for k in range(1, 8)
    ) + "请致电客服 400-820-8820，座机 010-88886666 或 95533。",
    "a letter that says its numbers often": "专员电话 17405000001，投诉 010-88886666。\n" * 20,
    "an act": json.dumps({"case_id": "case-20261125-000017", "officer": "officer-7",
                          "values": {"contract_tail": "0042", "due_on": "2026-11-25"}}),
    "ids made by chance": json.dumps(
        [hashlib.sha256(bytes([k])).hexdigest()[:32] for k in range(200)]
    ),
    "instants": json.dumps([f"2026-01-{k:02}T21:55:00.123456+08:00" for k in range(1, 29)]),
    "microseconds": json.dumps([1_764_000_000_000_000 + 86_400_000_000 * k for k in range(50)]),
    "amounts": "".join(f"{k},{1_300_000 + k}.00,{k}\n" for k in range(1, 100)),
    "two contacts and the lender's own": json.dumps(PHONES[:3]),
}  # fmt: skip
