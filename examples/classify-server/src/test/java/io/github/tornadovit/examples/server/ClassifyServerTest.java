package io.github.tornadovit.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.service.BatchingService;
import io.github.tornadovit.engine.service.ServiceOptions;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server over HTTP, with the demo model or with answers that tests give. */
@Timeout(120)
class ClassifyServerTest {
  private static final Path IMAGE = Path.of("../../weights/demo/images/with_mask/9000003.jpg");
  private static final Limits LIMITS =
      new Limits(10_000, 2, Duration.ofSeconds(60), Duration.ofSeconds(30));

  private final HttpClient client = HttpClient.newHttpClient();

  /** Futures that the server waits for, in the order of requests. */
  private final LinkedBlockingQueue<CompletableFuture<Classification>> asked =
      new LinkedBlockingQueue<>();

  private ClassifyServer server = open(LIMITS);

  private static ClassifyServer open(Limits limits) {
    try {
      return new ClassifyServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), limits);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @AfterEach
  void close() {
    asked.forEach(answer -> answer.cancel(true));
    server.close();
    client.close();
  }

  private CompletableFuture<Classification> never(byte[] image) {
    CompletableFuture<Classification> answer = new CompletableFuture<>();
    asked.add(answer);
    return answer;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(request(path).GET().build(), BodyHandlers.ofString());
  }

  private CompletableFuture<HttpResponse<String>> post(String path, byte[] body) {
    return client.sendAsync(
        request(path).POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofString());
  }

  private static void assertError(HttpResponse<String> response, int status, String problem) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode body = JsonMapper.shared().readTree(response.body());
    assertThat(body.get("error").asString()).contains(problem);
  }

  @Test
  void imagesGetLabelsAndBadOnesAReason() throws Exception {
    ModelOptions options = ModelOptions.defaults().withBackend(BackendChoice.CPU);
    try (VisionModel model = VisionModel.load(DemoCheckpoint.VIT, options);
        var service = BatchingService.classifying(model, ServiceOptions.defaults())) {
      server.ready(image -> service.submit(image, "body"), () -> "");
      byte[] image = Files.readAllBytes(IMAGE);
      HttpResponse<String> response = post("/classify", image).get();
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
      JsonNode predictions = JsonMapper.shared().readTree(response.body()).get("predictions");
      assertThat(predictions.size()).isEqualTo(2);
      assertThat(predictions.get(0).propertyNames()).containsExactly("id", "label", "score");
      assertThat(predictions.get(0).get("label").asString()).isEqualTo("with_mask");
      assertThat((float) predictions.get(0).get("score").asDouble())
          .isEqualTo(model.classify(IMAGE).top().score());

      HttpResponse<String> one = post("/classify?top_k=1", image).get();
      assertThat(JsonMapper.shared().readTree(one.body()).get("predictions").size()).isEqualTo(1);
      assertError(post("/classify?top_k=0", image).get(), 400, "expected top_k=N");
      assertError(post("/classify", new byte[0]).get(), 400, "is empty");
      assertError(post("/classify", "<html>".getBytes(StandardCharsets.UTF_8)).get(), 400, "HTML");
      byte[] damaged = image.clone();
      Arrays.fill(damaged, 100, 400, (byte) 0);
      assertThat(post("/classify", damaged).get().statusCode()).isIn(200, 400);
    }
  }

  @Test
  void onlyPostClassifyIsServed() throws Exception {
    server.ready(this::never, () -> "");
    HttpResponse<String> wrongMethod = get("/classify");
    assertError(wrongMethod, 405, "use POST");
    assertThat(wrongMethod.headers().firstValue("Allow")).hasValue("POST");
    assertError(get("/"), 404, "no such path");
    assertError(get("/classify/more"), 404, "no such path");
    assertError(post("/health", new byte[0]).get(), 405, "use GET");
    assertThat(asked).isEmpty();
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedWhetherOrNotItSaysSo() throws Exception {
    server.ready(this::never, () -> "");
    byte[] large = new byte[10_001];
    assertError(post("/classify", large).get(), 413, "more than 10000 bytes");
    InputStream chunks = new ByteArrayInputStream(large);
    HttpRequest chunked =
        request("/classify").POST(BodyPublishers.ofInputStream(() -> chunks)).build();
    assertError(client.send(chunked, BodyHandlers.ofString()), 413, "more than 10000 bytes");
    assertThat(asked).isEmpty();
  }

  @Test
  void overloadIsRefusedAndTriedAgain() throws Exception {
    server.ready(this::never, () -> "");
    List<CompletableFuture<HttpResponse<String>>> busy =
        List.of(post("/classify", new byte[1]), post("/classify", new byte[1]));
    List<CompletableFuture<Classification>> answers = List.of(asked.take(), asked.take());
    HttpResponse<String> refused = post("/classify", new byte[1]).get();
    assertError(refused, 503, "2 requests are in work");
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    answers.getFirst().completeExceptionally(new IllegalStateException("a bug"));
    assertError(
        CompletableFuture.anyOf(busy.toArray(CompletableFuture[]::new))
            .thenApply(
                r ->
                    busy.stream()
                        .filter(CompletableFuture::isDone)
                        .findFirst()
                        .orElseThrow()
                        .join())
            .get(),
        500,
        "the log says why");
    CompletableFuture<HttpResponse<String>> later = post("/classify", new byte[1]);
    asked.take().cancel(true);
    assertThat(later.get().statusCode()).isEqualTo(500);
    answers.get(1).cancel(true);
  }

  @Test
  void anAnswerThatIsLateIsNotWaitedForNorComputed() throws Exception {
    ClassifyServer hasty =
        open(new Limits(10_000, 2, Duration.ofMillis(20), Duration.ofSeconds(30)));
    server.close();
    server = hasty;
    server.ready(this::never, () -> "");
    assertError(post("/classify", new byte[1]).get(), 503, "no answer within");
    assertThat(asked.take()).isCompletedExceptionally();
  }

  @Test
  void aServiceThatIsFullOrClosedIsUnavailable() throws Exception {
    ModelOptions options = ModelOptions.defaults().withBackend(BackendChoice.CPU);
    try (VisionModel model = VisionModel.load(DemoCheckpoint.VIT, options)) {
      var service = BatchingService.classifying(model, ServiceOptions.defaults());
      service.close();
      server.ready(image -> service.submit(image, "body"), () -> "");
      assertError(post("/classify", Files.readAllBytes(IMAGE)).get(), 503, "closed");
    }
  }

  @Test
  void readinessFollowsTheModelAndHealthDoesNot() throws Exception {
    assertThat(get("/health").statusCode()).isEqualTo(200);
    assertError(get("/ready"), 503, "not ready");
    assertError(post("/classify", new byte[1]).get(), 503, "starting or stopping");
    server.ready(this::never, () -> "a_metric 1");
    assertThat(get("/ready").statusCode()).isEqualTo(200);
    assertThat(get("/metrics").body()).isEqualTo("a_metric 1");
  }

  @Test
  void closingWaitsForRequestsInFlight() throws Exception {
    server.ready(this::never, () -> "");
    CompletableFuture<HttpResponse<String>> response = post("/classify", new byte[1]);
    CompletableFuture<Classification> answer = asked.take();
    Thread closer = Thread.ofPlatform().start(server::close);
    while (listens()) {
      Thread.sleep(1);
    }
    answer.completeExceptionally(
        new ExecutionException(new IllegalStateException("any answer will do")));
    assertThat(response.get().statusCode()).isEqualTo(500);
    closer.join();
  }

  private boolean listens() {
    try {
      new Socket(InetAddress.getLoopbackAddress(), server.port()).close();
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /**
   * The JDK's server cuts it off. In a JVM of its own, whose limit of a second no other test is
   * held to: a busy machine may take that long to send anything.
   */
  @Test
  void aClientThatDoesNotSendItsImageIsCutOff() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dsun.net.httpserver.maxReqTime=1",
                "-cp",
                System.getProperty("java.class.path"),
                Alone.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines = process.inputReader();
        Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(lines.readLine()))) {
      socket
          .getOutputStream()
          .write(
              "POST /classify HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nbegin"
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(firstByte(socket)).as("no answer, the connection is closed").isEqualTo(-1);
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static int firstByte(Socket socket) {
    try {
      return socket.getInputStream().read();
    } catch (IOException _) {
      return -1; // A reset.
    }
  }

  /** A server that never answers; prints its port. */
  static final class Alone {
    private Alone() {}

    public static void main(String[] arguments) {
      ClassifyServer alone = open(LIMITS);
      alone.ready(_ -> new CompletableFuture<>(), () -> "");
      System.out.println(alone.port());
    }
  }
}
