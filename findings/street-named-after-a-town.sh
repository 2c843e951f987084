#!/usr/bin/env bash
# cpca 0.5.5 takes 青岛市胶州路1号, a street in Qingdao, for the town 胶州市, and 即墨区 for the 即墨市 of before 2017.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
# It imports pkg_resources, which setuptools had until version 80.
python/bin/pip install --quiet --disable-pip-version-check cpca==0.5.5 'setuptools==80.9.0'
seen=$(python/bin/python -W ignore - <<'PY'
import cpca
rows = cpca.transform(["青岛市胶州路1号", "青岛市市北区胶州路1号", "青岛市即墨区鹤山路1号"])
for row in rows.itertuples(index=False):
    print(*row)
PY
)
echo "$seen"
diff <(echo "$seen") - <<'WANT'
山东省 青岛市 胶州市 路1号 370281
山东省 青岛市 市北区 胶州路1号 370203
山东省 青岛市 即墨市 区鹤山路1号 370282
WANT
