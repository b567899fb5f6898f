#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a man page of what a program says about itself with --experimental-dump-help."""

import argparse
import json
import re
import sys
import time

ABOUT = {
    "peercoach": {
        "section": 1,
        "FILES": [
            ("~/.local/share/peercoach", "Who this device is: its keys and the server's pin. "
             "Nobody else can read it, and no backup that others can read should hold it."),
            ("~/.config/peercoach/questions.yaml", "Questions of your own or of your programme, "
             "if there is such a file; one in the profile's folder comes before it."),
        ],
        "SEE ALSO": "peercoachd(8)",
    },
    "peercoachd": {
        "section": 8,
        "FILES": [
            ("/var/lib/peercoachd", "The data folder where none is named: the authority and its "
             "key, the address, the database. Mode 0700, owned by the server's user. A backup of "
             "it is a backup of the server."),
            ("/var/lib/peercoachd/peercoachd.yaml", "Settings, if there is such a file."),
            ("/etc/default/peercoachd", "Settings in the environment, for the systemd unit."),
        ],
        "SEE ALSO": "peercoach(1), systemctl(1), journalctl(1)",
    },
}


def text(words):
    """Escapes what roff would take for its own."""
    words = words.replace("\\", "\\e").replace("-", "\\-")
    words = words.replace("'", "\\(aq").replace("`", "\\(ga").replace("^", "\\(ha")
    return re.sub(r"^\.", "\\\\&.", words, flags=re.MULTILINE)


def quoted(words):
    return '"' + text(words).replace('"', '\\(dq') + '"'


def shown(things):
    return [thing for thing in things or [] if thing.get("shouldDisplay", True)]


def is_verbatim(paragraph):
    """Tells tables and examples from prose: they are indented or have columns."""
    return any(line.startswith("  ") or re.search(r"\S {2,}\S", line)
               for line in paragraph.split("\n"))


def prose(words):
    """Gives paragraphs; tables and examples stay as they are."""
    out = []
    for paragraph in re.split(r"\n\s*\n", words.strip("\n")):
        if is_verbatim(paragraph):
            # A line of prose that leads to its examples stands before them.
            lines = paragraph.split("\n")
            lead = []
            while lines and not is_verbatim(lines[0]):
                lead.append(lines.pop(0))
            if lead:
                out += [".PP", text("\n".join(lead))]
            out += [".PP", ".nf", text("\n".join(lines)), ".fi"]
        else:
            out += [".PP", text(paragraph)]
    return out


def spelling(name):
    dashes = "--" if name["kind"] == "long" else "-"
    return dashes + name["name"]


def synopsis_of(argument):
    value = argument.get("valueName", "value")
    if argument["kind"] == "positional":
        word = f"\\fI{text(value)}\\fR"
    else:
        name = argument.get("preferredName") or argument["names"][0]
        word = f"\\fB{text(spelling(name))}\\fR"
        if argument["kind"] == "option":
            word += f" \\fI{text(value)}\\fR"
    if argument.get("isRepeating"):
        word += " ..."
    return f"[{word}]" if argument.get("isOptional") else word


def tag_of(argument):
    value = argument.get("valueName", "value")
    if argument["kind"] == "positional":
        return f"\\fI{text(value)}\\fR"
    names = sorted(argument["names"], key=lambda name: name["kind"] == "long")
    tag = ", ".join(f"\\fB{text(spelling(name))}\\fR" for name in names)
    return tag + (f" \\fI{text(value)}\\fR" if argument["kind"] == "option" else "")


def description_of(argument):
    words = argument.get("abstract", "")
    if argument.get("discussion"):
        words += "\n" + argument["discussion"]
    values = argument.get("allValues") or argument.get("allValueStrings")
    if values:
        words += f" One of: {', '.join(values)}."
    if argument.get("defaultValue") not in (None, ""):
        words += f" Default: {argument['defaultValue']}."
    return text(words.strip()) or "\\&"


def arguments(command, with_common):
    out = []
    for argument in shown(command.get("arguments")):
        names = {name["name"] for name in argument.get("names") or []}
        if not with_common and names & {"help", "version"}:
            continue
        out += [".TP", tag_of(argument), description_of(argument)]
    return out


def synopsis(path, command):
    words = [f"\\fB{text(' '.join(path))}\\fR"]
    for argument in shown(command.get("arguments")):
        names = {name["name"] for name in argument.get("names") or []}
        if not names & {"help", "version"}:
            words.append(synopsis_of(argument))
    if shown(command.get("subcommands")):
        words.append("\\fIsubcommand\\fR")
    return " ".join(words)


def commands(path, command):
    """Gives one subsection for each command that does something, in the program's order."""
    out = []
    for sub in shown(command.get("subcommands")):
        if sub["commandName"] == "help":
            continue
        here = path + [sub["commandName"]]
        out += [f".SS {quoted(' '.join(here[1:]))}", synopsis(here, sub)]
        if sub.get("abstract"):
            out += prose(sub["abstract"])
        if sub.get("discussion"):
            out += prose(sub["discussion"])
        out += arguments(sub, with_common=False)
        out += commands(here, sub)
    return out


def page(command, version, seconds):
    name = command["commandName"]
    about = ABOUT.get(name, {"section": 1})
    date = time.strftime("%Y-%m-%d", time.gmtime(seconds))
    abstract = command.get("abstract", "").rstrip(".")
    out = [
        '.\\" SPDX-License-Identifier: Apache-2.0',
        f".TH {quoted(name.upper())} {about['section']} {date} {quoted(name + ' ' + version)}",
        ".nh",
        ".ad l",
        ".SH NAME",
        f"{text(name)} \\- {text(abstract[:1].lower() + abstract[1:])}",
        ".SH SYNOPSIS",
        synopsis([name], command),
    ]
    if command.get("discussion"):
        out += [".SH DESCRIPTION"] + prose(command["discussion"])[1:]
    out += [".SH OPTIONS"] + arguments(command, with_common=True)
    subcommands = commands([name], command)
    if subcommands:
        out += [".SH COMMANDS"] + subcommands
    if about.get("FILES"):
        out.append(".SH FILES")
        for path, words in about["FILES"]:
            out += [".TP", f"\\fI{text(path)}\\fR", text(words)]
    if about.get("SEE ALSO"):
        out += [".SH SEE ALSO"]
        out.append(re.sub(r"(\w+)(\(\d\))", r"\\fB\1\\fR\2", about["SEE ALSO"]))
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version")
    parser.add_argument("seconds", type=int, help="the page's date, in seconds since 1970")
    options = parser.parse_args()
    dump = json.load(sys.stdin)
    if dump.get("serializationVersion") != 0:
        sys.exit("man.py: this kind of dump is not known")
    sys.stdout.write(page(dump["command"], options.version, options.seconds))


if __name__ == "__main__":
    main()
