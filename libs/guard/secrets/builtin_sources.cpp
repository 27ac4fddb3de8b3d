// What the built-in rows rest on: the vendor's page, or the standard, that gives the prefix, the length or an example,
// and that the row was compared with. A row that is not here is by shape only: written from general knowledge of the
// format. Lengths that a page leaves out are the row's own.
#include <algorithm>
#include <iterator>

#include "guard/secrets/builtin.h"

namespace sluice::guard {
namespace {

constexpr std::string_view github = "docs.github.com: About authentication, token formats; github.blog 2021-04-05";
constexpr std::string_view gitlab = "docs.gitlab.com: Token overview, token prefixes";
constexpr std::string_view slack = "docs.slack.dev: Tokens";
constexpr std::string_view pem = "RFC 7468 sections 2 and 10; RFC 9580 section 6.2 for OpenPGP";
constexpr std::string_view kubernetes = "kubernetes.io: Secrets, data and stringData";

struct Row {
  std::string_view id;
  std::string_view source;
};
constexpr Row rows[] = {
    {"anthropic-api-key", "platform.claude.com: Get your API key"},
    {"langsmith-key", "docs.langchain.com: LangSmith administration overview"},
    {"huggingface-token", "huggingface.co: User access tokens; the prefix only"},
    {"aws-access-key-id", "docs.aws.amazon.com: IAM identifiers, unique ID prefixes"},
    {"azure-storage-key", "learn.microsoft.com: Purview, Azure storage account key"},
    {"azure-devops-pat", "learn.microsoft.com: Purview, Azure DevOps personal access token"},
    {"cloudflare-scannable-key", "developers.cloudflare.com: Token formats"},
    {"heroku-legacy-key", "devcenter.heroku.com: Platform API quickstart"},
    {"supabase-secret-key", "supabase.com: API keys; the prefix only"},
    {"vault-token", "HashiCorp and IBM: Vault tokens; the prefixes"},
    {"vault-legacy-token", "developer.hashicorp.com: Upgrading to Vault 1.0.0, token format"},
    {"tailscale-key", "tailscale.com: Key prefixes"},
    {"github-pat", github},
    {"github-oauth", github},
    {"github-app-token", github},
    {"github-refresh-token", github},
    {"github-fine-grained-pat", github},
    {"gitlab-pat", gitlab},
    {"gitlab-pipeline-trigger", gitlab},
    {"gitlab-runner-registration", "gitlab.com: merge request 109063"},
    {"gitlab-runner-token", gitlab},
    {"gitlab-deploy-token", gitlab},
    {"gitlab-ci-job-token", gitlab},
    {"gitlab-feed-token", gitlab},
    {"gitlab-mail-token", gitlab},
    {"gitlab-agent-token", gitlab},
    {"gitlab-oauth-secret", gitlab},
    {"gitlab-scim-token", gitlab},
    {"gitlab-feature-flag-token", gitlab},
    {"gitlab-workspace-token", gitlab},
    {"gitlab-session", gitlab},
    {"circleci-token", "circleci.com: changelog, New format for API access tokens"},
    {"buildkite-token", "buildkite.com: Token security"},
    {"npm-token", "github.blog 2021-09-23: npm's new access token format"},
    {"docker-hub-token", "docs.docker.com: Docker Hub API, create access token; the prefix only"},
    {"packagist-token", "packagist.com: Composer authentication, token format"},
    {"dynatrace-token", "docs.dynatrace.com: Access tokens, token format"},
    {"newrelic-license", "newrelic.com: Managing New Relic keys with NerdGraph"},
    {"grafana-api-key", "grafana.com: Authentication options for the HTTP API"},
    {"sentry-org-token", "docs.sentry.io: Token and credential formats; Sentry CLI"},
    {"sentry-user-token", "docs.sentry.io: Token and credential formats"},
    {"launchdarkly-key", "launchdarkly.com: Environment and SDK keys; the prefix sdk- only"},
    {"stripe-secret-key", "docs.stripe.com: API keys; Stripe in gitlab.com issue 458019"},
    {"plaid-token", "plaid.com: Glossary, tokens"},
    {"shopify-token", "shopify.dev: changelog of April and January 2020"},
    {"paddle-key", "developer.paddle.com: Authentication"},
    {"slack-bot-token", slack},
    {"slack-user-token", slack},
    {"sendgrid-key", "twilio.com: SendGrid API keys, length of API keys"},
    {"hubspot-token", "developers.hubspot.com: Intro to auth"},
    {"mapbox-secret-token", "docs.mapbox.com: Tokens, token format"},
    {"json-web-token", "RFC 7515 section 3, RFC 7519 section 3"},
    {"private-key", pem},
    {"private-key-begin", pem},
    {"basic-authorization", "RFC 7617 section 2"},
    {"bearer-authorization", "RFC 6750 section 2.1"},
    {"database-url-password", "RFC 3986 section 3.2.1"},
    {"web-url-password", "RFC 3986 section 3.2.1"},
    {"age-secret-key", "C2SP age specification"},
    {"bitcoin-extended-private-key", "BIP 32, serialisation format"},
    {"bcrypt-hash", "crypt(5)"},
    {"crypt-hash", "crypt(5)"},
    {"apr1-hash", "httpd.apache.org: Password formats"},
    {"kubernetes-secret-data", kubernetes},
    {"kubernetes-secret-data-first", kubernetes},
    {"docker-registry-auth", "docs.docker.com: docker login, config.json"},
    {"npmrc-auth-token", "docs.npmjs.com: npmrc"},
    {"netrc-password", "gnu.org: inetutils, the .netrc file"},
};

}  // namespace

std::string_view builtin_secret_source(std::string_view id) noexcept {
  const auto* const row = std::ranges::find(rows, id, &Row::id);
  return row == std::end(rows) ? std::string_view() : row->source;
}

std::size_t builtin_secret_sources() noexcept {
  return std::size(rows);
}

}  // namespace sluice::guard
