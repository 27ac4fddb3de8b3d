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
constexpr std::string_view yandex = "gitlab.com issue 353039: the formats as Yandex Cloud gives them";
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
    {"openai-admin-key", "developers.openai.com: Create admin API key; the prefix only"},
    {"openai-project-key", "openai/openai-developers-for-cursor: API key setup; the prefix only"},
    {"anthropic-admin-key", "platform.claude.com: Create an Admin API key; the prefix only"},
    {"huggingface-org-token", "huggingface/transformers, issue 15693; the prefix only, no longer given out"},
    {"langfuse-key", "langfuse/langfuse: generation of API keys"},
    {"openrouter-key", "openrouter.ai: TypeScript SDK, exchange of a code for an API key"},
    {"firecrawl-key", "docs.firecrawl.dev: API reference; the prefix only"},
    {"e2b-key", "e2b-dev/E2B: Python SDK, check of the API key"},
    {"sourcegraph-token", "sourcegraph.com: Revoking an access token; the prefix only"},
    {"aws-bedrock-short-term-key", "aws/aws-bedrock-token-generator-python: token format"},
    {"aws-mws-token", "developer.amazon.com: Amazon Pay, hosted token exchange; the prefix only"},
    {"tencent-secret-id", "tencentcloud.com: API signature"},
    {"tencent-secret-key", "tencentcloud.com: API signature"},
    {"cloudflare-origin-ca-key", "developers.cloudflare.com: Get Origin CA keys; the prefix only"},
    {"cloudflare-token", "cloudflare/cloudflare-typescript: authentication; the name only"},
    {"cloudflare-global-key", "cloudflare/cloudflare-typescript: authentication; the name only"},
    {"databricks-token", "learn.microsoft.com: Azure Databricks, Tokens CLI"},
    {"akamai-token", "techdocs.akamai.com: EdgeGrid; akamai-edgegrid: README"},
    {"yandex-cloud-key", yandex},
    {"yandex-iam-token", yandex},
    {"yandex-iam-cookie", yandex},
    {"yandex-key", yandex},
    {"openshift-token", "docs.okd.io: OAuthAccessToken"},
    {"ngrok-key", "ngrok.com: API reference, API keys; error ERR_NGROK_207"},
    {"fly-token", "superfly/macaroon: format.go; fm1r_, fm1a_ and fm2_ only"},
    {"terraform-cloud-token", "developer.hashicorp.com: Team token API"},
    {"doppler-token", "docs.doppler.com: Service tokens; the prefix dp.st. only"},
    {"jfrog-reference-token", "jfrog.com: Understanding identity tokens"},
    {"nuget-key", "NuGet/NuGetGallery: ApiKeyV4"},
    {"pypi-token", "pypi/warehouse: Token scanning; the prefix pypi- only"},
    {"posthog-personal-key", "PostHog/posthog: generation of tokens"},
    {"clojars-token", "clojars/clojars-web: generation of deploy tokens"},
    {"mistral-key", "docs.mistral.ai: Send your first API request; the name only"},
    {"stripe-webhook-secret", "stripe/stripe-node: webhook signing; the prefix only"},
    {"flutterwave-key", "developer.flutterwave.com: Authentication"},
    {"duffel-token", "duffel.com: Test mode; the prefix only"},
    {"freemius-secret", "freemius/php-sdk: README; the prefix only"},
    {"clickup-token", "developer.clickup.com: Authentication; the prefix only"},
    {"salesforce-session", "developer.salesforce.com: REST API quick start"},
    {"resend-key", "resend/resend-python: creation of an API key"},
    {"vultr-key", "vultr/vultr-cli: README; the name only"},
    {"gitea-token", "go-gitea/gitea: generation of access tokens"},
    {"codecov-token", "codecov/codecov-action: README; the name only"},
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
