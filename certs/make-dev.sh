#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes an authority, a server and a client for localhost in certs/dev/, valid for 30 days.
# For looking at handshakes with openssl; peercoachd makes its own.
set -eu
umask 077

here=$(cd "$(dirname "$0")" && pwd)
dev="$here/dev"
days=30

if [ -e "$dev" ] && [ "${1:-}" != "--force" ]; then
    echo "make-dev.sh: $dev is there already; --force makes it anew" >&2
    exit 1
fi
rm -rf "$dev"
mkdir -m 0700 "$dev"
cd "$dev"

new_key() {
    openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null ||
        openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"
}

new_key authority.key
openssl req -new -x509 -config "$here/openssl.cnf" -extensions authority -sha256 -days "$days" \
    -subj "/CN=peercoach development authority" -key authority.key -out authority.pem

issue() {
    new_key "$1.key"
    openssl req -new -config "$here/openssl.cnf" -subj "/CN=$2" -key "$1.key" -out "$1.csr"
    openssl x509 -req -in "$1.csr" -CA authority.pem -CAkey authority.key -sha256 -days "$days" \
        -set_serial "0x$(openssl rand -hex 16 | sed 's/^./4/')" \
        -extfile "$here/openssl.cnf" -extensions "$1" -out "$1.pem" 2>/dev/null
    rm "$1.csr"
}

issue server localhost
issue client 00112233445566778899aabbccddeeff
cat server.pem authority.pem >server-chain.pem
chmod 0600 ./*

openssl verify -x509_strict -purpose sslserver -verify_hostname localhost \
    -CAfile authority.pem server.pem
openssl verify -x509_strict -purpose sslclient -CAfile authority.pem client.pem
printf 'pin: '
openssl x509 -in authority.pem -noout -pubkey | openssl pkey -pubin -outform der |
    openssl dgst -sha256 -r | cut -d' ' -f1
