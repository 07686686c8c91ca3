package io.github.tornadovit.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A headless Chromium with one page, steered by its DevTools protocol. */
final class Chromium implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final WebSocket socket;
  private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
  private int calls;

  Chromium(Path folder) throws IOException, InterruptedException {
    Path profile = folder.resolve("profile");
    process =
        new ProcessBuilder(
                program().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("chromium.txt").toFile())
            .start();
    Path port = profile.resolve("DevToolsActivePort");
    while (!Files.exists(port) || Files.readAllLines(port).size() < 2) {
      assertThat(process.isAlive()).as(() -> "see " + folder).isTrue();
      Thread.sleep(20);
    }
    URI pages =
        URI.create("http://127.0.0.1:" + Files.readAllLines(port).getFirst() + "/json/list");
    JsonNode page =
        JSON.readTree(
                client.send(HttpRequest.newBuilder(pages).build(), BodyHandlers.ofString()).body())
            .get(0);
    socket =
        client
            .newWebSocketBuilder()
            .buildAsync(
                URI.create(page.get("webSocketDebuggerUrl").asString()), new Messages(received))
            .join();
    call("Page.enable", Map.of());
    call("DOM.enable", Map.of());
  }

  private static Path program() {
    List<Path> found =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .map(place -> Path.of(place, "chromium"))
            .filter(Files::isExecutable)
            .toList();
    assumeTrue(!found.isEmpty(), "there is no chromium on the path");
    return found.getFirst();
  }

  /** Messages come in parts. */
  private record Messages(BlockingQueue<JsonNode> received, StringBuilder text)
      implements WebSocket.Listener {
    Messages(BlockingQueue<JsonNode> received) {
      this(received, new StringBuilder());
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        received.add(JSON.readTree(text.toString()));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private JsonNode call(String method, Map<String, Object> parameters) throws InterruptedException {
    int id = ++calls;
    socket
        .sendText(
            JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
        .join();
    while (true) {
      JsonNode message = received.poll(60, TimeUnit.SECONDS);
      assertThat(message).as("an answer to " + method).isNotNull();
      if (message.path("id").asInt(0) == id) {
        assertThat(message.has("error")).as(message.toString()).isFalse();
        return message.get("result");
      }
    }
  }

  void open(String address, int width, int height) throws InterruptedException {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    call("Page.navigate", Map.of("url", address));
    await("document.readyState === 'complete' && location.href.startsWith('" + address + "')");
  }

  void dark(boolean dark) throws InterruptedException {
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** The value of an expression, as text; of a promise, when it is there. */
  String evaluate(String expression) throws InterruptedException {
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    assertThat(result.has("exceptionDetails")).as(result.toString()).isFalse();
    return result.get("result").path("value").asString("");
  }

  /** Waits until an expression is true. */
  void await(String condition) throws InterruptedException {
    for (int i = 0; i < 1500; i++) {
      if (evaluate("String(Boolean(" + condition + "))").equals("true")) {
        return;
      }
      Thread.sleep(20);
    }
    throw new AssertionError(
        "never came: " + condition + "; the page says " + evaluate("document.body.innerText"));
  }

  /** Chooses files in an input, as a user does. */
  void choose(String selector, Path... files) throws InterruptedException {
    int document = call("DOM.getDocument", Map.of()).get("root").get("nodeId").intValue();
    int input =
        call("DOM.querySelector", Map.of("nodeId", document, "selector", selector))
            .get("nodeId")
            .intValue();
    List<String> paths =
        Stream.of(files).map(file -> file.toAbsolutePath().normalize().toString()).toList();
    call("DOM.setFileInputFiles", Map.of("nodeId", input, "files", paths));
  }

  void screenshot(Path file) throws IOException, InterruptedException {
    JsonNode shot = call("Page.captureScreenshot", Map.of("captureBeyondViewport", true));
    Files.write(file, Base64.getDecoder().decode(shot.get("data").asString()));
  }

  @Override
  public void close() {
    socket.abort();
    client.close();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }
}
