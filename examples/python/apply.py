"""Applies for a thing, as a program of somebody without an account would: prints the number and when it is done.

    python3 examples/python/apply.py http://127.0.0.1:8080 开办餐饮店 经营方式=外卖 营业面积=40
"""

from __future__ import annotations

import sys

from yichuang import Answer, CaseWithMatters, Client, Draft

# A small file that is what its name says; in real life the paper itself.
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def fill_in(client: Client, draft: Draft, given: dict[str, Answer]) -> Draft:
    """Answers what is asked until nothing is: every answer may bring a question or take one away."""
    path = f"/drafts/{draft['id']}/answers"
    while True:
        open_questions = [each for each in draft["form"]["questions"] if each["state"] == "unanswered"]
        answers = {
            each["field"]: answer
            for each in open_questions
            if (answer := given.get(each["field"], each["example"])) is not None
        }
        if not answers:
            return draft
        draft = client.patch(path, {"answers": answers})


def main(site: str, thing: str, *situation: str) -> None:
    client = Client(site)
    client.token = client.post("/access-keys", {})["key"]
    given: dict[str, Answer] = {name: value for name, value in (pair.split("=", 1) for pair in situation)}
    draft: Draft = client.post("/drafts", {"thing": thing})
    draft = fill_in(client, draft, given)
    for paper in draft["missing"]:
        draft = client.upload(f"/drafts/{draft['id']}/files", PDF + paper.encode(), material=paper, name="paper.pdf")
    number: str = client.post(f"/drafts/{draft['id']}/submission", {})["number"]
    case: CaseWithMatters = client.get(f"/cases/{number}")
    print(number)
    for matter in case["matters"]:
        for clock in matter["clocks"]:
            print(f"  {matter['item']}: {clock['kind']}, {clock['days_left']} days left, due on {clock['due_on']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
