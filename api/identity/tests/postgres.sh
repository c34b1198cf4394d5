#!/usr/bin/env bash
# Tests the store in PostgreSQL, and the identity layer over it, on a server of its own: a cluster in a temporary folder, which goes with
# it. The package comes by apt where it is missing. A cluster that the system has is left alone, and none is made.
# Run it by `make test-postgres`; with WHORL_STORE_RATE set it also measures changes a second, beside the embedded store.
set -euo pipefail
cd "$(dirname "$0")/../../.."

lacking() {
  if [ -n "${WHORL_ALL_STORES:-}" ]; then echo "$1" >&2; exit 1; fi
  echo "skipped: $1" >&2
  exit 0
}

sudo=
if [ "$(id -u)" != 0 ]; then sudo=sudo; fi

install() {
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 ||
    { $sudo apt-get update -qq &&
      $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
}

# The package makes and starts a cluster of the system unless it is told not to before it comes; afterwards the system's word is again
# what it was.
install_server() {
  command -v apt-get >/dev/null 2>&1 || return 1
  [ -z "$sudo" ] || command -v sudo >/dev/null 2>&1 || return 1
  local configuration=/etc/postgresql-common/createcluster.conf status=0
  install postgresql-common || return 1
  $sudo cp -p $configuration $configuration.whorl
  echo 'create_main_cluster = false' | $sudo tee -a $configuration >/dev/null
  install postgresql || status=1
  $sudo mv $configuration.whorl $configuration
  return $status
}

# Debian keeps the server's programs by version, out of PATH.
programs() {
  local folder
  for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) "$(dirname "$(command -v initdb || echo /none/initdb)")"; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then echo "$folder"; return 0; fi
  done
  return 1
}

programs >/dev/null || install_server || lacking "PostgreSQL: install its server (Debian: postgresql)"
programs=$(programs) || lacking "PostgreSQL: its programs initdb and postgres are not found"

# The server refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
  owner=postgres
  id "$owner" >/dev/null 2>&1 || owner=nobody
  as=(setpriv "--reuid=$owner" "--regid=$(id -g "$owner")" --clear-groups)
fi

# Short, for a socket's name has at most 107 bytes.
folder=$(mktemp -d /tmp/whorl-postgres.XXXXXX)
own() { if [ ${#as[@]} != 0 ]; then chown "$owner" "$@"; fi; }
own "$folder"
chmod 755 "$folder"
export PGDATA=$folder/data

free_port() {
  local port
  for _ in $(seq 50); do
    port=$((20000 + RANDOM % 30000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo $port; return 0; }
  done
  return 1
}
port=$(free_port)

# Starts the server and waits until it answers; again and again for a while, for what a killed one left ends a little later.
cat >"$folder/start" <<END
#!/usr/bin/env bash
set -euo pipefail
cd "$folder"
for _ in \$(seq 30); do
  if ${as[*]} env LC_ALL=C "$programs/pg_ctl" start --silent --wait --pgdata="$PGDATA" --log="$folder/log" >/dev/null 2>&1; then exit 0; fi
  sleep 0.5
done
tail -n 20 "$folder/log" >&2
exit 1
END
cat >"$folder/crash" <<END
#!/usr/bin/env bash
set -euo pipefail
kill -KILL "\$(head -n 1 "$PGDATA/postmaster.pid")"
exec "$folder/start"
END
chmod 755 "$folder/start" "$folder/crash"

finish() {
  if [ -e "$PGDATA/postmaster.pid" ]; then
    "${as[@]}" "$programs/pg_ctl" stop --silent --mode=fast --pgdata="$PGDATA" >/dev/null 2>&1 || tail -n 20 "$folder/log" >&2
  fi
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

password=$(head -c 18 /dev/urandom | base64 | tr '+/' 'ab')
(umask 077 && echo "$password" >"$folder/password")
own "$folder/password"
(cd "$folder" && "${as[@]}" "$programs/initdb" --username=whorl --pwfile="$folder/password" --auth=scram-sha-256 \
  --encoding=UTF8 --locale=C --pgdata="$PGDATA" >/dev/null)
rm "$folder/password"
cat >>"$PGDATA/postgresql.conf" <<END
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$folder'
fsync = on
synchronous_commit = on
max_connections = 200
END
# An authority that signs for the address alone: what the tests of TLS trust.
if command -v openssl >/dev/null 2>&1; then
  (cd "$folder" && umask 077 &&
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=Whorl test authority' \
      -keyout authority.key -out authority.pem &&
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=Whorl test server' -keyout server.key -out server.csr &&
    openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 -out server.pem \
      -extfile <(echo 'subjectAltName = IP:127.0.0.1')) >/dev/null 2>&1
  own "$folder/server.key" "$folder/server.pem"
  printf '%s\n' 'ssl = on' "ssl_cert_file = '$folder/server.pem'" "ssl_key_file = '$folder/server.key'" >>"$PGDATA/postgresql.conf"
  export WHORL_TEST_POSTGRES_AUTHORITY=$folder/authority.pem
fi
"$folder/start"

export WHORL_TEST_POSTGRES="host=127.0.0.1 port=$port user=whorl password=$password dbname=postgres"
export WHORL_TEST_POSTGRES_CRASH=$folder/crash

# As `make test` builds them, so that nothing is built twice.
flows='test(/^store::/) | binary(registration) | binary(adjudication) | binary(evidence) | binary(lifecycle)'
flows+=' | binary(credentials) | binary(authentication)'
if cargo nextest --version >/dev/null 2>&1; then
  cargo nextest run --locked --workspace --lib --tests --no-fail-fast \
    -E "package(whorl-identity) & ($flows) | package(whorl-api) & test(/^database::/)"
else
  cargo test --locked --package whorl-identity --lib --no-fail-fast store::
  cargo test --locked --package whorl-identity --no-fail-fast \
    --test registration --test adjudication --test evidence --test lifecycle --test credentials --test authentication
  cargo test --locked --package whorl-api --no-fail-fast --test identity database::
fi
outlive() {
  if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --locked --workspace --lib --tests --run-ignored only --no-capture \
      -E 'package(whorl-identity) & test(outlives_a_server_that_is_killed)'
  else
    cargo test --locked --package whorl-identity --lib -- --ignored --nocapture outlives_a_server_that_is_killed
  fi
}
# By the socket, and by itself, because it kills the server.
WHORL_TEST_POSTGRES="host=$folder port=$port user=whorl password=$password dbname=postgres" \
  outlive
if [ -n "${WHORL_STORE_RATE:-}" ]; then
  cargo test --locked --release --package whorl-identity --lib -- --ignored --nocapture store_rate
fi
