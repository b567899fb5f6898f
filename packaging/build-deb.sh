#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds peercoach_VERSION_ARCHITECTURE.deb of release binaries, without debhelper.
# usage: build-deb.sh BINARIES OUT
#   BINARIES   a folder with peercoach and peercoachd (swift build -c release
#              --static-swift-stdlib)
#   CHECKOUTS  in the environment: the packages that were linked, for their licences
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
binaries=$(cd "${1:?usage: build-deb.sh BINARIES OUT}" && pwd)
out=${2:?usage: build-deb.sh BINARIES OUT}
checkouts=${CHECKOUTS:-$here/../.build/checkouts}
committed=$(git -C "$here" log -1 --format=%ct 2>/dev/null || date +%s)
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$committed}
maintainer=${DEBFULLNAME:-The peercoach maintainers}
maintainer+=" <${DEBEMAIL:-peercoach@example.invalid}>"

fail() {
    echo "build-deb.sh: $1" >&2
    exit 1
}

version=$("$binaries/peercoachd" --version)
[[ $version =~ ^[0-9]+(\.[0-9]+)+$ ]] || fail "peercoachd has no version, but: $version"
architecture=$(dpkg --print-architecture)
"$here/check-bare.sh" --libraries "$binaries/peercoach" "$binaries/peercoachd"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
chmod 0755 "$stage"
put() { install -D -m "$1" "$2" "$stage/$3"; }
pack() { gzip -9n <"$1" >"$1.gz" && rm "$1"; }

# What runs.
for program in peercoach peercoachd; do
    put 0755 "$binaries/$program" "usr/bin/$program"
    strip --strip-unneeded --remove-section=.comment "$stage/usr/bin/$program"
    for shell in bash zsh fish; do
        case $shell in
        bash) file=usr/share/bash-completion/completions/$program ;;
        zsh) file=usr/share/zsh/vendor-completions/_$program ;;
        fish) file=usr/share/fish/vendor_completions.d/$program.fish ;;
        esac
        "$binaries/$program" --generate-completion-script "$shell" >"$stage/script"
        [ -s "$stage/script" ] || fail "$program has no completions for $shell"
        put 0644 "$stage/script" "$file"
        rm "$stage/script"
    done
done
put 0644 "$here/peercoachd.service" lib/systemd/system/peercoachd.service

# What is read.
"$here/man.sh" "$binaries" "$stage/man"
for page in peercoach.1 peercoachd.8; do
    put 0644 "$stage/man/$page" "usr/share/man/man${page##*.}/$page"
    pack "$stage/usr/share/man/man${page##*.}/$page"
done
rm -r "$stage/man"
doc=usr/share/doc/peercoach
put 0644 "$here/copyright" "$doc/copyright"
put 0644 "$here/changelog" "$doc/changelog"
sed -i -e "s/@VERSION@/$version/" -e "s/@MAINTAINER@/$maintainer/" \
    -e "s/@DATE@/$(date -uRd "@$SOURCE_DATE_EPOCH")/" "$stage/$doc/changelog"
pack "$stage/$doc/changelog"

# The licences of what is linked: they ask to be shown.
found=0
for folder in "$checkouts"/*/; do
    name=$(basename "$folder")
    case $name in swift-docc-*) continue ;; esac
    for file in "$folder"LICENSE* "$folder"NOTICE*; do
        [ -f "$file" ] || continue
        put 0644 "$file" "$doc/libraries/$name/$(basename "$file")"
        found=$((found + 1))
    done
done
[ "$found" -gt 0 ] || fail "no licences of linked packages in $checkouts (set CHECKOUTS)"
runtime=$(dirname "$(readlink -f "$(command -v swift)")")/../share/swift/LICENSE.txt
[ -f "$runtime" ] || fail "the Swift runtime's licence is not beside the compiler"
put 0644 "$runtime" "$doc/libraries/swift/LICENSE.txt"
find "$stage/$doc/libraries" -type f -size +4k -exec gzip -9n {} +

# What it needs: the newest of the C library's symbols decides.
libc=$(readelf -W --dyn-syms "$binaries/peercoach" "$binaries/peercoachd" |
    grep -o '@GLIBC_[0-9.]*' | sort -uV | tail -1)
depends="libc6 (>= ${libc#@GLIBC_}), adduser"
for library in $(readelf -Wd "$binaries/peercoach" "$binaries/peercoachd" |
    sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u); do
    case $library in
    libsqlite3.so.0) depends+=", libsqlite3-0" ;;
    libstdc++.so.6) depends+=", libstdc++6" ;;
    libgcc_s.so.1) depends+=", libgcc-s1" ;;
    libz.so.1) depends+=", zlib1g" ;;
    esac
done

mkdir "$stage/DEBIAN"
for script in postinst prerm postrm; do install -m 0755 "$here/debian/$script" "$stage/DEBIAN"; done
cat >"$stage/DEBIAN/control" <<CONTROL
Package: peercoach
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -sk --exclude=DEBIAN "$stage" | cut -f1)
Depends: $depends
Section: net
Priority: optional
Description: peer coaching in a terminal, server and client
 Small groups of colleagues meet in a room, take turns as client, coach and observer, and keep
 what was said among those who were there: not even the server can read it.
 .
 peercoach is the terminal client. peercoachd is the server, with its own certificate
 authority and an embedded database; its unit is installed and not enabled.
CONTROL
(cd "$stage" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | LC_ALL=C sort |
    xargs -d '\n' md5sum >DEBIAN/md5sums)
chmod 0644 "$stage/DEBIAN/control" "$stage/DEBIAN/md5sums"
find "$stage" -type d -exec chmod 0755 {} +
find "$stage" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$out"
deb="$out/peercoach_${version}_$architecture.deb"
dpkg-deb --root-owner-group --build "$stage" "$deb" >/dev/null
echo "$deb"
