#!/usr/bin/env bash
# Runs `millrace run` as a program of a rotation: BOOTSTRAP, IN, OUT and GROUP come from the environment (LATENCY and
# GUARANTEE may). Reads IN from its start, writes OUT, never ends by itself. MILLRACE_BINARY names another build.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
binary="${MILLRACE_BINARY:-$here/../.build/release/millrace}"
case "${GUARANTEE:-alo}" in
  alo) guarantee=at_least_once ;;
  eos) guarantee=exactly_once ;;
  *) echo "GUARANTEE is alo or eos" >&2; exit 64 ;;
esac
folder="${TMPDIR:-/tmp}/millrace-bench-$(id -u)"
mkdir -p "$folder"
file="$folder/$GROUP.yaml"
# The file outlives this script, which becomes the service; old ones are removed by the next run.
find "$folder" -name '*.yaml' -mmin +60 -delete
cat >"$file" <<YAML
name: $GROUP
kafka:
  bootstrap.servers: "$BOOTSTRAP"
input:
  topic: $IN
  format: json
  start: earliest
  id: id
  event_time: ts
  fields:
    period: number
    nswprice: number
    nswdemand: number
    vicprice: number
    vicdemand: number
    transfer: number
    label: category
label: {field: label, positive: "1"}
features: ["*"]
models:
  logistic_regression: {type: logistic_regression, optimizer: {type: sgd, learning_rate: 0.01}}
output: {topic: $OUT, guarantee: $guarantee}
YAML
exec "$binary" run "$file"
