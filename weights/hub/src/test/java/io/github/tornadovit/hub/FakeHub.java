package io.github.tornadovit.hub;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiPredicate;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A hub of one model on this machine, and the other host that its large files are on: what they
 * answer is what huggingface.co and its content network do, until a test says otherwise for the
 * next request of a file.
 */
final class FakeHub implements AutoCloseable {
  static final String ID = "drawn/faces";
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  /** Names of hosts that speak TLS. */
  static final String HOST = "hub.example";

  static final String NETWORK = "network.example";

  /** A request as it came in; the path is still quoted. */
  record Request(
      String method, String path, @Nullable String range, @Nullable String authorization) {
    @Override
    public String toString() {
      return method + " " + path + (range == null ? "" : " " + range);
    }
  }

  /** A file: what identifies it, and whether its bytes are on the other host. */
  private static final class Stored {
    private final byte[] content;
    private final String etag;
    private final boolean large;

    Stored(byte[] content, boolean large) {
      this.content = content;
      this.large = large;
      etag = large ? sha256(content) : gitHash(content);
    }
  }

  private final HttpServer hub;
  private final HttpServer network;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Map<String, Stored> files = new ConcurrentHashMap<>();
  private final Map<String, String> revisions = new ConcurrentHashMap<>();
  private final Map<String, Queue<HttpHandler>> next = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  private volatile BiPredicate<String, Integer> arrived = (file, bytes) -> true;

  private final boolean secure;

  FakeHub() {
    this(null);
  }

  /** A hub and another host that speak TLS and are not found by their names but by a proxy. */
  FakeHub(@Nullable SSLContext tls) {
    secure = tls != null;
    revisions.put("main", COMMIT);
    revisions.put(COMMIT, COMMIT);
    hub = start(tls, this::answer);
    network = start(tls, this::answerBytes);
  }

  private HttpServer start(@Nullable SSLContext tls, HttpHandler handler) {
    try {
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      HttpServer server = tls == null ? HttpServer.create(any, 0) : HttpsServer.create(any, 0);
      if (tls != null && server instanceof HttpsServer tlsServer) {
        tlsServer.setHttpsConfigurator(new HttpsConfigurator(tls));
      }
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              requests.add(
                  new Request(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI().getRawPath(),
                      exchange.getRequestHeaders().getFirst("Range"),
                      exchange.getRequestHeaders().getFirst("Authorization")));
              handler.handle(exchange);
            }
          });
      server.setExecutor(threads);
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A hub with a checkpoint of a folder: its safetensors large, the rest in git. */
  static FakeHub of(Path checkpoint) {
    return new FakeHub().putAll(checkpoint);
  }

  FakeHub putAll(Path checkpoint) {
    try (var list = Files.list(checkpoint)) {
      for (Path file : list.toList()) {
        String name = file.getFileName().toString();
        put(name, Files.readAllBytes(file), name.endsWith(".safetensors"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** The host is an address here and a name in the network's redirects: two hosts to a client. */
  URI endpoint() {
    return URI.create(secure ? "https://" + HOST : "http://127.0.0.1:" + port());
  }

  URI network() {
    return URI.create(secure ? "https://" + NETWORK : "http://localhost:" + networkPort());
  }

  int port() {
    return hub.getAddress().getPort();
  }

  int networkPort() {
    return network.getAddress().getPort();
  }

  FakeHub put(String file, byte[] content, boolean large) {
    files.put(file, new Stored(content, large));
    return this;
  }

  FakeHub remove(String file) {
    files.remove(file);
    return this;
  }

  FakeHub revision(String name, String commit) {
    revisions.put(name, commit);
    revisions.put(commit, commit);
    return this;
  }

  String etag(String file) {
    return stored(file).etag;
  }

  byte[] content(String file) {
    return stored(file).content;
  }

  private Stored stored(String file) {
    Stored stored = files.get(file);
    if (stored == null) {
      throw new IllegalArgumentException("the hub has no " + file);
    }
    return stored;
  }

  /** Has the next such requests for a file answered otherwise, in this order. */
  void next(String method, String file, HttpHandler... handlers) {
    next.computeIfAbsent(method + " " + file, key -> new ArrayDeque<>()).addAll(List.of(handlers));
  }

  /** Has them answered as ever again. */
  void asEver(String method, String file) {
    next.remove(method + " " + file);
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  /** As text, with the file for its path. */
  List<String> requests(String method) {
    return requests.stream()
        .filter(request -> request.method().equals(method))
        .map(request -> request.path().replaceAll(".*/", ""))
        .toList();
  }

  void forgetRequests() {
    requests.clear();
  }

  private boolean isOtherwise(HttpExchange exchange, String file) throws IOException {
    Queue<HttpHandler> handlers = next.get(exchange.getRequestMethod() + " " + file);
    HttpHandler handler = handlers == null ? null : handlers.poll();
    if (handler != null) {
      handler.handle(exchange);
    }
    return handler != null;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String[] parts = exchange.getRequestURI().getRawPath().split("/resolve/", 2);
    String[] names = parts.length < 2 ? new String[0] : parts[1].split("/", 2);
    if (names.length < 2 || !parts[0].equals("/" + ID)) {
      error(exchange, 401, "RepoNotFound");
      return;
    }
    String file = names[1];
    if (isOtherwise(exchange, file)) {
      return;
    }
    String commit = revisions.get(URLDecoder.decode(names[0], StandardCharsets.UTF_8));
    if (commit == null) {
      error(exchange, 404, "RevisionNotFound");
      return;
    }
    exchange.getResponseHeaders().set("X-Repo-Commit", commit);
    Stored stored = files.get(file);
    if (stored == null) {
      error(exchange, 404, "EntryNotFound");
    } else if (stored.large) {
      Headers headers = exchange.getResponseHeaders();
      headers.set("X-Linked-ETag", '"' + stored.etag + '"');
      headers.set("X-Linked-Size", String.valueOf(stored.content.length));
      headers.set("ETag", "\"of-the-pointer\"");
      headers.set("Location", network() + "/" + file + "?signature=secret");
      exchange.sendResponseHeaders(302, -1);
    } else {
      exchange.getResponseHeaders().set("ETag", "W/\"" + stored.etag + '"');
      send(exchange, stored.content);
    }
  }

  /** The other host: it knows no models, only bytes. */
  private void answerBytes(HttpExchange exchange) throws IOException {
    String file = exchange.getRequestURI().getPath().substring(1);
    if (!isOtherwise(exchange, file)) {
      send(exchange, stored(file).content);
    }
  }

  /** Content, from the byte on that is asked for. */
  static void send(HttpExchange exchange, byte[] content) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", String.valueOf(content.length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    int from = offset(exchange);
    if (from > 0 && from >= content.length) {
      headers.set("Content-Range", "bytes */" + content.length);
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    if (from > 0) {
      headers.set(
          "Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, length(content.length - from));
    exchange.getResponseBody().write(content, from, content.length - from);
  }

  private static long length(int bytes) {
    return bytes == 0 ? -1 : bytes;
  }

  private static int offset(HttpExchange exchange) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    return range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=([0-9]+)-", "$1"));
  }

  private static void error(HttpExchange exchange, int status, String code) throws IOException {
    exchange.getResponseHeaders().set("X-Error-Code", code);
    exchange.sendResponseHeaders(status, -1);
  }

  /** A status and headers, in turns name and value. */
  static HttpHandler status(int status, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, -1);
    };
  }

  /** When a connection may end: a client loses what it has not read by then. */
  void dropsWhen(BiPredicate<String, Integer> arrived) {
    this.arrived = arrived;
  }

  /** As announced, but the connection ends after some bytes. */
  HttpHandler dropAfter(String file, int bytes) {
    return exchange -> {
      begin(exchange, file, bytes);
      while (!arrived.test(file, offset(exchange) + bytes) && closing.getCount() > 0) {
        pause();
      }
      throw new IOException("dropped");
    };
  }

  /** As announced, but nothing more comes after some bytes. */
  HttpHandler stallAfter(String file, int bytes) {
    return exchange -> {
      begin(exchange, file, bytes);
      silent().handle(exchange);
    };
  }

  /** No answer, as long as the test takes. */
  HttpHandler silent() {
    return exchange -> {
      try {
        closing.await();
      } catch (InterruptedException interrupt) {
        throw new IOException(interrupt);
      }
    };
  }

  static void pause() throws IOException {
    try {
      Thread.sleep(10);
    } catch (InterruptedException interrupt) {
      throw new IOException(interrupt);
    }
  }

  private void begin(HttpExchange exchange, String file, int bytes) throws IOException {
    byte[] content = content(file);
    int from = offset(exchange);
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
    exchange.getResponseBody().write(content, from, bytes);
    exchange.getResponseBody().flush();
  }

  static String sha256(byte[] content) {
    return hash("SHA-256", new byte[0], content);
  }

  static String gitHash(byte[] content) {
    return hash(
        "SHA-1", ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII), content);
  }

  private static String hash(String algorithm, byte[] header, byte[] content) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      digest.update(header);
      return HexFormat.of().formatHex(digest.digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    hub.stop(0);
    network.stop(0);
    threads.shutdownNow();
  }
}
