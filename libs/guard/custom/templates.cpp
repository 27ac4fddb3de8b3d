#include "guard/custom/templates.h"

namespace sluice::guard {
namespace {

struct PatternRow {
  const char *id, *title, *sample, *regex;
  bool caseless;
};

constexpr PatternRow patterns[] = {
    {"employee-number", "Employee numbers: E, EMP or PN and 5 to 8 digits", "badge of EMP-004711",
     R"(\b(?:E|EMP|PN)[- ]?[0-9]{5,8}\b)", false},
    {"project-code", "Project codes: two to four capitals, a year, a number", "see QX-2026-014 for the budget",
     R"(\b[A-Z]{2,4}-20[0-9]{2}-[0-9]{2,4}\b)", false},
    {"internal-host", "Internal host names: a name below .corp, .intern, .internal, .lan or .local",
     "ssh build7.berlin.corp", R"(\b[a-z0-9](?:[a-z0-9-]{0,62}\.){1,4}(?:corp|intern|internal|lan|local)\b)", true},
    {"internal-url", "Links into internal networks", "https://wiki.example.internal/x",
     R"(https?://[a-z0-9.-]{1,200}\.(?:corp|intern|internal|lan|local)(?:[:/][^\s"<>]{0,500})?)", true},
    {"private-address", "Private IPv4 addresses (RFC 1918)", "host 10.20.30.40 is down",
     R"(\b(?:10(?:\.[0-9]{1,3}){3}|192\.168(?:\.[0-9]{1,3}){2}|172\.(?:1[6-9]|2[0-9]|3[01])(?:\.[0-9]{1,3}){2})\b)",
     false},
    {"case-file-number", "File numbers of courts and authorities: 12 O 345/26, 1:26-cv-00123", "in 12 O 345/26",
     R"(\b(?:[0-9]{1,3} [A-Z][A-Za-z]{0,3} [0-9]{1,6}/[0-9]{2}|[0-9]:[0-9]{2}-(?:cv|cr|mc)-[0-9]{3,6})\b)", false},
    {"customer-number", "Customer numbers behind their name", "customer no. 2034-8871",
     R"(\b(?:customer|client|kunden?)[ -]?(?:number|nummer|no\.?|nr\.?|id)[ :#]{0,3}([0-9][0-9-]{3,14}[0-9]))", true},
    {"contract-number", "Contract and policy numbers behind their name", "contract number AB-77-20391",
     R"(\b(?:contract|policy|vertrags?)[ -]?(?:number|nummer|no\.?|nr\.?)[ :#]{0,3}([A-Z0-9][A-Z0-9/-]{4,18}[0-9]))",
     true},
    {"ticket-key", "Keys of issue trackers: CORE-1234", "fixed in CORE-1234", R"(\b[A-Z][A-Z0-9]{1,9}-[0-9]{2,6}\b)",
     false},
    {"marking", "Markings of confidential documents", "TLP:AMBER+STRICT",
     R"(\b(?:TLP:(?:RED|AMBER(?:\+STRICT)?)|STRICTLY CONFIDENTIAL|COMPANY CONFIDENTIAL|INTERNAL USE ONLY|NOT FOR DISTRIBUTION|STRENG VERTRAULICH|NUR F(?:\x{dc}|UE)R DEN INTERNEN GEBRAUCH)(?:\b|$))",
     false},
    {"proprietary-source", "Headers of source files that are not open", "Copyright 2026 Acme. All rights reserved.",
     R"((?:proprietary and confidential|all rights reserved[.,])[^\n]{0,80})", true},
    {"database-rows", "Rows out of a database: INSERT INTO … VALUES", "INSERT INTO users (id) VALUES (1, 'a')",
     R"(\binsert\s{1,4}into\s{1,4}[^\s(]{1,80}\s{0,4}(?:\([^)]{1,500}\)\s{0,4})?values\s{0,4}\()", true},
};

struct WordsRow {
  const char *id, *title, *sample;
  std::vector<std::string> words;
};

std::vector<WordsRow> word_lists() {
  return {{"code-names",
           "Code names of projects (replace them by your own)",
           "the Blue Heron budget",
           {"Blue Heron", "Project Halcyon", "Operation Marigold"}},
          {"unkind-words",
           "Unkind words (a short, mild sample)",
           "what an idiot",
           {"idiot", "moron", "shut up", "stupid", "loser"}}};
}

std::vector<WordsRow> topics() {
  return {
      {"medical",
       "Medical findings and treatment",
       "The diagnosis is diabetes; the dosage of the prescription follows from the blood pressure.",
       {"diagnosis", "dosage", "prescription", "symptoms", "blood pressure", "diabetes", "chemotherapy", "biopsy",
        "medication", "side effects", "patient", "therapy", "surgery", "insulin", "antibiotics"}},
      {"legal",
       "Legal disputes and advice",
       "The plaintiff claims damages; our counsel says that liability is limited by the indemnity.",
       {"plaintiff", "defendant", "lawsuit", "litigation", "liability", "damages", "indemnity", "counsel", "settlement",
        "subpoena", "injunction", "jurisdiction", "statute", "breach of contract", "attorney"}},
      {"financial-advice",
       "Advice on investments",
       "Should I move my savings into bonds? The dividend and the yield of my portfolio fell.",
       {"portfolio", "dividend", "yield", "bonds", "stocks", "shares", "savings", "interest rate", "mutual fund", "ETF",
        "hedge fund", "capital gains", "asset allocation", "retirement plan", "short selling"}},
      {"weapons",
       "Weapons and explosives",
       "He asked for a detonator, the trigger mechanism of a rifle and where to get ammunition.",
       {"rifle", "pistol", "ammunition", "detonator", "explosive", "silencer", "trigger mechanism", "grenade",
        "gunpowder", "firearm", "muzzle", "caliber", "shrapnel", "fuse", "warhead"}},
      {"competitor",
       "Comparison with competitors (replace the names by those of your market)",
       "Their pricing beats the roadmap of Acme; Globex lost market share.",
       {"Acme", "Globex", "Initech", "market share", "pricing", "roadmap", "competitor", "win rate", "discount",
        "sales pitch"}},
      {"mergers",
       "Mergers and acquisitions",
       "Due diligence ends before the term sheet is signed; the valuation of the target is secret.",
       {"merger", "acquisition", "takeover", "due diligence", "term sheet", "valuation", "data room",
        "letter of intent", "earn-out", "target company", "purchase price", "shareholders", "antitrust",
        "closing conditions"}},
      {"personnel",
       "Personnel matters",
       "Her appraisal is poor: a written warning, then termination with severance.",
       {"appraisal", "written warning", "termination", "severance", "salary band", "sick leave", "works council",
        "disciplinary", "resignation", "redundancy", "promotion", "performance review"}},
  };
}

}  // namespace

std::vector<RuleTemplate> rule_templates() {
  std::vector<RuleTemplate> all;
  for (const PatternRow& row : patterns) {
    RuleTemplate& made = all.emplace_back(RuleTemplate{.id = row.id, .title = row.title, .sample = row.sample});
    made.fragment.patterns.push_back({.id = row.id, .regex = row.regex, .caseless = row.caseless});
  }
  for (WordsRow& row : word_lists()) {
    RuleTemplate& made = all.emplace_back(RuleTemplate{.id = row.id, .title = row.title, .sample = row.sample});
    made.fragment.word_lists.push_back({.id = row.id, .words = std::move(row.words)});
  }
  for (WordsRow& row : topics()) {
    RuleTemplate& made = all.emplace_back(RuleTemplate{.id = row.id, .title = row.title, .sample = row.sample});
    made.fragment.topics.push_back({.id = row.id, .words = std::move(row.words)});
  }
  return all;
}

}  // namespace sluice::guard
