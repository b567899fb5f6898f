#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: run.sh COMMANDS [FILTER]
# Runs the tests of the rules with the optimiser on: the same sources and tests, in a package of
# their own beside the checkout, since the rest is not needed and takes a quarter of an hour.
set -euo pipefail

here=$(cd "$(dirname "$0")/../.." && pwd)
commands=${1:?usage: run.sh COMMANDS [FILTER]}
filter=${2:-ScopesTests}
copy="$here/.build-scopes"
mkdir -p "$copy"
for part in Sources/CBOR Sources/CoachingModel Tests/CoachingModelTests; do
    mkdir -p "$copy/$part"
    # Only what differs, so that nothing is built twice.
    (cd "$here/$part" && find . -type f) | while read -r file; do
        mkdir -p "$(dirname "$copy/$part/$file")"
        cmp -s "$here/$part/$file" "$copy/$part/$file" || cp "$here/$part/$file" "$copy/$part/$file"
    done
    (cd "$copy/$part" && find . -type f) | while read -r file; do
        [ -e "$here/$part/$file" ] || rm "$copy/$part/$file"
    done
done
cat >"$copy/Package.swift.new" <<'END'
// swift-tools-version: 6.3
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "scopes",
    targets: [
        .target(name: "CBOR", swiftSettings: strict),
        .target(name: "CoachingModel", dependencies: ["CBOR"], swiftSettings: strict),
        .testTarget(
            name: "CoachingModelTests",
            dependencies: ["CoachingModel", "CBOR"],
            swiftSettings: strict
        ),
    ]
)
END
cmp -s "$copy/Package.swift.new" "$copy/Package.swift" || cp "$copy/Package.swift.new" "$copy/Package.swift"
rm "$copy/Package.swift.new"
swift=${SWIFT:-swift}
"$swift" build --package-path "$copy" -c release --build-tests
PEERCOACH_COMMANDS=$commands "$swift" test --package-path "$copy" -c release --skip-build --filter "$filter"
