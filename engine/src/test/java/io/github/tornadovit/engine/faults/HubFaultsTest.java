package io.github.tornadovit.engine.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.tornadovit.engine.Golden;
import io.github.tornadovit.engine.faults.IoFaults.Kind;
import io.github.tornadovit.weights.hub.Hub;
import io.github.tornadovit.weights.hub.HubException;
import io.github.tornadovit.weights.hub.HubModel;
import io.github.tornadovit.weights.hub.HubSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each operation on the hub's cache fails in turn: a typed error or none, no blob and no snapshot
 * that is not whole, and the next download mends it.
 */
class HubFaultsTest {
  private static final String TOKEN = "hf_abcdefghijklmnop";
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final Path CHECKPOINT = Golden.path("models/vit-two-labels");
  private static final List<String> FILES =
      List.of("config.json", "preprocessor_config.json", "model.safetensors");

  static {
    // Else each answer waits 40 ms for more to send.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  @TempDir private Path folder;
  private final HttpServer server;

  HubFaultsTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            answer(exchange);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** The checkpoint as the model drawn/faces, with checksums. */
  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Path file = CHECKPOINT.resolve(path.substring(path.lastIndexOf('/') + 1));
    exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
    if (!Files.exists(file)) {
      exchange.getResponseHeaders().set("X-Error-Code", "EntryNotFound");
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    byte[] content = Files.readAllBytes(file);
    exchange.getResponseHeaders().set("ETag", '"' + sha256(content) + '"');
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
    exchange.getResponseBody().write(content, from, content.length - from);
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private Path fetch(Path cache, boolean symlinks) {
    HubSettings settings =
        new HubSettings(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            cache,
            TOKEN,
            false,
            symlinks,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10));
    return new Hub(settings).fetch(HubModel.of("drawn/faces"));
  }

  @ParameterizedTest
  @CsvSource({
    "BROKEN, true",
    "FULL, true",
    "DENIED, true",
    "VANISHED, true",
    "SHORT, true",
    "FULL, false",
    "DENIED, false"
  })
  void theCacheCannotBeWritten(Kind kind, boolean symlinks) throws Exception {
    int[] run = new int[1];
    EachFault.inject(
        symlinks ? "download" : "download without links",
        kind,
        files -> fetch(files.path(folder.resolve("cache" + ++run[0])), symlinks),
        (failure, injected) -> {
          Path cache = folder.resolve("cache" + run[0]);
          if (failure != null) {
            assertThat(failure).as(injected).isInstanceOf(HubException.class);
            assertThat(failure).as(injected).hasMessageNotContainingAny(TOKEN, "\n", "Exception");
          }
          Held.assertNothingOf(folder);
          assertWhole(cache, injected);
          Path snapshot = fetch(cache, symlinks);
          for (String file : FILES) {
            assertThat(snapshot.resolve(file)).hasSameBinaryContentAs(CHECKPOINT.resolve(file));
          }
        });
  }

  /** What has a final name is whole: blobs are what their names say, snapshots what the hub has. */
  private static void assertWhole(Path cache, String injected) throws IOException {
    if (!Files.exists(cache)) {
      return;
    }
    try (Stream<Path> files = Files.walk(cache)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        assertThat(name).as(injected).doesNotEndWith(".tmp");
        if (name.matches("[0-9a-f]{64}")) {
          assertThat(sha256(Files.readAllBytes(file))).as(injected).isEqualTo(name);
        } else if (FILES.contains(name)) {
          assertThat(file).as(injected).hasSameBinaryContentAs(CHECKPOINT.resolve(name));
        } else if (name.equals("main")) {
          assertThat(file).as(injected).hasContent(COMMIT);
        }
      }
    }
  }
}
