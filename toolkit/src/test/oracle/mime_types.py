"""Makes the toolkit's table of media types from mime-db, whose releases are on npm (db.json in the package).

    python3 mime_types.py db.json > ../../main/resources/dev/loomgate/toolkit/mime.types

One type a name's ending: of several that claim it, what CHOSEN says, else one of the IANA's or of Apache's, without
"x-" or "vnd." before its name, and the one that is no "application".
"""

import json
import sys

# Where the WHATWG, or what servers have sent for long, is another than the first that the rules find.
CHOSEN = {
    "3gp": "video/3gpp",
    "bmp": "image/bmp",
    "bz2": "application/x-bzip2",
    "cjs": "text/javascript",
    "csv": "text/csv",
    "deb": "application/vnd.debian.binary-package",
    "exe": "application/octet-stream",
    "flac": "audio/flac",
    "gz": "application/gzip",
    "ico": "image/vnd.microsoft.icon",
    "jfif": "image/jpeg",
    "js": "text/javascript",
    "m4a": "audio/mp4",
    "m4v": "video/mp4",
    "mjs": "text/javascript",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "mpp": "application/vnd.ms-project",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "rtf": "application/rtf",
    "tgz": "application/gzip",
    "ts": "video/mp2t",
    "vcf": "text/vcard",
    "wasm": "application/wasm",
    "wav": "audio/wav",
    "weba": "audio/webm",
    "xhtm": "application/xhtml+xml",
    "xml": "text/xml",
    "xsl": "application/xslt+xml",
    "yaml": "application/yaml",
    "yml": "application/yaml",
}


def rank(media_type: str, source: str) -> tuple[bool, bool, bool, int, str]:
    main, _, sub = media_type.partition("/")
    return (sub.startswith("x-"), sub.startswith(("vnd.", "prs.")), source not in ("iana", "apache"), main == "application", media_type)


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        database = json.load(file)
    best: dict[str, tuple[tuple[bool, bool, bool, int, str], str]] = {}
    for media_type, entry in database.items():
        for ending in entry.get("extensions", []):
            candidate = (rank(media_type, entry.get("source", "")), media_type)
            if ending not in best or candidate < best[ending]:
                best[ending] = candidate
    chosen = {ending: media_type for ending, (_, media_type) in best.items()} | CHOSEN
    types: dict[str, list[str]] = {}
    for ending, media_type in sorted(chosen.items()):
        types.setdefault(media_type, []).append(ending)
    print("# Media types and the endings of names that stand for them: mime-db 1.54.0, see NOTICE.")
    print("# Made by toolkit/src/test/oracle/mime_types.py.")
    for media_type, endings in sorted(types.items()):
        print(media_type, *endings)


main()
