package io.github.tornadovit.examples.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP side: routes, and whether the model is there.
 *
 * <p>It listens before the model is loaded, so that a cluster sees a process that lives ({@code
 * /health}) and is not {@code /ready}; and it says that it is no longer ready before it stops.
 */
final class ClassifyServer implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(ClassifyServer.class.getName());
  private static final int BACKLOG = 256;

  private final HttpServer http;
  private final Limits limits;
  private final ClassifyEndpoint endpoint;
  private volatile @Nullable Classifier classifier;
  private volatile Supplier<String> metrics = () -> "";

  /** The handler of a request. */
  private interface Route {
    Reply answer(HttpExchange exchange) throws IOException, InterruptedException;
  }

  /**
   * Listens, and answers {@code /classify} with 503 until it is {@linkplain #ready ready}.
   *
   * @param address port 0 for any
   */
  ClassifyServer(InetSocketAddress address, Limits limits) throws IOException {
    this.limits = limits;
    endpoint = new ClassifyEndpoint(limits);
    http = HttpServer.create(address, BACKLOG);
    http.setExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory()));
    route("POST", "/classify", this::classify);
    route("GET", "/health", _ -> Reply.json(200, "alive"));
    route("GET", "/ready", _ -> ready());
    route("GET", "/metrics", _ -> new Reply(200, "text/plain; version=0.0.4", metrics.get()));
    http.createContext("/", exchange -> handle(exchange, _ -> Reply.error(404, "no such path")));
    http.start();
  }

  private void route(String method, String path, Route route) {
    http.createContext(
        path,
        exchange ->
            handle(
                exchange,
                e -> {
                  if (!e.getRequestURI().getPath().equals(path)) {
                    return Reply.error(404, "no such path");
                  }
                  if (!e.getRequestMethod().equals(method)) {
                    e.getResponseHeaders().set("Allow", method);
                    return Reply.error(405, "use " + method);
                  }
                  return route.answer(e);
                }));
  }

  private static void handle(HttpExchange exchange, Route route) throws IOException {
    try (exchange) {
      Reply reply;
      try {
        reply = route.answer(exchange);
      } catch (InterruptedException _) {
        reply = Reply.error(503, "the server stops");
      } catch (RuntimeException bug) {
        LOGGER.log(Level.ERROR, "a request failed", bug);
        reply = Reply.error(500, "the request failed; the log says why");
      }
      reply.send(exchange);
    }
  }

  private Reply classify(HttpExchange exchange) throws IOException, InterruptedException {
    Classifier ready = classifier;
    return ready == null
        ? Reply.error(503, "the server is starting or stopping")
        : endpoint.answer(exchange, ready);
  }

  private Reply ready() {
    return classifier == null ? Reply.error(503, "not ready") : Reply.json(200, "ready");
  }

  /** Answers requests from now on. */
  void ready(Classifier classifier, Supplier<String> metrics) {
    this.metrics = metrics;
    this.classifier = classifier;
  }

  int port() {
    return http.getAddress().getPort();
  }

  /** Is no longer ready, stops listening, and waits for the requests in flight. */
  @Override
  public void close() {
    classifier = null;
    http.stop((int) limits.shutdown().toSeconds());
  }
}
