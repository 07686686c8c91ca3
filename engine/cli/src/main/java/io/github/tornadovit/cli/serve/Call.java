package io.github.tornadovit.cli.serve;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request as a route sees it. */
final class Call {
  private final HttpExchange exchange;
  private final Map<String, String> place;
  private final Query query;
  private final Limits limits;
  private final BodyMemory.Share memory;
  private byte @Nullable [] body;

  /**
   * A request.
   *
   * @param place the parts of the path that a route leaves open
   */
  Call(
      HttpExchange exchange,
      Map<String, String> place,
      Query query,
      Limits limits,
      BodyMemory.Share memory) {
    this.exchange = exchange;
    this.place = place;
    this.query = query;
    this.limits = limits;
    this.memory = memory;
  }

  Limits limits() {
    return limits;
  }

  /** The part of the path in that place, decoded. */
  String place(String name) {
    return Objects.requireNonNull(place.get(name));
  }

  /** As {@link #place(String)}, or another name where the path has no such place. */
  String place(String name, String absent) {
    return place.getOrDefault(name, absent);
  }

  /** The options behind the question mark, which its route knows. */
  Query query() {
    return query;
  }

  @Nullable String header(String name) {
    return exchange.getRequestHeaders().getFirst(name);
  }

  /** The whole body, which the first call reads. */
  byte[] body() throws Refusal {
    byte[] all = body;
    if (all == null) {
      try (BodyDeadline deadline = new BodyDeadline(exchange, limits.body())) {
        all = read(deadline);
      }
      body = all;
    }
    return all;
  }

  private byte[] read(BodyDeadline deadline) throws Refusal {
    try {
      byte[] all = memory.read(exchange.getRequestBody(), declaredBytes(exchange));
      deadline.ended();
      return all;
    } catch (IOException _) { // Who is still there to read it, sent something else.
      deadline.ended();
      throw Refusal.bad("the body ends early, or is not in the chunks that its headers promise");
    }
  }

  private static long declaredBytes(HttpExchange exchange) {
    String declared = exchange.getRequestHeaders().getFirst("Content-Length");
    try {
      return declared == null ? 0 : Long.parseLong(declared.strip());
    } catch (NumberFormatException _) { // The JDK's server has refused it before.
      return 0;
    }
  }
}
