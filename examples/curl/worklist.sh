#!/usr/bin/env bash
# What waits for an officer, and taking the first step of it, with curl alone.
#   TOKEN=yct_… examples/curl/worklist.sh http://127.0.0.1:8080
set -euo pipefail
api="$1/api/v1"
ask() { curl --silent --show-error --fail-with-body --header "Authorization: Bearer $TOKEN" --header 'Accept-Language: en' "$@"; }

ask "$api/worklist?limit=5" | python3 -m json.tool --no-ensure-ascii
read -r number item step < <(ask "$api/worklist?limit=1" |
    python3 -c 'import json, sys; task = json.load(sys.stdin)["items"][0]; print(task["number"], task["item"], task["step"])')
# With a key the act takes effect once, however often it is sent.
act=$(python3 -c 'import json, sys; print(json.dumps({"act": "claim", "item": sys.argv[1], "step": sys.argv[2]}))' "$item" "$step")
for _ in 1 2; do
    ask --request POST --header 'Content-Type: application/json' --header "Idempotency-Key: claim-$number-$step" \
        --data "$act" "$api/cases/$number/acts" --output /dev/null --write-out '%{http_code}\n'
done
