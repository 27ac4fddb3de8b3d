// Built-in rules as data: one row per kind of credential.
//
// Two forms. A `token` row is a format with a prefix or a mark of its own: the shape alone says what it is. An
// `assigned` row is a bare string (32 hex digits, a UUID) that only its name beside it makes a credential: the row
// names the product, the engine builds NAME … [:=] … VALUE around it. Context rows score lower, the generic ones
// lowest. Which rows rest on the vendor's own page stands in builtin_sources.cpp. Entropies are in bits a character;
// they are low enough to take what generators make and high enough to refuse words.
//
// This file is one table and long for that reason.
#include "guard/secrets/builtin.h"

#include <string_view>

namespace sluice::guard {
namespace {

using enum SecretCheck;

struct Token {
  std::string_view id;
  std::string_view regex;  // between word boundaries; the first group, or all of it, is the secret
  double min_entropy = 0;
  SecretCheck check = none;
};

struct Assigned {
  std::string_view id;
  std::string_view names;  // alternatives, matched whatever the case
  std::string_view value;
  double min_entropy = 3;
};

constexpr Token tokens[] = {
    // AI vendors
    {"openai-project-key", R"(sk-proj-[A-Za-z0-9_-]{40,200})", 3.5},
    {"openai-service-account-key", R"(sk-svcacct-[A-Za-z0-9_-]{40,200})", 3.5},
    {"openai-admin-key", R"(sk-admin-[A-Za-z0-9_-]{40,200})", 3.5},
    {"openai-key", R"(sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20})", 3},
    {"anthropic-api-key", R"(sk-ant-api\d{2}-[A-Za-z0-9_-]{80,120})", 3.5},
    {"anthropic-admin-key", R"(sk-ant-admin\d{2}-[A-Za-z0-9_-]{80,120})", 3.5},
    {"anthropic-oauth-token", R"(sk-ant-o[ar]t\d{2}-[A-Za-z0-9_-]{60,120})", 3.5},
    {"openrouter-key", R"(sk-or-v1-[0-9a-f]{64})", 3},
    {"google-api-key", R"(AIza[0-9A-Za-z_-]{35})", 3},
    {"google-authentication-key", R"(AQ\.Ab[0-9A-Za-z_-]{40,100})", 3.5},
    {"huggingface-token", R"(hf_[A-Za-z]{34,40})", 3},
    {"huggingface-org-token", R"(api_org_[A-Za-z]{34})", 3},
    {"replicate-token", R"(r8_[A-Za-z0-9]{37})", 3},
    {"groq-key", R"(gsk_[A-Za-z0-9]{52})", 3.5},
    {"perplexity-key", R"(pplx-[A-Za-z0-9]{48,56})", 3.5},
    {"xai-key", R"(xai-[A-Za-z0-9]{70,90})", 3.5},
    {"fireworks-key", R"(fw_[A-Za-z0-9]{22,26})", 3.3},
    {"together-key", R"(tgp_v1_[A-Za-z0-9_-]{43})", 3.5},
    {"nvidia-api-key", R"(nvapi-[A-Za-z0-9_-]{60,72})", 3.5},
    {"cerebras-key", R"(csk-[a-z0-9]{48})", 3.5},
    {"pinecone-key", R"(pc(?:sk|key)_[A-Za-z0-9]{4,16}_[A-Za-z0-9]{50,70})", 3.5},
    {"langsmith-key", R"(lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10})", 3},
    {"langfuse-key", R"(sk-lf-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", 3},
    {"elevenlabs-key", R"(sk_[0-9a-f]{20,64}(?:[g-z_][a-z0-9_]{0,40})?)", 3},
    {"jina-key", R"(jina_[0-9a-f]{32}[A-Za-z0-9_-]{28})", 3.5},
    {"tavily-key", R"(tvly-(?:dev-|prod-)?[A-Za-z0-9]{32})", 3.3},
    {"firecrawl-key", R"(fc-[0-9a-f]{32})", 3},
    {"apify-token", R"(apify_api_[A-Za-z0-9]{36})", 3.3},
    {"e2b-key", R"(e2b_[0-9a-fA-F]{40})", 3},
    {"runpod-key", R"(rpa_[A-Z0-9]{40,50})", 3.3},
    {"sourcegraph-token", R"(sgp_(?:[0-9a-fA-F]{16}_|local_)?[0-9a-fA-F]{40})", 3},
    {"vercel-access-token", R"(vc[piar]_[A-Za-z0-9]{24,80})", 3.5},
    {"vercel-ai-gateway-key", R"(vck_[A-Za-z0-9]{56})", 3.5},
    {"sluice-virtual-key", R"(sk-slc-[A-Za-z0-9_-]{24,64})", 3},
    // Clouds
    {"aws-access-key-id", R"((?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})", 3},
    {"aws-bedrock-key", R"(ABSK[A-Za-z0-9+/]{100,140}={0,2})", 3.5},
    {"aws-bedrock-short-term-key", R"(bedrock-api-key-[A-Za-z0-9+/]{100,}={0,2})", 4},
    {"aws-mws-token", R"(amzn\.mws\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", 3},
    {"gcp-oauth-client-secret", R"(GOCSPX-[A-Za-z0-9_-]{28})", 3},
    {"gcp-oauth-access-token", R"(ya29\.[A-Za-z0-9_-]{60,400})", 3.5},
    // Two slashes after a 1 are a comment or a division too; words have less entropy than a token.
    {"gcp-oauth-refresh-token", R"(1//[A-Za-z0-9_-]{40,400})", 4.5, digits},
    // Microsoft's page has 7 and 8 before the mark; the digit counts up.
    {"azure-client-secret", R"([A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34})", 3},
    {"azure-identifiable-key",
     R"([A-Za-z0-9+/]{33,76}(?:AzFu|AIoT|AzSe|ACDb|APIM|AzCa|AZEG|\+A(?:Sb|Eh|Rm|Ba|St|MC|CR)|/AM7)[A-Za-z0-9+/]{5,12}={0,2}|[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{6}={0,2})",
     4.2, digits},
    {"azure-annotated-key", R"([A-Za-z0-9+/]{52}JQQJ9[9D][A-Z][A-L][A-Za-z0-9+/]{24}(?:[A-Za-z0-9+/]{2}==)?)", 4,
     digits},
    {"azure-storage-key", R"((?i:AccountKey)=([A-Za-z0-9+/]{86}==))", 3.5},
    {"azure-shared-access-key", R"((?i:SharedAccessKey)=([A-Za-z0-9+/]{42,44}={0,2}))", 3.5},
    {"azure-sas-signature", R"([?&]sig=([A-Za-z0-9%]{40,80}(?:%3D|=)))", 3.5},
    {"azure-devops-pat", R"([A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4})", 3.5},
    {"alibaba-access-key-id", R"(LTAI[A-Za-z0-9]{17,26})", 3},
    {"tencent-secret-id", R"(AKID[A-Za-z0-9]{32})", 3},
    {"digitalocean-token", R"(do[opr]_v1_[0-9a-f]{64})", 3},
    {"cloudflare-scannable-key", R"(cf(?:k|ut|at)_[A-Za-z0-9_-]{40}[A-Za-z0-9]{4,12})", 3.5},
    {"cloudflare-origin-ca-key", R"(v1\.0-[0-9a-f]{24}-[0-9a-f]{140,150})", 3},
    {"heroku-key", R"(HRKU-(?:AA[A-Za-z0-9_-]{58}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))", 3},
    {"fly-token", R"(fm[12][ar]?_[A-Za-z0-9+/=,]{60,800}|fo1_[A-Za-z0-9_-]{43})", 3.5},
    {"netlify-token", R"(nf[pcoub]_[A-Za-z0-9]{36})", 3.3},
    {"render-key", R"(rnd_[A-Za-z0-9]{28,32})", 3.3},
    {"supabase-token", R"(sbp_(?:oauth_)?[0-9a-f]{40})", 3},
    {"supabase-secret-key", R"(sb_secret_[A-Za-z0-9_-]{20,60})", 3.3},
    {"planetscale-token", R"(pscale_(?:tkn|pw|oauth)_[A-Za-z0-9=._-]{32,64})", 3.3},
    {"neon-key", R"(napi_[a-z0-9]{60,70})", 3.3},
    {"databricks-token", R"(dapi[0-9a-f]{32}(?:-\d)?)", 3},
    {"aiven-password", R"(AVNS_[A-Za-z0-9_-]{15,24})", 3},
    {"scaleway-access-key", R"(SCW[A-Z0-9]{17})", 3},
    {"yandex-cloud-key", R"(AQVN[A-Za-z0-9_-]{35,38})", 3.3},
    {"yandex-iam-token", R"(t1\.[A-Z0-9a-z_-]{60,}={0,2}\.[A-Z0-9a-z_-]{86}={0,2})", 3.5},
    {"yandex-iam-cookie", R"(c1\.[A-Z0-9a-z_-]{60,}={0,2}\.[A-Z0-9a-z_-]{86}={0,2})", 3.5},
    // Secret managers and infrastructure
    {"vault-token", R"(hv[sbr]\.[A-Za-z0-9_-]{24,200})", 3.5},
    {"vault-legacy-token", R"([sb]\.[A-Za-z0-9]{24})", 4, digits},
    {"terraform-cloud-token", R"([A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70})", 3.5},
    {"pulumi-token", R"(pul-[0-9a-f]{40})", 3},
    {"doppler-token", R"(dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44})", 3.3},
    {"onepassword-service-account", R"(ops_eyJ[A-Za-z0-9+/_-]{250,}={0,3})", 3.5},
    {"onepassword-secret-key",
     R"(A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5})", 3},
    {"infisical-token", R"(st\.[0-9a-f]{24}\.[0-9a-f]{32}\.[0-9a-f]{32})", 3},
    {"age-secret-key", R"(AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58})", 3},
    {"tailscale-key", R"(tskey-(?:api|auth|client|scim|webhook)-[A-Za-z0-9]{8,20}-[A-Za-z0-9]{16,48})", 3.3},
    {"prefect-key", R"(pn[bu]_[A-Za-z0-9]{36})", 3.3},
    {"dbt-token", R"(dbt[cu]_[A-Za-z0-9_-]{36,64})", 3.3},
    {"harness-token", R"((?:pat|sat)\.[A-Za-z0-9_-]{22}\.[0-9a-f]{24}\.[A-Za-z0-9]{20})", 3.3},
    {"octopus-key", R"(API-[A-Z0-9]{26,31})", 3.3},
    {"scalingo-token", R"(tk-us-[A-Za-z0-9_-]{48})", 3.5},
    {"openshift-token", R"(sha256~[A-Za-z0-9_-]{43})", 3.5},
    {"yubico-otp-key", R"((?:vv|cc)[cbdefghijklnrtuv]{42})", 3.8},
    // Source control, builds, registries
    {"github-pat", R"(ghp_[A-Za-z0-9]{36,251})", 3, github_crc},
    {"github-oauth", R"(gho_[A-Za-z0-9]{36,251})", 3, github_crc},
    {"github-app-token", R"(gh[us]_[A-Za-z0-9]{36,251})", 3, github_crc},
    {"github-refresh-token", R"(ghr_[A-Za-z0-9]{36,251})", 3},
    {"github-fine-grained-pat", R"(github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})", 3.3},
    {"gitlab-pat", R"(glpat-[A-Za-z0-9_-]{20}|glpat-[A-Za-z0-9_-]{27,300}\.[a-z0-9]{2}\.[a-z0-9]{9})", 3},
    {"gitlab-pipeline-trigger", R"(glptt-[0-9a-f]{40})", 3},
    {"gitlab-runner-registration", R"(GR1348941[A-Za-z0-9_-]{20})", 3},
    {"gitlab-runner-token", R"(glrtr?-(?:t\d_)?[A-Za-z0-9_-]{20,300}(?:\.[a-z0-9]{2}\.[a-z0-9]{9})?)", 3},
    {"gitlab-deploy-token", R"(gldt-[A-Za-z0-9_-]{20})", 3},
    {"gitlab-ci-job-token", R"(glcbt-[0-9a-zA-Z]{1,5}_[A-Za-z0-9_-]{20})", 3},
    {"gitlab-feed-token", R"(glft-[A-Za-z0-9_-]{20,64})", 3},
    {"gitlab-mail-token", R"(glimt-[A-Za-z0-9_-]{25})", 3},
    {"gitlab-agent-token", R"(glagent-[A-Za-z0-9_-]{50})", 3.3},
    {"gitlab-oauth-secret", R"(gloas-[A-Za-z0-9_-]{64})", 3.5},
    {"gitlab-scim-token", R"(glsoat-[A-Za-z0-9_-]{20})", 3},
    {"gitlab-feature-flag-token", R"(glffct-[A-Za-z0-9_-]{20})", 3},
    {"gitlab-workspace-token", R"(glwt-[A-Za-z0-9_-]{20,64})", 3},
    {"gitlab-session", R"(_gitlab_session=([0-9a-z]{32}))", 3},
    // Atlassian names four letters and no length. Genes are written with A, C and T: the entropy keeps them out.
    {"bitbucket-app-password", R"(ATBB[A-Za-z0-9]{20,64})", 3.5, digits},
    {"bitbucket-access-token", R"(ATCT[A-Za-z0-9_=-]{60,400})", 4, digits},
    {"atlassian-api-token", R"(ATAT[A-Za-z0-9_=-]{60,400})", 4, digits},
    {"circleci-token", R"(CCI(?:PAT|PRJ)_[A-Za-z0-9]{20,24}_[0-9a-f]{40})", 3},
    {"buildkite-token", R"(bk(?:ua|aa|aj|ct|pi)_[A-Za-z0-9]{40,100})", 3.3},
    {"sonar-token", R"(sq[uabp]_[0-9a-f]{40})", 3},
    {"npm-token", R"(npm_[A-Za-z0-9]{36})", 3, github_crc},
    {"pypi-token", R"(pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)[A-Za-z0-9_-]{50,1000})", 3.5},
    {"rubygems-key", R"(rubygems_[0-9a-f]{48})", 3},
    {"nuget-key", R"(oy2[a-p][a-z2-7]{42})", 3.3},
    {"cargo-token", R"(cio[A-Za-z0-9]{32})", 3.5},
    {"cargo-publishing-token", R"(cio_tp_[A-Za-z0-9]{32})", 3.5},
    {"docker-hub-token", R"(dckr_(?:pat|oat)_[A-Za-z0-9_-]{27,32})", 3.3},
    {"jfrog-token", R"(AKCp[A-Za-z0-9]{66,73})", 3.5},
    {"jfrog-reference-token", R"(cmVmd[A-Za-z0-9]{59})", 3.5},
    {"clojars-token", R"(CLOJARS_[0-9a-f]{60})", 3},
    {"packagist-token", R"(packagist_[ou][ru]t_[0-9a-f]{68})", 3},
    {"deno-token", R"(dd[opw]_[A-Za-z0-9]{36})", 3.5},
    // Observability
    {"dynatrace-token", R"(dt0[a-zA-Z]\d{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64})", 3.3},
    {"datadog-prefixed-key", R"(dd(?:app|pat|sat)_[A-Za-z0-9_]{34,80})", 3.5},
    {"newrelic-user-key", R"(NRAK-[A-Z0-9]{27})", 3},
    {"newrelic-browser-key", R"(NRJS-[0-9a-f]{19})", 3},
    {"newrelic-insert-key", R"(NRI[IQ]-[A-Za-z0-9_-]{32})", 3},
    {"grafana-service-account", R"(glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8})", 3.3},
    {"grafana-cloud-token", R"(glc_eyJ[A-Za-z0-9+/]{40,400}={0,3})", 3.5},
    {"grafana-api-key", R"(eyJrIjoi[A-Za-z0-9+/]{60,400}={0,3})", 3.5},
    {"sentry-org-token", R"(sntrys_eyJ[A-Za-z0-9+/=_-]{80,400})", 3.5},
    {"sentry-user-token", R"(sntryu_[0-9a-f]{64})", 3},
    {"honeycomb-key", R"(hc[a-z]ik_[A-Za-z0-9]{58}|hc[a-z]mk_[A-Za-z0-9]{26}:[A-Za-z0-9]{32})", 3.5},
    {"posthog-personal-key", R"(phx_[A-Za-z0-9]{40,50})", 3.5},
    {"launchdarkly-key", R"((?:sdk|api)-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})", 3},
    {"logfire-token", R"(pylf_v\d{1,2}_[a-z]{2,12}_[A-Za-z0-9]{40,64})", 3.5},
    // Payment and commerce
    {"stripe-secret-key", R"((?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{10,128})", 2.5},
    {"stripe-webhook-secret", R"(whsec_[A-Za-z0-9+/]{32,64}={0,2})", 3.3},
    {"square-access-token", R"(EAAA[A-Za-z0-9_-]{60}|sq0atp-[A-Za-z0-9_-]{22})", 3},
    {"square-oauth-secret", R"(sq0csp-[A-Za-z0-9_-]{43})", 3.3},
    {"braintree-token",
     R"(access_token\$(?:production|sandbox|development|integration|qa)\$[0-9a-z_]{16,40}\$[0-9a-f]{32})", 3},
    {"adyen-key", R"(AQE[A-Za-z0-9]{5,10}[A-Za-z0-9+/=*.-]{60,250})", 4},
    {"razorpay-key", R"(rzp_(?:live|test)_[A-Za-z0-9]{14,24})", 3},
    {"flutterwave-key", R"(FLW(?:SECK|PUBK)(?:_TEST)?-[0-9a-zA-Z]{32,40}-X)", 3},
    {"plaid-token",
     R"(access-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", 3},
    {"shopify-token", R"(shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32})", 3},
    {"mollie-key", R"((?:live|test|access)_[A-Za-z0-9]{30,40})", 3.5, digits},
    {"gocardless-token", R"((?:live|sandbox)_[A-Za-z0-9_=-]{40,43})", 4, digits},
    {"paddle-key", R"(pdl_(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3})", 3.3},
    {"mercadopago-token", R"(APP_USR-\d{12,20}-\d{6}-[0-9a-f]{32}-\d{6,12})", 3},
    {"easypost-key", R"(EZ[AT]K[A-Za-z0-9]{54})", 3.5},
    {"shippo-token", R"(shippo_(?:live|test)_[0-9a-f]{40})", 3},
    {"duffel-token", R"(duffel_(?:live|test)_[A-Za-z0-9_=-]{43})", 3.5},
    {"lob-key", R"((?:live|test)_(?:pub_)?[0-9a-f]{31,35})", 3},
    {"freemius-secret", R"(sk_[A-Za-z0-9@#$%^&*.!?-]{29})", 4, digits},
    {"maxmind-license", R"([A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk)", 3.5},
    // Chat, mail, telephony
    {"slack-bot-token", R"(xoxb-\d{8,14}-\d{8,14}-[A-Za-z0-9-]{18,34}|xoxb-\d{8,14}-[A-Za-z0-9]{18,26})", 3},
    {"slack-user-token", R"(xox[pe](?:-\d{10,13}){3}-[A-Za-z0-9-]{28,34})", 3},
    {"slack-legacy-token", R"(xox[aors]-[0-9a-zA-Z-]{10,72})", 3, digits},
    {"slack-workflow-token", R"(xwfp-[0-9A-Za-z-]{10,200})", 3, digits},
    {"slack-app-token", R"(xapp-\d-[A-Z0-9]{8,14}-\d{8,14}-[0-9a-z]{30,70})", 3.3},
    {"slack-config-token", R"(xoxe(?:\.xox[bp])?-\d-[A-Za-z0-9]{140,180})", 3.5},
    {"slack-webhook", R"(hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{40,60})", 3.3},
    {"discord-bot-token", R"([MNO][A-Za-z\d_-]{23,27}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27,38})", 3.8},
    {"discord-webhook", R"(discord(?:app)?\.com/api/webhooks/\d{17,20}/[A-Za-z0-9_-]{60,80})", 3.5},
    {"telegram-bot-token", R"(\d{8,10}:A[A-Za-z0-9_-]{34})", 3.5},
    {"teams-webhook",
     R"([a-z0-9]+\.webhook\.office\.com/webhookb2/[0-9a-f-]{36}@[0-9a-f-]{36}/IncomingWebhook/[0-9a-f]{32}/[0-9a-f-]{36})",
     3},
    {"twilio-api-key", R"(SK[0-9a-fA-F]{32})", 3},
    {"sendgrid-key", R"(SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})", 3.5},
    {"mailgun-key", R"(key-[0-9a-z]{32})", 3, digits},
    {"mailgun-private-key", R"([0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})", 3},
    {"mailchimp-key", R"([0-9a-f]{32}-us\d{1,2})", 3},
    {"brevo-key", R"(xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16})", 3.3},
    {"resend-key", R"(re_[A-Za-z0-9]{7,10}_[A-Za-z0-9]{22,28})", 3.3},
    {"onesignal-key", R"(os_v2_(?:app|org)_[a-z2-7]{80,110})", 3.3},
    {"firebase-cloud-messaging-key", R"(AAAA[A-Za-z0-9_-]{7}:[A-Za-z0-9_-]{140})", 3.5},
    {"sidekiq-license", R"([0-9a-f]{8}:[0-9a-f]{8}@(?:gems|enterprise)\.contribsys\.com)", 3},
    // Work and content tools
    {"postman-key", R"(PMAK-[0-9a-f]{24}-[0-9a-f]{34})", 3},
    {"figma-token", R"(fig[dr]_[A-Za-z0-9_-]{40,60})", 3.3},
    {"linear-key", R"(lin_(?:api|oauth)_[A-Za-z0-9]{40,64})", 3.3},
    {"notion-token", R"(ntn_\d{11}[A-Za-z0-9]{32,35}|secret_[A-Za-z0-9]{43})", 3.5},
    {"clickup-token", R"(pk_\d{6,9}_[A-Z0-9]{32})", 3.3},
    {"airtable-token", R"(pat[A-Za-z0-9]{14}\.[0-9a-f]{64})", 3.3},
    {"contentful-token", R"(CFPAT-[A-Za-z0-9_-]{43})", 3.3},
    {"typeform-token", R"(tfp_[A-Za-z0-9_.=-]{40,59})", 3.3},
    {"mapbox-secret-token", R"(sk\.eyJ1I[A-Za-z0-9_-]{60,100}\.[A-Za-z0-9_-]{22})", 3.5},
    {"hubspot-token", R"(pat-(?:na|eu|ap)\d-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", 3},
    {"salesforce-session", R"(00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{80,120})", 3.5},
    {"readme-key", R"(rdme_xn8s9h[a-z0-9]{64})", 3.3},
    {"frameio-token", R"(fio-u-[A-Za-z0-9_=-]{64})", 3.5},
    {"settlemint-token", R"(sm_(?:aat|pat|sat)_[A-Za-z0-9]{16})", 3},
    {"intra42-secret", R"(s-s4t2(?:ud|af)-[0-9a-f]{64})", 3},
    {"rapidapi-key", R"([0-9a-f]{10}msh[0-9a-f]{15}p[0-9a-f]{6}jsn[0-9a-f]{12})", 3},
    {"facebook-page-token", R"(EAA[MC][A-Za-z0-9]{100,300})", 3.8},
    {"facebook-app-token", R"(\d{15,16}\|[A-Za-z0-9_-]{27,40})", 3.3},
    {"microsoft-account-token", R"(Ew[BC][A-Za-z0-9+/%]{400,1000}={0,2})", 4},
    {"perforce-ticket", R"((?:P4PASSWD|P4TICKET)=([0-9A-F]{32}))", 3},
    // Keys, hashes and headers that are formats of their own
    {"json-web-token", R"(eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,})", 3.5, jwt},
    {"bitcoin-extended-private-key", R"([xyz]prv[1-9A-HJ-NP-Za-km-z]{107,108})", 4},
    {"bcrypt-hash", R"(\$2[aby]\$\d{2}\$[./A-Za-z0-9]{53})", 3.5},
    {"crypt-hash", R"(\$[56]\$(?:rounds=\d+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43,86})", 3.5},
    {"apr1-hash", R"(\$apr1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22})", 3},
};

// Rows that need regexes of their own: no word boundaries are put around them.
constexpr Token shapes[] = {
    {"alchemy-url-key", R"(alchemy\.com/(?:nft/)?v[23]/([A-Za-z0-9_-]{20,40})(?:[^A-Za-z0-9_-]|$))", 3.5, digits},
    {"private-key",
     R"(-----BEGIN[ A-Z0-9_-]{0,60}PRIVATE KEY(?: BLOCK)?-----[\s\S]{60,}?-----END[ A-Z0-9_-]{0,60}PRIVATE KEY(?: BLOCK)?-----)",
     3},
    {"private-key-begin",
     R"(-----BEGIN[ A-Z0-9_-]{0,60}PRIVATE KEY(?: BLOCK)?-----(?:\\n|\s){1,4}[A-Za-z0-9+/=\\\s]{48,})", 3},
    {"putty-private-key", R"(PuTTY-User-Key-File-\d: [\s\S]{20,}?Private-Lines: \d+\r?\n[A-Za-z0-9+/=\r\n]{64,})", 3},
    // An .edgerc names its host in the same form: what a dot and a letter follow is that host, not a token.
    {"akamai-token", R"((?:^|[^A-Za-z0-9_-])(akab-[a-z0-9]{16,32}-[a-z0-9]{5,16})(?:\.?\s|[^A-Za-z0-9_.-]|$))", 3},
    {"ngrok-key",
     R"re((?i:ngrok|authtoken)[ \w.-]{0,25}["'\x60]?[ \t]{0,4}[ :=,][ \t]{0,4}["'\x60]?([A-Za-z0-9]{27}_[A-Za-z0-9]{20,22})(?:[^A-Za-z0-9_]|$))re",
     3.5, digits},
    {"gcp-service-account-key", R"re("private_key_id"\s{0,4}:\s{0,4}"([0-9a-f]{40})")re", 3},
    {"database-url-password",
     R"((?i:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|clickhouse|cockroachdb|oracle|ldaps?|ftps?|sftp|smtps?)://[^\s:/?#@'"\x60]{0,80}:([^\s/?#@'"\x60]{3,120})@[A-Za-z0-9._\[-])",
     2, url_password},
    {"web-url-password", R"(https?://[^\s:/?#@'"\x60<>]{1,80}:([^\s/?#@'"\x60<>]{6,120})@[A-Za-z0-9.-]{3,})", 2.5,
     url_password},
    {"jdbc-password", R"((?i:jdbc:[a-z0-9:]{2,20}//)[^\s'"]{3,200}?[?&;](?i:password)=([^\s&;'"]{4,100}))", 2.5,
     url_password},
    {"connection-string-password",
     R"((?i:(?:server|data source|host|uid|user id|accountname)\s?=[^'"\n]{1,200}?;\s?(?:password|pwd)\s?=\s?)([^;'"\s]{5,100}))",
     2.3, url_password},
    {"basic-authorization",
     R"((?i:authorization["']?\s{0,3}[:=]\s{0,3}["']?basic\s{1,3})([A-Za-z0-9+/]{12,200}={0,2}))", 2.8},
    {"bearer-authorization",
     R"((?i:authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:bearer|token)\s{1,3})([A-Za-z0-9._~+/-]{20,}={0,2}))", 3.3},
    {"vendor-authorization",
     R"((?i:authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:bot|splunk|geniekey|accesskey|deepl-auth-key|shippotoken)\s{1,3})([A-Za-z0-9._~+/:-]{20,200}={0,2}))",
     3},
    {"curl-user-password",
     R"re(\bcurl\b(?:[^\n]|\\\r?\n){0,400}?\s(?:-u|--user)[ =]{1,3}["']?[^\s"':]{0,60}["']?:["']?([^\s"']{5,100}))re",
     2.5, url_password},
    {"curl-user-name-as-key",
     R"re(\bcurl\b(?:[^\n]|\\\r?\n){0,400}?\s(?:-u|--user)[ =]{1,3}["']?([A-Za-z0-9_!@#%^&*.-]{10,100}):["'\s])re", 3,
     url_password},
    {"authorization-header-value",
     R"re((?i:(?:-H|--header)[ =]{1,3}["'](?:proxy-)?authorization:\s{1,3}(?:(?:token|api-?token|api-?key|bot|key)[ =]{1,2})?)([A-Za-z0-9._~+/=@-]{16,400})["'])re",
     3},
    {"api-key-header-value",
     R"re((?i:(?:-H|--header)[ =]{1,3}["'](?:x-)?(?:[a-z]{1,12}-)?(?:api-?key|api-?token|access-?token|auth-?token|private-?token|token|key):\s{0,3})([A-Za-z0-9._~+/:=-]{10,400})["'])re",
     2.8},
    {"sidekiq-credential",
     R"re((?i:bundle_(?:enterprise|gems)__contribsys__com)["']?\s{0,3}[:=]\s{0,3}["']?([0-9a-f]{8}:[0-9a-f]{8})\b)re",
     2},
    {"docker-registry-auth", R"re("auth"\s{0,3}:\s{0,3}"([A-Za-z0-9+/]{16,400}={0,2})")re", 3.3},
    {"netrc-password", R"((?m:^\s{0,4}machine\s+\S+\s+login\s+\S+\s+password\s+)(\S{5,100}))", 2.5, url_password},
    {"npmrc-auth-token", R"(:_authToken\s{0,3}=\s{0,3}["']?([A-Za-z0-9_-]{20,200}))", 3},
    {"npmrc-password", R"((?m:^|[\s:])_(?:password|auth)\s{0,3}=\s{0,3}["']?([A-Za-z0-9+/]{12,200}={0,2}))", 3},
    {"nuget-config-password", R"re((?i:<add key="(?:cleartextpassword|password)"\s{1,4}value="([^"]{5,100})"))re", 2.5,
     url_password},
    {"kubernetes-secret-data",
     R"re((?i:kind:[ \t]{0,4}["']?secret\b)[\s\S]{0,400}?\n[ \t]{0,4}(?:data|stringData):[ \t\r]{0,4}\n(?:[ \t]{1,8}[\w.-]{1,80}:[ \t]{0,4}["']?(?:[A-Za-z0-9+/]{0,9}={0,2})["']?[ \t\r]{0,4}\n){0,4}[ \t]{1,8}["']?[\w.-]{1,80}["']?:[ \t]{1,4}(?:\|-?\s{1,20}|!!binary\s{1,4}(?:\|-?\s{1,20})?|>-?\s{1,20})?["']?([A-Za-z0-9+/]{10,}={0,3}))re",
     2.5},
    {"kubernetes-secret-data-first",
     R"re(\n[ \t]{0,4}data:[ \t\r]{0,4}\n[ \t]{1,8}["']?[\w.-]{1,80}["']?:[ \t]{1,4}(?:\|-?\s{1,20}|>-?\s{1,20})?["']?([A-Za-z0-9+/]{10,}={0,3})["']?[\s\S]{0,400}?(?i:kind:[ \t]{0,4}["']?secret\b))re",
     2.5},
    {"wifi-password", R"re((?i:wpa_passphrase|psk)\s?=\s?"([^"\n]{8,63})")re", 2.5, url_password},
    {"ansible-become-password",
     R"((?i:ansible_(?:become_|ssh_|sudo_)?pass(?:word)?)\s{0,3}[:=]\s{0,3}["']?([^\s"'{]{5,100}))", 2.5, url_password},
};

constexpr std::string_view hex32 = "[0-9a-fA-F]{32}";
constexpr std::string_view hex40 = "[0-9a-fA-F]{40}";
constexpr std::string_view hex64 = "[0-9a-fA-F]{64}";
constexpr std::string_view uuid = "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})";
constexpr std::string_view alnum20 = "[A-Za-z0-9]{20}";
constexpr std::string_view alnum24 = "[A-Za-z0-9]{24}";
constexpr std::string_view alnum32 = "[A-Za-z0-9]{32}";
constexpr std::string_view alnum40 = "[A-Za-z0-9_-]{40}";
constexpr std::string_view alnum64 = "[A-Za-z0-9_-]{64}";

constexpr Assigned assigned[] = {
    {"aws-secret-access-key", "aws|secret_?access_?key", "[A-Za-z0-9/+]{40}", 4},
    {"aws-session-token", "aws_?(?:session|security)_?token|sessiontoken", "[A-Za-z0-9/+]{100,}={0,2}", 4},
    {"azure-openai-key", "azure|openai|cognitive|ocp-apim", hex32, 3},
    {"azure-ai-services-key", "azure|cognitive|openai", "[A-Za-z0-9]{84}", 3.5},
    {"azure-batch-key", "batch", "[A-Za-z0-9+/]{86}==", 4},
    {"alibaba-secret", "ali(?:baba|yun|cloud)", "[A-Za-z0-9]{30}", 3.5},
    {"tencent-secret-key", "tencent|qcloud", alnum32, 3.5},
    {"cloudflare-token", "cloudflare|cf_", alnum40, 3.5},
    {"cloudflare-global-key", "cloudflare|cf_", "[0-9a-f]{37}", 3},
    {"fastly-token", "fastly", "[A-Za-z0-9_-]{32}", 3.5},
    {"digitalocean-legacy-token", "digital_?ocean", hex64},
    {"linode-token", "linode", hex64},
    {"hetzner-token", "hetzner|hcloud", "[A-Za-z0-9]{64}", 3.5},
    {"vultr-key", "vultr", "[A-Z0-9]{36}", 3.3},
    {"scaleway-secret-key", "scaleway|scw", uuid},
    {"ibm-cloud-key", "ibm|ic_api_key", "[A-Za-z0-9_-]{44}", 3.8},
    {"heroku-legacy-key", "heroku", uuid},
    {"railway-token", "railway", uuid},
    {"vercel-token", "vercel|zeit", alnum24, 3.5},
    {"upstash-token", "upstash", "[A-Za-z0-9]{32,100}={0,2}", 3.5},
    {"mongodb-atlas-key", "atlas|mongo", uuid},
    {"confluent-secret", "confluent|kafka_api|schema_registry_api", "[A-Za-z0-9+/]{64}", 4},
    {"confluent-key", "confluent|kafka_api|schema_registry_api", "[A-Z0-9]{16}", 3},
    {"snowflake-password", "snowflake|snowsql", "[^\\s\"'\\x60,;]{12,64}", 3.3},
    {"elastic-key", "elastic", "[A-Za-z0-9+/=]{40,80}", 4},
    {"datadog-api-key", "datadog|dd_api|dd-api", hex32},
    {"datadog-app-key", "datadog|dd_app|dd-app", hex40},
    {"newrelic-license", "new_?-?relic", "[0-9a-f]{36}NRAL|[0-9a-f]{40}", 3},
    {"splunk-hec-token", "splunk", uuid},
    {"sumologic-access-id", "sumo", "su[A-Za-z0-9]{12}", 3},
    {"sumologic-key", "sumo", "[A-Za-z0-9]{64}", 3.5},
    {"rollbar-token", "rollbar", hex32},
    {"bugsnag-key", "bugsnag", hex32},
    {"pagerduty-key", "pagerduty|pager_duty|pd_", "[A-Za-z0-9+_-]{20}", 3.3},
    {"opsgenie-key", "opsgenie|genie_?key", uuid},
    {"logzio-token", "logz", "[A-Za-z]{32}", 3.5},
    {"sentry-token", "sentry", hex64},
    {"artifactory-api-key", "jfrog|artifactory", "[A-Za-z0-9+/]{43}=", 3.8},
    {"gitea-token", "gitea|forgejo", hex40},
    {"travis-token", "travis", "[A-Za-z0-9_-]{22}", 3.5},
    {"drone-token", "drone", alnum32, 3.5},
    {"jenkins-token", "jenkins", "11[0-9a-f]{32}", 3},
    {"codecov-token", "codecov", uuid},
    {"snyk-token", "snyk", uuid},
    {"sonar-legacy-token", "sonar", hex40},
    {"hashicorp-consul-token", "consul", uuid},
    {"nomad-token", "nomad", uuid},
    {"openai-compatible-key", "deepseek|moonshot|dashscope|qwen|zhipu|openai|llm", "sk-[0-9A-Za-z]{32,64}", 3.3},
    {"mistral-key", "mistral|codestral", alnum32, 3.5},
    {"cohere-key", "cohere|co_api", "[A-Za-z0-9]{40}", 3.5},
    {"ai21-key", "ai21", alnum32, 3.5},
    {"together-legacy-key", "together", hex64},
    {"stability-key", "stability", "sk-[A-Za-z0-9]{48}", 3.5},
    {"wandb-key", "wandb|weights_?and_?biases", hex40},
    {"comet-key", "comet", "[A-Za-z0-9]{25}", 3.3},
    {"assemblyai-key", "assembly_?ai", hex32},
    {"deepgram-key", "deepgram|dg_api", hex40},
    {"deepl-key", "deepl", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?::fx)?"},
    {"serpapi-key", "serp_?api|serper", "[0-9a-f]{40,64}"},
    {"twilio-auth-token", "twilio", hex32},
    {"vonage-secret", "vonage|nexmo", "[A-Za-z0-9]{16,25}", 3.3},
    {"messagebird-key", "message_?-?bird", "(?:(?:live|test)_)?[A-Za-z0-9]{25}", 3.3},
    {"plivo-token", "plivo", "[A-Za-z0-9]{40}", 3.5},
    {"postmark-token", "postmark", uuid},
    {"mailjet-key", "mailjet|mj_apikey", hex32},
    {"sparkpost-key", "sparkpost", hex40},
    {"intercom-token", "intercom", "[A-Za-z0-9=_-]{60}", 3.5},
    {"zendesk-token", "zendesk", "[A-Za-z0-9]{40}", 3.5},
    {"freshdesk-key", "fresh(?:desk|service)", alnum20, 3.3},
    {"asana-token", "asana", "[12]/\\d{12,18}(?:/\\d{12,18})?:[0-9a-f]{32}|[A-Za-z0-9]{32}", 3.2},
    {"trello-token", "trello", "[0-9a-f]{64}|ATTA[0-9a-f]{60,80}", 3},
    {"shortcut-token", "shortcut|clubhouse", uuid},
    {"jira-legacy-token", "jira|confluence|atlassian", alnum24, 3.5},
    {"algolia-key", "algolia[_.-]?(?:api|admin|write|key|secret)", hex32},
    {"amplitude-key", "amplitude[ \\w.-]{0,20}(?:secret|management|scim|deployment)",
     "[0-9a-fA-F]{32}|server-[A-Za-z0-9]{32,43}", 3},
    {"mixpanel-secret", "mixpanel[ \\w.-]{0,20}secret", hex32},
    {"segment-key", "segment", "[A-Za-z0-9]{32}|[A-Za-z0-9_-]{40,60}", 3.5},
    {"okta-token", "okta", "00[A-Za-z0-9_-]{40}", 3.5},
    {"auth0-secret", "auth0", alnum64, 3.8},
    {"dropbox-token", "dropbox",
     "sl\\.[A-Za-z0-9_=-]{100,300}|[A-Za-z0-9]{15}|[A-Za-z0-9]{11}AAAAAAAAAA[A-Za-z0-9_=-]{43}", 3},
    {"box-token", "box_", alnum32, 3.5},
    {"adobe-client-secret", "adobe|oauths2s", "p8e-[A-Za-z0-9_-]{32}|[0-9a-f]{32}", 3},
    {"facebook-secret", "facebook|fb_", hex32},
    {"twitter-secret", "twitter|x_api",
     "[A-Za-z0-9]{25}|[A-Za-z0-9]{41,50}|[0-9]{15,25}-[A-Za-z0-9]{20,40}|A{20,22}[A-Za-z0-9%]{80,100}", 3},
    {"linkedin-secret", "linked_?-?in", "[A-Za-z0-9]{14}|[A-Za-z0-9]{16}", 3},
    {"instagram-token", "instagram", "IG[A-Za-z0-9_-]{80,200}|[0-9]{8,12}\\.[0-9a-f]{7}\\.[0-9a-f]{32}", 3},
    {"coinbase-secret", "coinbase", "[A-Za-z0-9_-]{64}|[A-Za-z0-9+/]{86}==", 3.5},
    {"kraken-key", "kraken", "[A-Za-z0-9/=_+-]{80,90}", 4},
    {"kucoin-key", "kucoin|kc-api", "[0-9a-f]{24}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", 3},
    {"binance-key", "binance|x-mbx", "[A-Za-z0-9]{64}", 3.8},
    {"etherscan-key", "etherscan|bscscan", "[A-Z0-9]{34}", 3.3},
    {"infura-secret", "infura", hex32},
    {"alchemy-key", "alchemy", "[A-Za-z0-9_-]{32}", 3.5},
    {"ethereum-private-key", "private_?key|priv_?key|eth", "(?:0x)?[0-9a-fA-F]{64}", 3},
    {"etsy-key", "etsy", "[A-Za-z0-9]{22,24}(?::[A-Za-z0-9]{10})?|[0-9]{6,12}\\.[A-Za-z0-9_-]{22,100}", 3.3},
    {"etsy-shared-secret", "etsy[ \\w.-]{0,20}secret", "[a-z0-9]{10}", 2.8},
    {"ebay-secret", "ebay", "(?:PRD|SBX)-[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}", 3},
    {"squarespace-token", "squarespace", uuid},
    {"plaid-secret", "plaid", "[0-9a-f]{30}|[A-Za-z0-9]{24}", 3},
    {"finnhub-key", "finnhub", alnum20, 3},
    {"yandex-key", "yandex|yc_token", "[A-Za-z0-9_-]{38,64}", 3.8},
    {"gitter-token", "gitter", alnum40, 3.5},
    {"mattermost-token", "mattermost", "[a-z0-9]{26}", 3.3},
    {"nytimes-key", "nytimes|new-york-times", alnum32, 3.5},
    {"beamer-key", "beamer", "b_[A-Za-z0-9=_-]{44}", 3.5},
    {"telegram-named-token", "telegr", "[0-9]{5,16}:A[A-Za-z0-9_-]{34}", 3},
    {"sendbird-key", "sendbird", "[0-9a-f]{40}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", 3},
    {"privateai-key", "private_?-?ai", "[a-z0-9]{32}", 3},
};

// Bare assignments: the weakest evidence, and what people paste most.
constexpr Token generic[] = {
    {"generic-secret-assignment",
     R"((?i:(?:api|app|auth|access|client|private|secret|signing|encryption|master|service|webhook|bot|session|refresh|account|admin|deploy|license)[ _.-]?(?:key|token|secret|pass(?:word)?)|secret|token|credential|passwd|password|passphrase)[\w.-]{0,20}["'\x60]?[ \t]{0,4}(?::=|=>|={1,2}|:|,)[ \t]{0,4}["'\x60]?([A-Za-z0-9_+/=.~-]{16,200})(?:["'\x60\s,;)\]}<]|\\[nr"]|$))",
     3.5, mixed},
    {"generic-password-assignment",
     R"((?i:password|passwd|passphrase|pwd)["']?[ \t]{0,3}(?::=|=>|={1,2}|:)[ \t]{0,3}["']([^"'\s]{8,64})["'])", 3,
     url_password},
};

std::string assignment(std::string_view names, std::string_view value) {
  std::string regex = "(?:^|[^A-Za-z])(?i:";
  regex.append(names).append(
      R"()[ \w.-]{0,25}["'\x60]?[ \t]{0,4}(?::{1,3}=|\?=|=>|={1,2}|:|,|\|\|)[ \t]{0,4}["'\x60]{0,2})");
  regex.append("(").append(value).append(R"()(?:[^A-Za-z0-9+/=_-]|$))");
  return regex;
}

SecretRule rule_of(const Token& row, std::string regex, float score) {
  SecretRule rule;
  rule.id = row.id;
  rule.regex = std::move(regex);
  rule.min_entropy = row.min_entropy;
  rule.check = row.check;
  rule.score = score;
  rule.known_to_compile = true;
  return rule;
}

}  // namespace

std::vector<SecretRule> builtin_secret_rules() {
  std::vector<SecretRule> rules;
  for (const Token& row : tokens) {
    const bool grouped =
        row.regex.find("=(") != std::string_view::npos || row.regex.find(")=(") != std::string_view::npos;
    std::string regex = R"((?:^|[^A-Za-z0-9_]))";
    regex.append(grouped ? "(?:" : "(").append(row.regex).append(R"()(?:[^A-Za-z0-9_]|$))");
    if (row.regex.starts_with('[') && row.regex.starts_with("[?&]")) regex = std::string(row.regex);
    rules.push_back(rule_of(row, std::move(regex), 0.95F));
  }
  for (const Token& row : shapes) rules.push_back(rule_of(row, std::string(row.regex), 0.9F));
  for (const Assigned& row : assigned)
    rules.push_back(rule_of({row.id, {}, row.min_entropy, row.value.starts_with("[A-Za-z]{") ? none : digits},
                            assignment(row.names, row.value), 0.7F));
  for (const Token& row : generic) {
    rules.push_back(rule_of(row, std::string(row.regex), 0.55F));
    rules.back().generic = true;
  }
  return rules;
}

}  // namespace sluice::guard
