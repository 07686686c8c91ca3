package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models of a hub on the command line, in JVMs whose environment names a server of this machine.
 */
class HubCommandTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final Path DEMO = Path.of("../../weights/demo/vit");
  private static final String IMAGE = "../../weights/demo/images/with_mask/9000003.jpg";
  private static final String TOKEN = "hf_abcdefghijklmnop";

  @TempDir private Path folder;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  private record Ran(int exitCode, String out, String err) {}

  HubCommandTest() throws IOException {
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

  /** The demo checkpoint as the model drawn/faces; its etags are no checksums. */
  private void answer(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    String path = exchange.getRequestURI().getPath();
    Path file = DEMO.resolve(path.substring(path.lastIndexOf('/') + 1));
    if (!path.startsWith("/drawn/faces/resolve/")) {
      exchange.getResponseHeaders().set("X-Error-Code", "RepoNotFound");
      exchange.sendResponseHeaders(401, -1);
      return;
    }
    exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
    if (!Files.exists(file)) {
      exchange.getResponseHeaders().set("X-Error-Code", "EntryNotFound");
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    byte[] content = Files.readAllBytes(file);
    exchange.getResponseHeaders().set("ETag", "\"demo-" + content.length + '"');
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
      exchange.sendResponseHeaders(200, -1);
    } else {
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content);
    }
  }

  private Ran run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("HF_"));
    builder.environment().put("HF_ENDPOINT", "http://127.0.0.1:" + server.getAddress().getPort());
    builder.environment().put("HF_HOME", folder.resolve("home").toString());
    builder.environment().put("HF_TOKEN", TOKEN);
    builder.environment().put("NO_PROXY", "*");
    builder.environment().putAll(environment);
    int exitCode =
        builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
    Ran ran =
        new Ran(
            exitCode,
            Files.readString(out, StandardCharsets.UTF_8),
            Files.readString(err, StandardCharsets.UTF_8));
    assertThat(ran.out() + ran.err()).doesNotContain(TOKEN);
    return ran;
  }

  private Path snapshot() {
    return folder.resolve("home/hub/models--drawn--faces/snapshots").resolve(COMMIT);
  }

  @Test
  void downloadPrintsTheFolderAndClassifyTakesTheName() throws Exception {
    Ran downloaded = run(Map.of(), "download", "drawn/faces");
    assertThat(downloaded.exitCode()).as(downloaded.err()).isZero();
    assertThat(downloaded.out().strip()).isEqualTo(snapshot().toString());
    assertThat(downloaded.err()).isEmpty();
    assertThat(requests).anyMatch(request -> request.startsWith("GET"));
    requests.clear();
    Ran classified =
        run(Map.of(), "classify", "--model", "drawn/faces", "--offline", "--backend", "cpu", IMAGE);
    assertThat(classified.exitCode()).as(classified.err()).isZero();
    assertThat(classified.out()).contains("with_mask");
    assertThat(classified.err()).contains("model: drawn/faces, " + snapshot());
    assertThat(requests).isEmpty();
    Ran offline = run(Map.of("HF_HUB_OFFLINE", "1"), "inspect", "--model", "drawn/faces@" + COMMIT);
    assertThat(offline.exitCode()).as(offline.err()).isZero();
    assertThat(offline.out())
        .containsPattern("hub_model +drawn/faces\\R")
        .containsPattern("hub_revision +" + COMMIT);
    assertThat(requests).isEmpty();
  }

  @Test
  void aNameThatIsNotThereIsOneLine() throws Exception {
    Ran missing = run(Map.of(), "inspect", "--model", "drawn/nobody");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.out()).isEmpty();
    assertThat(missing.err().lines()).hasSize(1);
    assertThat(missing.err()).contains("drawn/nobody", "check the name");
    Ran offline = run(Map.of(), "download", "--offline", "drawn/faces");
    assertThat(offline.exitCode()).isEqualTo(1);
    assertThat(offline.err().lines()).hasSize(1);
    assertThat(offline.err()).contains("not in the cache");
  }

  @Test
  void aFolderOfTheSameNameComesFirst() {
    CommandLineRun ran = CommandLineRun.of("inspect", "--offline", "--model", "src/test");
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("src/test: has no config.json");
  }

  @Test
  void whatCannotBeANameIsAFolderOrWrongUsage() {
    assertThat(CommandLineRun.of("inspect", "--model", "no/such/folder").err())
        .contains("no/such/folder: does not exist");
    assertThat(CommandLineRun.of("download").exitCode()).isEqualTo(2);
    CommandLineRun path = CommandLineRun.of("download", "../evil");
    assertThat(path.exitCode()).isEqualTo(2);
    assertThat(path.err()).contains("expected organisation/name");
    CommandLineRun revision = CommandLineRun.of("inspect", "--model", "drawn/faces@../x");
    assertThat(revision.exitCode()).isEqualTo(2);
    assertThat(revision.err()).contains("expected a branch");
  }
}
