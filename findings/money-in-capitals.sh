#!/usr/bin/env bash
# nzh 1.0.14 and cn2an 0.5.24 cut the third decimal of an amount; nzh leaves 整 off "10.00" and reads 两百 as 0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check cn2an==0.5.24
npm install --prefix . --no-audit --no-fund --silent nzh@1.0.14
seen=$(python/bin/python - <<'PY'
import cn2an
for amount in ("2.345", "2.349", "10.00"):
    print("cn2an", amount, cn2an.an2cn(amount, "rmb"))
PY
node -e '
const { cn } = require("nzh");
for (const amount of ["2.345", "2.349", "10.00", "10"]) console.log("nzh", amount, cn.toMoney(amount));
console.log("nzh reads", "二百", cn.decodeS("二百"), "两百", cn.decodeS("两百"));')
echo "$seen"
diff <(echo "$seen") - <<'WANT'
cn2an 2.345 贰元叁角肆分
cn2an 2.349 贰元叁角肆分
cn2an 10.00 壹拾元整
nzh 2.345 人民币贰元叁角肆分
nzh 2.349 人民币贰元叁角肆分
nzh 10.00 人民币壹拾元
nzh 10 人民币壹拾元整
nzh reads 二百 200 两百 0
WANT
