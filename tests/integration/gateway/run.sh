#!/bin/sh
# Runs a test file in namespaces of its own (network, mounts, processes), where the providers' names lead to loopback. All
# of it goes with the test. Needs root.
set -eu
test_file=$1
if [ "$(id -u)" -ne 0 ]; then
  echo "needs root for a network namespace: run ./dev test, which asks for it" >&2
  exit 1
fi
# shellcheck disable=SC2016 # expanded by the inner shell
exec unshare --net --mount --pid --fork --kill-child --mount-proc sh -eu -c '
  ip link set lo up
  hosts=$(mktemp)
  printf "127.0.0.1 localhost api.openai.com api.anthropic.com\n" >"$hosts"
  mount --bind "$hosts" /etc/hosts
  rm -f "$hosts"
  exec ${SLUICE_NODE:-node --test} "$1"
' sh "$test_file"
