#include "gateway/pipeline/request.h"

namespace sluice::gateway {

audit::RequestFacts facts_of(const Request& request) {
  const http::RequestHead& head = request.exchange.request();
  audit::RequestFacts facts;
  facts.request_id = request.id;
  facts.client_request_id = std::string(head.fields.get("x-request-id").value_or("").substr(0, 200));
  if (const Device* const device = request.device()) facts.device = device->id;
  facts.user = request.user;
  facts.app = request.app;
  facts.app_version = request.app_version;
  if (request.key != nullptr) {
    facts.virtual_key = request.key->key.id;
    facts.team = request.key->key.team;
  }
  facts.provider = request.provider;
  facts.model = request.model.substr(0, 256);
  facts.dialect = std::string(dialect::name_of(request.target.dialect));
  if (request.is_inference) facts.operation = std::string(dialect::name_of(request.target.operation));
  facts.streamed = request.facts.streamed;
  facts.host = request.host != nullptr          ? request.host->host
               : request.destination != nullptr ? request.destination->host
                                                : std::string(head.fields.get("host").value_or("").substr(0, 256));
  facts.path = std::string(head.path().substr(0, 512));
  return facts;
}

}  // namespace sluice::gateway
