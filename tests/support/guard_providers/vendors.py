"""What each vendor's service takes and answers, by its public schema. All of them find the same two things: e-mail
addresses and the word "attack". Places count in the unit that the vendor documents."""
import json
import re

import aws
import google

KEY = "the-key"
MAIL = re.compile(r"(?<![\w.])[\w.]{1,64}@[\w.]{1,200}\w")


class Refused(Exception):
    def __init__(self, status, why):
        super().__init__(why)
        self.status = status


def need(condition, why, status=400):
    if not condition:
        raise Refused(status, why)


def need_fields(body, required, optional=()):
    need(isinstance(body, dict), "no object")
    need(set(required) <= set(body), f"missing {set(required) - set(body)}")
    need(set(body) <= set(required) | set(optional), f"unknown {set(body) - set(required) - set(optional)}")


def need_text(value):
    need(isinstance(value, str) and value, "no text")
    return value


def need_bearer(headers):
    need(headers.get("authorization") == f"Bearer {KEY}", "no token", 401)


def webhook(_path, headers, body):
    need_bearer(headers)
    need_fields(body, ["version", "surface", "texts"])
    need(body["version"] == 1 and body["surface"] in ("input", "tool_results", "output", "tool_arguments"), "values")
    findings = []
    for entry in body["texts"]:
        need_fields(entry, ["id", "text"])
        for mail in MAIL.finditer(need_text(entry["text"])):
            findings.append({"text": entry["id"], "start": mail.start(), "end": mail.end(), "type": "email"})
        if "attack" in entry["text"]:
            findings.append({"text": entry["id"], "type": "injection", "category": "attack", "score": 0.9, "hit": True})
    return {"findings": findings}


def bedrock(path, headers, body, raw, whole_path):
    wrong = aws.problem(whole_path, headers, raw, "us-east-1", "bedrock")
    need(wrong is None, wrong, 403)
    need(re.fullmatch(r"/guardrail/abc123/version/1/apply", path), "no such guardrail", 404)
    need_fields(body, ["source", "content"], ["outputScope"])
    need(body["source"] in ("INPUT", "OUTPUT"), "source")
    texts = []
    for block in body["content"]:
        need_fields(block, ["text"])
        need_fields(block["text"], ["text"], ["qualifiers"])
        texts.append(need_text(block["text"]["text"]))
    mails = [mail.group() for text in texts for mail in MAIL.finditer(text)]
    attack = any("attack" in text for text in texts)
    assessment = {"invocationMetrics": {"guardrailProcessingLatency": 7}}
    if mails:
        entities = [{"match": m, "type": "EMAIL", "action": "ANONYMIZED", "detected": True} for m in mails]
        assessment["sensitiveInformationPolicy"] = {"piiEntities": entities, "regexes": []}
    if attack:
        filters = [{"type": "PROMPT_ATTACK", "confidence": "HIGH", "action": "BLOCKED", "detected": True}]
        assessment["contentPolicy"] = {"filters": filters}
    total = sum(len(text) for text in texts)
    return {
        "action": "GUARDRAIL_INTERVENED" if mails or attack else "NONE",
        "assessments": [assessment],
        "guardrailCoverage": {"textCharacters": {"guarded": total, "total": total}},
        "outputs": [{"text": "Sorry."}] if mails or attack else [],
        "usage": {"contentPolicyUnits": 1},
    }


def azure(path, headers, body):
    need(headers.get("ocp-apim-subscription-key") == KEY, "no key", 401)
    if path == "/contentsafety/text:analyze?api-version=2024-09-01":
        optional = ["categories", "blocklistNames", "haltOnBlocklistHit", "outputType"]
        need_fields(body, ["text"], optional)
        need(len(need_text(body["text"])) <= 10000, "too long")
        mails = [
            {"blocklistName": "mails", "blocklistItemId": "1", "blocklistItemText": mail.group()}
            for mail in MAIL.finditer(body["text"])
        ]
        names = ["Hate", "SelfHarm", "Sexual", "Violence"]
        return {"blocklistsMatch": mails, "categoriesAnalysis": [{"category": n, "severity": 0} for n in names]}
    need(path == "/contentsafety/text:shieldPrompt?api-version=2024-09-01", "path", 404)
    need_fields(body, [], ["userPrompt", "documents"])
    need(len(body.get("userPrompt", "")) + sum(map(len, body.get("documents", []))) <= 10000, "too long")
    answer = {"documentsAnalysis": [{"attackDetected": "attack" in text} for text in body.get("documents", [])]}
    if body.get("userPrompt"):
        answer["userPromptAnalysis"] = {"attackDetected": "attack" in body["userPrompt"]}
    return answer


def model_armor(path, headers, body):
    need(google.accepts(headers.get("authorization"), KEY), "no token", 401)
    kind = path.rpartition(":")[2]
    field = {"sanitizeUserPrompt": "userPromptData", "sanitizeModelResponse": "modelResponseData"}.get(kind)
    need(field and path.startswith("/v1/projects/p1/locations/us-central1/templates/t1:"), "path", 404)
    need_fields(body, [field])
    need_fields(body[field], ["text"])
    text = need_text(body[field]["text"])
    findings = []
    for mail in MAIL.finditer(text):
        start, end = len(text[: mail.start()].encode()), len(text[: mail.end()].encode())
        # proto3: numbers of 64 bits are texts, and a zero is left out.
        bytes_ = {"end": str(end)} if start == 0 else {"start": str(start), "end": str(end)}
        points = {"end": str(mail.end())} if start == 0 else {"start": str(mail.start()), "end": str(mail.end())}
        location = {"byteRange": bytes_, "codepointRange": points}
        findings.append({"infoType": "EMAIL_ADDRESS", "likelihood": "LIKELY", "location": location})
    attack = "attack" in text

    def ran(found, **more):
        return {"executionState": "EXECUTION_SUCCESS", "matchState": state(found), **more}

    def state(found):
        return "MATCH_FOUND" if found else "NO_MATCH_FOUND"

    level = {"confidenceLevel": "HIGH"} if attack else {}
    filters = {
        "sdp": {"sdpFilterResult": {"inspectResult": ran(findings, **({"findings": findings} if findings else {}))}},
        "pi_and_jailbreak": {"piAndJailbreakFilterResult": ran(attack, **level)},
        "csam": {"csamFilterFilterResult": ran(False)},
    }
    found = bool(findings) or attack
    return {
        "sanitizationResult": {
            "filterMatchState": state(found),
            "filterResults": filters,
            "invocationResult": "SUCCESS",
            "sanitizationMetadata": {},
        }
    }


def one_message(messages, roles):
    need(isinstance(messages, list) and len(messages) == 1, "messages")
    need_fields(messages[0], ["role", "content"])
    need(messages[0]["role"] in roles, "role")
    return need_text(messages[0]["content"])


def lakera(_path, headers, body):
    need_bearer(headers)
    need_fields(body, ["messages"], ["project_id", "payload", "breakdown", "metadata", "dev_info"])
    text = one_message(body["messages"], ("user", "assistant", "system"))
    payload = [
        {"start": m.start(), "end": m.end(), "text": m.group(), "detector_type": "pii/email", "labels": [], "message_id": 0}
        for m in MAIL.finditer(text)
    ]
    breakdown = [
        {"detector_type": "pii/email", "detected": bool(payload), "message_id": 0},
        {"detector_type": "prompt_attack", "detected": "attack" in text, "message_id": 0},
    ]
    answer = {"flagged": any(entry["detected"] for entry in breakdown), "metadata": {"request_uuid": "1"}}
    if body.get("payload"):
        answer["payload"] = payload
    if body.get("breakdown"):
        answer["breakdown"] = breakdown
    return answer


def presidio(_path, headers, body):
    need_bearer(headers)
    need_fields(body, ["text", "language"], ["entities", "score_threshold", "correlation_id"])
    text = need_text(body["text"])
    found = [("EMAIL_ADDRESS", mail.start(), mail.end(), 1.0) for mail in MAIL.finditer(text)]
    found += [("ATTACK", word.start(), word.end(), 0.6) for word in re.finditer("attack", text)]
    return [
        {"entity_type": kind, "start": start, "end": end, "score": score, "analysis_explanation": None}
        for kind, start, end, score in found
    ]


def patronus(_path, headers, body):
    need(headers.get("x-api-key") == KEY, "no key", 401)
    fields = ["task_input", "task_output", "evaluated_model_input", "evaluated_model_output"]
    need_fields(body, ["evaluators"], fields + ["capture"])
    given = [body[field] for field in fields if field in body]
    need(len(given) == 1, "neither input nor output", 422)
    text = need_text(given[0])
    results = []
    for evaluator in body["evaluators"]:
        need_fields(evaluator, ["evaluator"], ["criteria", "explain_strategy"])
        pii = evaluator["evaluator"] == "pii"
        positions = [[mail.start(), mail.end()] for mail in MAIL.finditer(text)] if pii else []
        failed = bool(positions) if pii else "attack" in text
        result = {"pass": not failed, "score_raw": 0.0 if failed else 1.0, "additional_info": {"positions": positions}}
        results.append(
            {
                "evaluator_id": evaluator["evaluator"],
                "criteria": evaluator.get("criteria"),
                "status": "success",
                "error_message": None,
                "evaluation_result": result,
            }
        )
    return {"results": results}


def aidr(_path, headers, body):
    need_bearer(headers)
    need_fields(body, ["guard_input"], ["event_type", "app_id"])
    need(body.get("event_type", "input") in ("input", "output"), "event_type")
    need_fields(body["guard_input"], ["messages"], ["tools"])
    text = one_message(body["guard_input"]["messages"], ("user", "assistant", "system"))
    mails = [
        {"action": "redacted:replaced", "type": "EMAIL_ADDRESS", "value": mail.group()} for mail in MAIL.finditer(text)
    ]
    attack = "attack" in text
    responses = [{"analyzer": "PA4002", "confidence": 0.97}]
    detectors = {
        "confidential_and_pii_entity": {"detected": bool(mails), "data": {"entities": mails} if mails else None},
        "malicious_prompt": {
            "detected": attack,
            "data": {"action": "blocked", "analyzer_responses": responses} if attack else None,
        },
    }
    result = {"blocked": attack, "transformed": bool(mails), "policy": "p", "detectors": detectors}
    return {"request_id": "prq_1", "status": "Success", "summary": "done", "result": result}


def grayswan(_path, headers, body):
    need(headers.get("grayswan-api-key") == KEY, "no key", 401)
    need_fields(body, ["messages"], ["policy_id", "reasoning_mode", "rules", "metadata"])
    text = one_message(body["messages"], ("user", "assistant", "system", "tool"))
    attack, mail = "attack" in text, bool(MAIL.search(text))
    rules = [rule for rule, violated in ((6, attack), (2, mail)) if violated]
    return {
        "violation": 0.92 if rules else 0.01,
        "violated_rules": rules,
        "violated_rule_descriptions": [{"rule": rule, "name": "a rule", "description": "of the policy"} for rule in rules],
        "mutation": False,
        "ipi": attack and body["messages"][0]["role"] == "tool",
    }


def answer(path, whole_path, headers, raw):
    """Status and document for a request; `whole_path` is what was signed."""
    try:
        need(headers.get("content-type") == "application/json", "content-type", 415)
        body = json.loads(raw)
        bare = path.partition("?")[0]
        if bare == "/hook":
            return 200, webhook(path, headers, body)
        if bare.startswith("/guardrail/"):
            return 200, bedrock(path, headers, body, raw, whole_path)
        if bare.startswith("/contentsafety/"):
            return 200, azure(path, headers, body)
        if bare.startswith("/v1/projects/"):
            return 200, model_armor(path, headers, body)
        plain = {
            "/v2/guard": lakera,
            "/analyze": presidio,
            "/v1/evaluate": patronus,
            "/v1/guard_chat_completions": aidr,
            "/cygnal/monitor": grayswan,
        }
        need(bare in plain, "path", 404)
        return 200, plain[bare](path, headers, body)
    except Refused as refused:
        return refused.status, {"message": str(refused)}
    except (ValueError, KeyError, TypeError) as error:
        return 400, {"message": str(error)}


def lie(value):
    """The same document with every number far away and every truth made a text."""
    if isinstance(value, dict):
        return {key: lie(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [lie(entry) for entry in value]
    if isinstance(value, bool):
        return "maybe"
    if isinstance(value, (int, float)):
        return value + 1000000
    if isinstance(value, str) and value.isdigit():
        return str(int(value) + 1000000)
    return value
