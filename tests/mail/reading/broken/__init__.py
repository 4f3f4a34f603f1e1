"""Mails that break a rule, each in its own way. Written for these tests."""

FROM = b"From: Shop <info@shop.example>\r\nSubject: x\r\n"
MIXED = FROM + b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"


def _typed(kind: bytes, body: bytes = b"text", encoding: bytes = b"7bit") -> bytes:
    return FROM + b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body


BROKEN: dict[str, bytes] = {
    "nothing": b"",
    "one byte": b"\0",
    "only line ends": b"\r\n\r\n\r\n",
    "only a colon": b":",
    "only white space": b" \t \r\n \t",
    "a header without a body": FROM,
    "a header that ends in the middle of a name": b"From: a@b.example\r\nSubj",
    "a body without a header": b"\r\nhello\r\n",
    "a folded line first": b" folded: first\r\nFrom: a@b.example\r\n\r\nx",
    "a line without a colon in the header": b"From: a@b.example\r\nno colon here\r\nTo: c@d.example\r\n\r\nx",
    "bare CR for every line end": FROM.replace(b"\r\n", b"\r") + b"\rtext",
    "LF and CRLF in turn": b"From: a@b.example\nTo: c@d.example\r\nSubject: x\n\r\nbody\n",
    "LF CR for line ends": b"From: a@b.example\n\rTo: c@d.example\n\r\n\rbody",
    "NUL in a name": b"Fr\0om: a@b.example\r\n\r\nx",
    "NUL everywhere": b"\0".join(b"From: a@b.example\r\n\r\nx"[i : i + 1] for i in range(23)),
    "a name of 8-bit letters": "差出人: a@b.example\r\n\r\nx".encode(),
    "Shift_JIS in the header": "From: 例のお店 <info@shop.example>\r\n\r\nx".encode("cp932"),
    "ISO-2022-JP bare in the header": "Subject: 例のお店\r\n\r\nx".encode("iso2022_jp"),
    "a blank folded line": b"From: a@b.example\r\nSubject: x\r\n \r\nTo: c@d.example\r\n\r\nx",
    "a byte order mark": b"\xef\xbb\xbf" + FROM + b"\r\nx",
    "UTF-16": FROM.decode().encode("utf-16"),
    "an mbox line": b"From a@b.example Mon Nov 23 04:16:41 2026\r\n" + FROM + b"\r\nx",
    "an encoded word cut off": b"Subject: =?utf-8?b?44G\r\nFrom: =?utf-8?q?=E3=81\r\n\r\nx",
    "an encoded word in an unknown charset": b"Subject: =?x-none?b?AAAA?=\r\n\r\nx",
    "an encoded word of nothing": b"Subject: =??b??= =?utf-8?x?y?= =?utf-8?b??=\r\n\r\nx",
    "an encoded word of one base64 letter": b"From: =?utf-8?b?A?= <a@b.example>\r\n\r\nx",
    "UTF-7 in the header": b"Subject: =?utf-7?q?+ADw-script+AD4-?=\r\n\r\nx",
    "a date that is none": b"Date: Fri, 99 Foo 99999 99:99:99 +9999\r\n\r\nx",
    "a date of huge numbers": b"Date: " + b"9" * 300 + b"\r\n\r\nx",
    "brackets that never close": b"From: "
    + b"<" * 500
    + b"\r\nTo: "
    + b"(" * 5000
    + b"\r\nCc: "
    + b'"' * 501
    + b"\r\n\r\nx",
    "commas alone": b"From: " + b"," * 5000 + b"\r\n\r\nx",
    "at signs alone": b"From: " + b"@" * 5000 + b"\r\n\r\nx",
    "backslashes alone": b"From: " + b"\\" * 5001 + b"\r\n\r\nx",
    "no boundary": _typed(b"multipart/mixed"),
    "an empty boundary": _typed(b'multipart/mixed; boundary=""', b"--\r\n\r\nx\r\n----\r\n"),
    "a boundary that never comes": _typed(b"multipart/mixed; boundary=never"),
    "a boundary that never closes": MIXED + b"--b\r\n\r\none\r\n--b\r\n\r\ntwo",
    "a boundary that only closes": MIXED + b"--b--\r\n",
    "a boundary that is a piece of another": MIXED + b"--bb\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--\r\n",
    "a boundary with spaces behind it": MIXED + b"--b   \t\r\n\r\nx\r\n--b--  \r\n",
    "parts without headers or line ends": MIXED + b"--b\r\n--b\r\n--b--",
    "a part whose header never ends": MIXED + b"--b\r\nContent-Type: text/html\r\nX: y\r\n--b--",
    "a multipart in itself": MIXED
    + b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n--b--",
    "two content types": FROM
    + b"Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n<a href=http://x.top>x</a>",
    "a type without a slash": _typed(b"text"),
    "a type of signs": _typed(b'/;=;;=;"="\';charset==?'),
    "a type of parameters": _typed(b"text/plain" + b"; a=b" * 500),
    "continued parameters with holes": _typed(b"text/plain; name*9*=x; name*0*=utf-8''%e3%8; name*x=y; name*=''"),
    "a charset that Python knows and mail does not": _typed(b"text/plain; charset=unicode_escape", b"\\x"),
    "a charset that is a codec of bytes": _typed(b"text/plain; charset=zlib"),
    "idna as a charset": _typed(b"text/plain; charset=idna", b"a..b\xff"),
    "UTF-7": _typed(b"text/html; charset=utf-7", b"+ADw-a href+AD0-http://x.top+AD4-x"),
    "UTF-16 of an odd length": _typed(b"text/plain; charset=utf-16", b"\xff\xfex"),
    "ISO-2022-JP that breaks off": _typed(b"text/plain; charset=iso-2022-jp", b"\x1b$B$"),
    "ISO-2022-JP with a wrong shift": _typed(b"text/plain; charset=iso-2022-jp", b"\x1b$Z\x1b(\x1b$B\xff\xff\x1b"),
    "base64 that is none": _typed(b"text/plain", b"!!!!", b"base64"),
    "base64 of one letter": _typed(b"text/plain", b"A", b"base64"),
    "base64 that ends and goes on": _typed(b"text/plain", b"YQ==\r\nYg==", b"base64"),
    "padding alone": _typed(b"text/plain", b"=" * 1000, b"base64"),
    "quoted-printable that breaks off": _typed(b"text/plain", b"=E3=8", b"quoted-printable"),
    "quoted-printable of signs": _typed(b"text/plain", b"=\r=\n==ZZ=", b"quoted-printable"),
    "an unknown encoding": _typed(b"text/plain", b"x", b"rot13"),
    "uuencode of rubbish": _typed(b"text/plain", b"begin 644 x.exe\nZZZZ\n`\nend", b"x-uuencode"),
    "an encoded multipart": _typed(b"multipart/mixed; boundary=b", b"LS1iDQoNCngNCi0tYi0t", b"base64"),
    "a mail in a mail in nothing": _typed(b"message/rfc822", b""),
    "a mail in base64 that is none": _typed(b"message/rfc822", b"!", b"base64"),
    "a digest": _typed(b"multipart/digest; boundary=b", b"--b\r\n\r\nFrom: x@y.example\r\n\r\nz\r\n--b--"),
    "HTML that is not closed": _typed(b"text/html", b"<a href='http://x.top"),
    "HTML of brackets": _typed(b"text/html", b"<" * 3000),
    "HTML with NUL": _typed(b"text/html", b"<a hr\0ef=http://x\0.top>x</a\0>"),
    "HTML hidden in itself": _typed(
        b"text/html", b"<div hidden><div hidden><svg><style><style><a hidden href=//x.top>" * 5
    ),
    "entities without end": _typed(b"text/html", b"<a href='&#x;&#99999999999;&#xD800;&amp'>&#"),
    "addresses without a host": _typed(
        b"text/html",
        b"<a href=http://><a href=http:///><a href=//><a href=http://@:><a href=http://[><a href='http:// '>",
    ),
    "a host of dots": _typed(
        b"text/html", b"<a href=http://....../><a href=http://.../><a href=http://xn--/><a href=http://xn--a-.xn--/>"
    ),
    "a zip file that breaks off": MIXED
    + b'--b\r\nContent-Type: application/zip; name="x.zip"\r\n\r\nPK\x03\x04\r\n--b--',
    "a zip file that lies about its size": MIXED
    + b"--b\r\nContent-Type: application/zip; name=x.zip\r\nContent-Transfer-Encoding: binary\r\n\r\nPK\x03\x04"
    + b"PK\x01\x02"
    + b"\xff" * 60
    + b"PK\x05\x06"
    + b"\xff" * 18
    + b"\r\n--b--",
    "a file name of direction marks": MIXED
    + '--b\r\nContent-Disposition: attachment; filename="\u202e\u202d\u2066"\r\n\r\nx\r\n--b--'.encode(),
}
