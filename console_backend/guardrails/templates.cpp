#include "console_backend/guardrails/templates.h"

namespace sluice::console {

namespace {

constexpr std::string_view all[] = {
    R"json({"id":"secrets","title":"Redact credentials",
"description":"Keys, tokens and passwords are replaced before a model sees them.",
"rule":{"id":"redact-secrets","name":"Redact credentials","on":["input","tool_results"],
"detectors":[{"kind":"secrets"}],"action":"redact","redaction":"replace"},"parts":{}})json",
    R"json({"id":"secrets-in-answers","title":"Stop credentials in answers",
"description":"An answer or a tool call that carries a credential ends with an error.",
"rule":{"id":"block-secrets-out","name":"Stop credentials in answers","on":["output","tool_arguments"],
"detectors":[{"kind":"secrets"}],"action":"block","message":"The answer held a credential."},"parts":{}})json",
    R"json({"id":"personal-data","title":"Hide personal data, restore it in answers",
"description":"E-mail addresses, phone numbers and names go out as tokens; the person sees the real ones in the answer.",
"rule":{"id":"hide-personal-data","name":"Hide personal data","on":["input","tool_results"],
"detectors":[{"kind":"pii","types":["email","phone","person"]}],"action":"redact","redaction":"token"},
"parts":{}})json",
    R"json({"id":"payment-data","title":"Block payment data",
"description":"Payment cards and bank accounts never leave the company.",
"rule":{"id":"block-payment-data","name":"Block payment data","on":["input","tool_results"],
"detectors":[{"kind":"pii","types":["credit_card","iban"]}],"action":"block",
"message":"Payment data may not be sent to a model. Remove card and account numbers and try again."},
"parts":{}})json",
    R"json({"id":"identity-documents","title":"Redact identity documents",
"description":"National ids, passports, driving licences and dates of birth are masked.",
"rule":{"id":"mask-identity-documents","name":"Redact identity documents","on":["input","tool_results"],
"detectors":[{"kind":"pii","types":["national_id","passport","driver_license","date_of_birth"]}],
"action":"redact","redaction":"mask"},"parts":{}})json",
    R"json({"id":"injection","title":"Stop orders hidden in documents",
"description":"Tool results and prompts that try to give the model orders. Begins as a flag: look at the outcomes first.",
"rule":{"id":"flag-injection","name":"Orders hidden in documents","on":["input","tool_results"],
"detectors":[{"kind":"injection"}],"action":"flag"},"parts":{}})json",
    R"json({"id":"uploads","title":"No images, audio or files, and a largest prompt",
"description":"Uploads of the named kinds and prompts over 200,000 bytes are refused.",
"rule":{"id":"no-uploads","name":"No uploads","on":["input"],
"detectors":[{"kind":"limits","modalities":["image","audio","video","file"],"max_bytes":200000}],"action":"block",
"message":"Uploads are not allowed here, and prompts may have 200,000 bytes."},"parts":{}})json",
    R"json({"id":"code-names","title":"Keep code names inside",
"description":"Names of projects and products that are not announced, from a list of your own.",
"rule":{"id":"redact-code-names","name":"Keep code names inside","on":["input","tool_results"],
"detectors":[{"kind":"custom","names":["code-names"]}],"action":"redact","redaction":"hash"},
"parts":{"word_lists":[{"id":"code-names","words":["Project Heron","Project Kestrel"]}]}})json",
    R"json({"id":"customer-numbers","title":"Redact numbers of your own",
"description":"A pattern for customer, case or employee numbers, with the form that your company uses.",
"rule":{"id":"redact-customer-numbers","name":"Redact customer numbers","on":["input","tool_results","output"],
"detectors":[{"kind":"custom","names":["customer-number"]}],"action":"redact","redaction":"replace"},
"parts":{"patterns":[{"id":"customer-number","regex":"\\bCUST-[0-9]{6}\\b"}]}})json",
    R"json({"id":"acquisitions","title":"Notice a subject",
"description":"Texts in which several words of a subject stand close together, such as talk of an acquisition.",
"rule":{"id":"flag-acquisitions","name":"Talk of acquisitions","on":["input"],
"detectors":[{"kind":"custom","names":["acquisitions"]}],"action":"flag"},
"parts":{"topics":[{"id":"acquisitions","words":["acquisition","due diligence","term sheet","merger","valuation",
"letter of intent","data room"],"least":3,"within_bytes":1500}]}})json",
    R"json({"id":"own-addresses","title":"Flag foreign e-mail addresses",
"description":"E-mail addresses but those of your own domain, which an allow-list lets pass.",
"rule":{"id":"flag-foreign-addresses","name":"Foreign e-mail addresses","on":["input","output"],
"detectors":[{"kind":"pii","types":["email"]}],"action":"flag","allow":["own-domain"]},
"parts":{"allow_lists":[{"id":"own-domain","texts":[],"regexes":["(?i)[^@]+@example\\.com"]}]}})json",
    R"json({"id":"shadow","title":"Watch only",
"description":"Everything that the detectors find is recorded as what would have been found; nobody notices.",
"rule":{"id":"watch","name":"Watch only","on":["input","tool_results","output","tool_arguments"],
"detectors":[{"kind":"secrets"},{"kind":"pii"},{"kind":"injection"}],"action":"shadow","on_failure":"pass"},
"parts":{}})json",
};

}  // namespace

std::span<const std::string_view> guardrail_templates() noexcept {
  return all;
}

}  // namespace sluice::console
