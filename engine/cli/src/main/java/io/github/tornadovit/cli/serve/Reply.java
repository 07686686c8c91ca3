package io.github.tornadovit.cli.serve;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** An answer of the server, whole. */
final class Reply {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final int status;
  private final byte[] body;
  private final Map<String, String> headers;

  private Reply(int status, byte[] body, Map<String, String> headers) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }

  static Reply of(int status, String contentType, byte[] body) {
    return new Reply(status, body, Map.of("Content-Type", contentType));
  }

  static Reply text(String contentType, String text) {
    return of(200, contentType, text.getBytes(StandardCharsets.UTF_8));
  }

  static Reply json(Object value) {
    return of(200, "application/json", JSON.writeValueAsBytes(value));
  }

  /** {@code {"error": "…"}}; who is refused for the moment is told when to come back. */
  static Reply error(int status, String problem) {
    Reply reply = of(status, "application/json", JSON.writeValueAsBytes(Map.of("error", problem)));
    return status == 503 ? reply.with("Retry-After", "1") : reply;
  }

  /** This answer with a header. */
  Reply with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Reply(status, body, more);
  }

  int status() {
    return status;
  }

  /** Sends it, and is done with the request; to HEAD without the body. */
  void send(HttpExchange exchange) throws IOException {
    write(exchange);
    exchange.getResponseBody().close();
  }

  /** As {@link #send}, while the request's body may still come. */
  void write(HttpExchange exchange) throws IOException {
    Headers sent = exchange.getResponseHeaders();
    headers.forEach(sent::set);
    if (exchange.getRequestMethod().equals("HEAD")) {
      sent.set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    OutputStream out = exchange.getResponseBody();
    out.write(body);
    out.flush();
  }
}
