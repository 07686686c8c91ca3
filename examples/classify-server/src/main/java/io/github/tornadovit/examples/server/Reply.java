package io.github.tornadovit.examples.server;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer of the server.
 *
 * @param status of HTTP
 * @param contentType of the body
 * @param body whole
 */
record Reply(int status, String contentType, String body) {
  private static final JsonMapper JSON = JsonMapper.shared();

  static Reply json(int status, Object value) {
    return new Reply(status, "application/json", JSON.writeValueAsString(value));
  }

  /** {@code {"error": "…"}}. */
  static Reply error(int status, String problem) {
    return json(status, Map.of("error", problem));
  }

  /** Sends it; who is refused for the moment is told when to come back. */
  void send(HttpExchange exchange) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", contentType);
    if (status == 503) {
      exchange.getResponseHeaders().set("Retry-After", "1");
    }
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
