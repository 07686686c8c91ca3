package io.github.tornadovit.cli.serve;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.tornadovit.cli.serve.Route.Access;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP side: the JDK's server, a virtual thread a request.
 *
 * <p>It listens before the model is loaded, so that a cluster sees a process that lives ({@code
 * /health}) and is not {@code /ready}; and it says that it is no longer ready before it stops.
 */
public final class Server implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(Server.class.getName());
  private static final int BACKLOG = 256;

  /** Between what is answered and what is cut off. */
  private static final Duration SLACK = Duration.ofSeconds(30);

  /** For the metrics of requests that no route takes. */
  private static final String NO_ROUTE = "none";

  private static final Map<String, String> SECURITY_HEADERS =
      Map.of(
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Cache-Control", "no-store");

  private final HttpServer http;
  private final Limits limits;
  private final @Nullable ApiKey key;
  private final Metrics metrics;
  private final Origins origins;
  private final BodyMemory memory;
  private final Semaphore room;
  private final InFlight inFlight = new InFlight();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final List<Route> routes;
  private volatile @Nullable ServedModel model;

  /**
   * Listens, and refuses work until it is {@linkplain #ready ready}.
   *
   * @param address port 0 for any
   * @param key that callers have to send; null for none
   * @param version of the server, for callers who ask
   */
  public Server(
      InetSocketAddress address,
      Limits limits,
      @Nullable ApiKey key,
      Metrics metrics,
      String version)
      throws IOException {
    this.limits = limits;
    this.key = key;
    this.metrics = metrics;
    origins = new Origins(address.getAddress());
    memory = new BodyMemory(limits);
    room = new Semaphore(limits.inFlight());
    routes = new Routes(() -> model, metrics, version).all();
    http = HttpServer.create(address, BACKLOG);
    http.setExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory()));
    http.createContext("/", this::handle);
    http.start();
  }

  /**
   * Settings of the JDK's server, which it reads when it is first used: a slow client is cut off, a
   * small answer not held back, what is refused unread read on for a while so that its sender sees
   * the answer.
   */
  public static void configure(Limits limits) {
    settings(limits)
        .forEach(
            (property, value) -> {
              if (System.getProperty(property) == null) {
                System.setProperty(property, value);
              }
            });
  }

  /** What the limits refuse is answered; what is slower still, as headers are, is cut off. */
  static Map<String, String> settings(Limits limits) {
    return Map.of(
        "sun.net.httpserver.maxReqTime", seconds(limits.body().plus(SLACK)),
        "sun.net.httpserver.maxRspTime", seconds(limits.answer().plus(SLACK.multipliedBy(3))),
        "sun.net.httpserver.nodelay", "true",
        "sun.net.httpserver.drainAmount", Integer.toString(64 << 20),
        "jdk.httpserver.maxConnections", "1024");
  }

  private static String seconds(Duration time) {
    return Long.toString(time.toSeconds());
  }

  List<Route> routes() {
    return routes;
  }

  private void handle(HttpExchange exchange) throws IOException {
    long start = System.nanoTime();
    inFlight.begin();
    try (exchange) {
      Headers sent = exchange.getResponseHeaders();
      SECURITY_HEADERS.forEach(sent::set);
      String method = "OTHER";
      String path = NO_ROUTE;
      Reply reply;
      try {
        Found found = find(exchange);
        method = found.route().method();
        path = found.route().path();
        reply = answer(found.route(), exchange, found.places());
      } catch (Refusal refusal) {
        reply = refusal.reply();
      } catch (InterruptedException _) {
        reply = Reply.error(503, "the server stops");
      } catch (RuntimeException | Error bug) { // Memory that has run out is this request's, too.
        LOGGER.log(Level.ERROR, "a request failed", bug);
        reply = Reply.error(500, "the request failed; the log says why");
      }
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      metrics.request(method, path, reply.status(), time);
      if (exchange.getResponseCode() < 0) { // Else a body that came too slowly has its answer.
        reply.with("Server-Timing", "total;dur=" + time.toNanos() / 1e6).send(exchange);
      }
    } finally {
      inFlight.end();
    }
  }

  /** The route of a request, and what stands in the open places of its path. */
  private record Found(Route route, Map<String, String> places) {}

  private Found find(HttpExchange exchange) throws Refusal {
    List<String> segments = Route.segments(exchange.getRequestURI().getRawPath());
    List<Route> there = new ArrayList<>();
    for (Route route : routes) {
      Map<String, String> places = route.match(segments);
      if (places != null) {
        if (route.takes(exchange.getRequestMethod())) {
          return new Found(route, places);
        }
        there.add(route);
      }
    }
    if (there.isEmpty()) {
      throw new Refusal(404, "no such path; /openapi.json lists those that there are");
    }
    String allowed = String.join(", ", there.stream().map(Route::method).toList());
    exchange.getResponseHeaders().set("Allow", allowed.replace("GET", "GET, HEAD"));
    throw new Refusal(405, "use " + allowed);
  }

  private Reply answer(Route route, HttpExchange exchange, Map<String, String> place)
      throws Refusal, InterruptedException {
    Headers headers = exchange.getRequestHeaders();
    origins.check(headers.getFirst("Host"), headers.getFirst("Origin"));
    if (route.access() != Access.OPEN
        && key != null
        && !key.isIn(headers.getFirst("Authorization"))) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
      throw new Refusal(401, "send the server's key as Authorization: Bearer KEY");
    }
    Query query = Query.of(exchange.getRequestURI().getRawQuery(), route.options());
    try (BodyMemory.Share share = memory.share()) {
      Call call = new Call(exchange, place, query, limits, share);
      return route.access() == Access.WORK ? work(route, call) : route.handler().answer(call);
    }
  }

  /** Only a request that is here in full takes a place: one that comes slowly keeps none out. */
  private Reply work(Route route, Call call) throws Refusal, InterruptedException {
    if (model == null) {
      throw Routes.notReady(); // Before its body has come for nothing.
    }
    requirePlain(call.header("Content-Encoding"));
    call.body();
    if (!room.tryAcquire()) {
      throw Refusal.later(limits.inFlight() + " requests are in work; try again later");
    }
    try {
      return route.handler().answer(call);
    } finally {
      room.release();
    }
  }

  /**
   * Images are small already, and what unpacks to more than it was would need limits of its own.
   */
  private static void requirePlain(@Nullable String encoding) throws Refusal {
    if (encoding != null && !encoding.strip().equalsIgnoreCase("identity")) {
      throw new Refusal(
          415,
          "Content-Encoding is '%s', expected none: send the body as it is".formatted(encoding));
    }
  }

  /** What bodies take now, for tests. */
  long bodyBytes() {
    return memory.taken();
  }

  /** Answers requests from now on. */
  public void ready(LoadedModel loaded) {
    serve(loaded);
  }

  void serve(ServedModel served) {
    model = served;
  }

  /** The port that it listens on. */
  public int port() {
    return http.getAddress().getPort();
  }

  /** Is no longer ready, stops listening, and waits for the requests in flight. Idempotent. */
  @Override
  public void close() {
    model = null;
    if (stopped.compareAndSet(false, true)) {
      inFlight.stop(http, limits.shutdown());
    }
  }
}
