"""Answers by python-stdnum: `ok`, or the name of the exception, or a check character.

Reads lines `credit VALUE`, `resident VALUE` (validate) and `credit-check BODY`, `licence-check BODY`,
`digit-check BODY` (compute).
"""

import sys

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_10, mod_37_36


def validated(validate, value):
    try:
        validate(value)
    except ValidationError as refusal:
        return type(refusal).__name__
    except KeyError:
        # stdnum 2.2 stumbles over a known city with an unknown county; it means this.
        return "InvalidComponent"
    return "ok"


ANSWERS = {
    "credit": lambda value: validated(uscc.validate, value),
    "resident": lambda value: validated(ric.validate, value),
    "credit-check": uscc.calc_check_digit,
    "licence-check": mod_37_36.calc_check_digit,
    "digit-check": mod_11_10.calc_check_digit,
}

for line in sys.stdin:
    question, value = line.split()
    print(ANSWERS[question](value))
