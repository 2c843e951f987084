#!/usr/bin/env bash
# python-stdnum 2.2 refuses unified social credit codes whose first character is a letter, though GB 32100 has such authorities.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check python-stdnum==2.2
seen=$(python/bin/python - <<'PY'
from stdnum.cn import uscc
letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
def with_check(body):
    total = sum(letters.index(each) * pow(3, place, 31) for place, each in enumerate(body))
    return body + letters[-total % 31]
for body in ("91370222MA3ABCD15", "N2370281MF0123456", "Y1370222MB0123456", "A1370222MB0123456"):
    code = with_check(body)
    try:
        print(code[:2], uscc.validate(code) == code)
    except Exception as error:
        print(code[:2], type(error).__name__)
PY
)
echo "$seen"
diff <(echo "$seen") - <<'WANT'
91 True
N2 InvalidFormat
Y1 InvalidFormat
A1 InvalidFormat
WANT
