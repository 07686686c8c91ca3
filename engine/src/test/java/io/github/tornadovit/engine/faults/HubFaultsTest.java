package io.github.tornadovit.engine.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.engine.faults.IoFaults.Kind;
import io.github.tornadovit.hub.Hub;
import io.github.tornadovit.hub.HubException;
import io.github.tornadovit.hub.HubModel;
import io.github.tornadovit.hub.HubSettings;
import io.github.tornadovit.hub.ProxySettings;
import io.github.tornadovit.testing.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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
  private static final String WHOLE = "drawn/faces";
  private static final String SHARDED = "drawn/shards";
  private static final int SHARD_BYTES = 20_000;
  private static final Map<String, Map<String, byte[]>> MODELS =
      Map.of(WHOLE, whole(), SHARDED, sharded());

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

  private static Map<String, byte[]> files(String model) {
    return Objects.requireNonNull(MODELS.get(model));
  }

  private static Map<String, byte[]> whole() {
    Map<String, byte[]> files = new TreeMap<>();
    for (String file : List.of("config.json", "preprocessor_config.json", "model.safetensors")) {
      files.put(file, read(CHECKPOINT.resolve(file)));
    }
    return files;
  }

  /** The same in three parts, as far as a cache is concerned: they come side by side. */
  private static Map<String, byte[]> sharded() {
    Map<String, byte[]> files = whole();
    files.remove("model.safetensors");
    files.put(
        "model.safetensors.index.json",
        "{\"weight_map\": {\"a\": \"1.safetensors\", \"b\": \"2.safetensors\", \"c\": \"3.safetensors\"}}"
            .getBytes(StandardCharsets.UTF_8));
    for (int shard = 1; shard <= 3; shard++) {
      byte[] content = new byte[SHARD_BYTES];
      Arrays.fill(content, (byte) shard);
      files.put(shard + ".safetensors", content);
    }
    return files;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Models with checksums. */
  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] content =
        files(path.replaceFirst("/(.*)/resolve/.*", "$1"))
            .get(path.substring(path.lastIndexOf('/') + 1));
    exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
    if (content == null) {
      exchange.getResponseHeaders().set("X-Error-Code", "EntryNotFound");
      exchange.sendResponseHeaders(404, -1);
      return;
    }
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

  private Path fetch(String model, Path cache, boolean symlinks) {
    HubSettings settings =
        new HubSettings(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            cache,
            TOKEN,
            false,
            symlinks,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            HubSettings.DEFAULT_DOWNLOADS,
            ProxySettings.JAVA);
    return new Hub(settings).fetch(HubModel.of(model));
  }

  @ParameterizedTest
  @CsvSource({
    "drawn/faces, BROKEN, true",
    "drawn/faces, FULL, true",
    "drawn/faces, DENIED, true",
    "drawn/faces, VANISHED, true",
    "drawn/faces, SHORT, true",
    "drawn/faces, FULL, false",
    "drawn/faces, DENIED, false",
    "drawn/shards, BROKEN, true",
    "drawn/shards, FULL, true",
    "drawn/shards, DENIED, false"
  })
  void theCacheCannotBeWritten(String model, Kind kind, boolean symlinks) throws Exception {
    int[] run = new int[1];
    EachFault.inject(
        "download of " + model + (symlinks ? "" : " without links"),
        kind,
        files -> fetch(model, files.path(folder.resolve("cache" + ++run[0])), symlinks),
        (failure, injected) -> {
          Path cache = folder.resolve("cache" + run[0]);
          if (failure != null) {
            // The index of shards is a checkpoint's file, whatever it is read for.
            assertThat(failure)
                .as(injected)
                .isInstanceOfAny(HubException.class, CheckpointException.class);
            assertThat(failure).as(injected).hasMessageNotContainingAny(TOKEN, "\n", "Exception");
          }
          Held.assertNothingOf(folder);
          assertWhole(files(model), cache, injected);
          Path snapshot = fetch(model, cache, symlinks);
          files(model)
              .forEach(
                  (file, content) -> assertThat(snapshot.resolve(file)).hasBinaryContent(content));
        });
  }

  /** What has a final name is whole: blobs are what their names say, snapshots what the hub has. */
  private static void assertWhole(Map<String, byte[]> model, Path cache, String injected)
      throws IOException {
    if (!Files.exists(cache)) {
      return;
    }
    try (Stream<Path> files = Files.walk(cache)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        assertThat(name).as(injected).doesNotEndWith(".tmp");
        if (name.matches("[0-9a-f]{64}")) {
          assertThat(sha256(Files.readAllBytes(file))).as(injected).isEqualTo(name);
        } else if (model.containsKey(name)) {
          assertThat(file).as(injected).hasBinaryContent(model.get(name));
        } else if (name.equals("main")) {
          assertThat(file).as(injected).hasContent(COMMIT);
        }
      }
    }
  }
}
