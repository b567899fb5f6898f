# SPDX-License-Identifier: Apache-2.0
# usage: formats.py PEERCOACH ROOT
# Holds every format that comes with the program to Protocol/format.schema.json, and sees that the
# schema refuses what the program refuses for its form.
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import yaml

PEERCOACH, ROOT = sys.argv[1], Path(sys.argv[2])
SOUND = (ROOT / "Examples/troika.yaml").read_text()
BROKEN = [
    ("minutes: 5", "minutes: 5 min"),
    ("minutes: 5", "minuets: 5"),
    ("bare: answer", "bare: sing"),
    ("smallest: 3", "smallest: 1"),
    ("largest: 4", "largest: 11"),
    ("name: troika", "name: Troika"),
    ("version: 1", "version: 0"),
    ("title: Troika consulting", "title: ''"),
    ("pods:", "coaches: none\npods:"),
    ("pods:", "rounds: 0\npods:"),
    ("pods:", "labels: {scribe: a}\npods:"),
    ("may: [thanks, commit]", "may: [thanks, thanks]"),
]


def program(*arguments, text=None):
    return subprocess.run(
        [PEERCOACH, "formats", *arguments], input=text, capture_output=True, text=True
    )


schema = json.loads((ROOT / "Protocol/format.schema.json").read_text())
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)

names = [
    json.loads(line)["name"]
    for line in program("list", "--json").stdout.splitlines()
    if json.loads(line).get("type") == "format"
]
assert len(names) >= 13, names
for name in names:
    validator.validate(yaml.safe_load(program("show", name, "--yaml").stdout))
validator.validate(yaml.safe_load(SOUND))
assert program("check", "-", text=SOUND).returncode == 0
for old, new in BROKEN:
    assert old in SOUND, old
    text = SOUND.replace(old, new, 1)
    assert not validator.is_valid(yaml.safe_load(text)), new
    assert program("check", "-", text=text).returncode != 0, new
print(f"formats: {len(names)} fit the schema, {len(BROKEN)} mistakes are refused by both")
