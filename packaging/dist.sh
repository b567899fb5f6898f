#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Puts what a release is made of into dist/: the package, and its checksum.
# Wants release binaries: `make dist` builds them first.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
binaries=${1:-$root/.build/release}

mkdir -p "$root/dist"
deb=$("$here/build-deb.sh" "$binaries" "$root/dist" | tail -1)
"$here/check-bare.sh" "$deb"
(cd "$root/dist" && sha256sum "$(basename "$deb")" >"$(basename "$deb").sha256")
echo "$deb"
