package io.github.tornadovit.examples.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.engine.service.BatchingService;
import io.github.tornadovit.engine.service.ServiceOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An application's own server with a model in it: an image is posted, its label is the answer. */
public final class ClassifyServer implements AutoCloseable {
  private static final int MAX_BYTES = 10_000_000;

  private final BatchingService<Classification> service;
  private final HttpServer http;

  /** Serves a model, which the caller closes after the server; port 0 for any. */
  public ClassifyServer(VisionModel model, int port) throws IOException {
    service = BatchingService.classifying(model, ServiceOptions.defaults());
    service.warmUp();
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", this::answer);
    http.start();
  }

  /** Serves the checkpoint in a folder until the process ends. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      System.err.println("usage: run CHECKPOINT, the folder of a model");
      System.exit(2);
    }
    var server = new ClassifyServer(VisionModel.load(Path.of(arguments[0])), 8080);
    System.out.println("POST images to http://localhost:" + server.port());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] image = exchange.getRequestBody().readNBytes(MAX_BYTES + 1);
      if (image.length > MAX_BYTES) {
        reply(exchange, 413, "more than " + MAX_BYTES + " bytes");
        return;
      }
      try {
        // Decoded here; run together with what other requests have queued meanwhile.
        Classification answer =
            service.submit(image, "the upload").orTimeout(10, TimeUnit.SECONDS).get();
        reply(exchange, 200, answer.top().label() + " " + answer.top().score());
      } catch (ExecutionException failure) {
        switch (failure.getCause()) {
          case ImageException unreadable -> reply(exchange, 400, "" + unreadable.getMessage());
          case RejectedExecutionException full -> reply(exchange, 503, "" + full.getMessage());
          case TimeoutException _ -> reply(exchange, 503, "no answer in time");
          case null, default -> throw new IOException(failure);
        }
      } catch (InterruptedException _) {
        reply(exchange, 503, "the server stops");
      }
    }
  }

  private static void reply(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** The port that it listens on. */
  public int port() {
    return http.getAddress().getPort();
  }

  /** Stops listening, answers what was accepted. */
  @Override
  public void close() {
    http.stop(1);
    service.close();
  }
}
