package io.github.tornadovit.cli.serve;

import static io.github.tornadovit.cli.serve.Http.answer;
import static io.github.tornadovit.cli.serve.Http.assertError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits, overload, keys and stopping, with answers that the tests give. */
@Timeout(60)
class ServerTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Limits LIMITS =
      new Limits(10_000, 100_000, 2, 2, MINUTE, MINUTE, Duration.ofSeconds(30));
  private static final byte[] BODY = new byte[1];
  private static final String KEY = "0123456789abcdef";

  private final Fake fake = new Fake();
  private Server server = open(LIMITS, null);
  private Http http = new Http(server.port());

  private static Server open(Limits limits, @Nullable ApiKey key) {
    try {
      return DemoServer.open(limits, key, new Metrics());
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private void reopen(Limits limits, @Nullable ApiKey key) {
    close();
    server = open(limits, key);
    http = new Http(server.port());
  }

  @AfterEach
  void close() {
    fake.asked.forEach(answer -> answer.cancel(true));
    server.close();
    http.close();
  }

  /** Futures that the server waits for, in the order of requests. */
  private static final class Fake implements ServedModel {
    boolean classifies = true;
    final LinkedBlockingQueue<CompletableFuture<Classification>> asked =
        new LinkedBlockingQueue<>();

    @Override
    public ModelCard card() {
      try (Checkpoint demo = DemoCheckpoint.VIT.open()) {
        VisionConfig config = demo.config();
        return ModelCard.of("fake", config, classifies, Map.of());
      }
    }

    @Override
    public CompletableFuture<Classification> classify(Input image) {
      CompletableFuture<Classification> answer = new CompletableFuture<>();
      asked.add(answer);
      return answer;
    }

    @Override
    public CompletableFuture<float[]> embed(Input image, Feature feature) {
      return CompletableFuture.failedFuture(new RejectedExecutionException("it is full"));
    }

    @Override
    public CompletableFuture<AttentionRoute.Answer> attention(
        Input.File image, AttentionRoute.Question question) {
      return CompletableFuture.failedFuture(new IllegalStateException("/secret/path"));
    }
  }

  @Test
  void readinessFollowsTheModelAndHealthDoesNot() throws Exception {
    assertThat(http.get("/health").statusCode()).isEqualTo(200);
    assertError(http.get("/ready"), 503, "starting or stopping");
    assertError(http.post("/classify", BODY), 503, "starting or stopping");
    server.serve(fake);
    answer(http.get("/ready"));
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedWhetherOrNotItSaysSo() throws Exception {
    server.serve(fake);
    byte[] large = new byte[10_001];
    assertError(http.post("/classify", large), 413, "more than 10000 bytes");
    InputStream chunks = new ByteArrayInputStream(large);
    assertError(
        http.send(http.request("/classify").POST(BodyPublishers.ofInputStream(() -> chunks))),
        413,
        "more than 10000 bytes");
    // Large enough not to fit into the buffers of a connection.
    assertError(http.post("/classify", new byte[8 << 20]), 413, "more than 10000 bytes");
    assertError(http.form("/classify", "a", BODY, "b", BODY, "c", BODY), 413, "more than 2 images");
    assertThat(fake.asked).isEmpty();
  }

  @Test
  void bodiesOfAllRequestsTogetherAreBounded() throws Exception {
    reopen(new Limits(10_000, 5_000, 2, 2, MINUTE, MINUTE, Duration.ofSeconds(30)), null);
    server.serve(fake);
    assertError(http.post("/classify", new byte[6_000]), 503, "memory");
    CompletableFuture<HttpResponse<byte[]>> first = http.postLater("/classify", new byte[3_000]);
    CompletableFuture<Classification> waiting = fake.asked.take();
    assertError(http.post("/classify", new byte[3_000]), 503, "memory");
    waiting.complete(Classification.of(List.of("a", "b"), new float[] {1, 0}));
    answer(first.get());
    // What the others held is given back.
    CompletableFuture<HttpResponse<byte[]>> next = http.postLater("/classify", new byte[5_000]);
    fake.asked.take().complete(Classification.of(List.of("a", "b"), new float[] {1, 0}));
    answer(next.get());
  }

  @Test
  void bodiesThatDoNotComeKeepNobodyOut() throws Exception {
    server.serve(fake);
    String half = "POST /classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nab";
    try (Socket one = new Socket(InetAddress.getLoopbackAddress(), server.port());
        Socket other = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      for (Socket slow : List.of(one, other)) {
        slow.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
        slow.getOutputStream().flush();
      }
      while (server.bodyBytes() < 4) {
        Thread.onSpinWait();
      }
      CompletableFuture<HttpResponse<byte[]>> whole = http.postLater("/classify", BODY);
      fake.asked.take().complete(Classification.of(List.of("a", "b"), new float[] {1, 0}));
      answer(whole.get());
    }
  }

  @Test
  void overloadIsRefusedAndTriedAgain() throws Exception {
    server.serve(fake);
    List<CompletableFuture<HttpResponse<byte[]>>> busy =
        List.of(http.postLater("/classify", BODY), http.postLater("/classify", BODY));
    List<CompletableFuture<Classification>> answers = List.of(fake.asked.take(), fake.asked.take());
    HttpResponse<byte[]> refused = http.post("/classify", BODY);
    assertError(refused, 503, "2 requests are in work");
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    answers.forEach(answer -> answer.completeExceptionally(new IllegalStateException("a bug")));
    for (CompletableFuture<HttpResponse<byte[]>> response : busy) {
      assertError(response.get(), 500, "the log says why");
    }
    assertError(http.post("/embed", BODY), 503, "it is full");
  }

  @Test
  void whatFailedInsideIsNotShown() throws Exception {
    server.serve(fake);
    HttpResponse<byte[]> response = http.post("/attention", BODY);
    assertError(response, 500, "the log says why");
    assertThat(Http.text(response)).doesNotContain("secret");
  }

  @Test
  void anAnswerThatIsLateIsNotWaitedForNorComputed() throws Exception {
    reopen(
        new Limits(10_000, 100_000, 2, 2, MINUTE, Duration.ofMillis(20), Duration.ofSeconds(30)),
        null);
    server.serve(fake);
    assertError(http.post("/classify", BODY), 503, "no answer within 0.02 s");
    assertThat(fake.asked.take()).isCompletedExceptionally();
    // Of a form no image is run when one is late.
    assertError(http.form("/classify", "a", BODY, "b", BODY), 503, "no answer within");
    assertThat(fake.asked).isNotEmpty().allMatch(CompletableFuture::isCompletedExceptionally);
  }

  /** To ask may block until there is room. */
  @Test
  void afterItsTimeARequestAsksForNoMoreImages() {
    Waiting late = new Waiting(new Limits(1, 1, 3, 1, Duration.ZERO, Duration.ZERO, Duration.ZERO));
    assertThatThrownBy(
            () -> late.each(List.of("a", "b", "c"), _ -> fake.classify(new Input.File(BODY, ""))))
        .isInstanceOf(Refusal.class)
        .hasMessage("no answer within 0.0 s");
    assertThat(fake.asked).hasSize(1).allMatch(CompletableFuture::isDone);
  }

  @Test
  void aServerThatStartsDoesNotWaitForABody() throws Exception {
    assertThat(head("POST /classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nab"))
        .contains(" 503 ");
  }

  @Test
  void aModelWithoutClassesSaysSoToWhoAsksForThem() throws Exception {
    fake.classifies = false;
    server.serve(fake);
    byte[] json =
        "{\"inputs\": \"AAAA\", \"parameters\": {\"top_k\": 3}}"
            .getBytes(StandardCharsets.US_ASCII);
    assertError(http.post("/", json), 400, "no classifier");
    assertError(http.post("/pipeline/image-classification", json), 400, "no classifier");
    assertError(http.post("/classify?top_k=3", BODY), 400, "no classifier");
  }

  @Test
  void aBodyIsReadInChunksOfAnySize() throws Exception {
    BodyMemory memory =
        new BodyMemory(
            new Limits(50_000, 60_000, 1, 1, Duration.ZERO, Duration.ZERO, Duration.ZERO));
    Random random = new Random(1);
    for (int size : List.of(0, 1, 8191, 8192, 8193, 16_384, 50_000)) {
      byte[] body = new byte[size];
      random.nextBytes(body);
      InputStream dribbling =
          new ByteArrayInputStream(body) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
              return super.read(into, offset, Math.min(length, 1 + random.nextInt(5000)));
            }
          };
      try (BodyMemory.Share share = memory.share()) {
        assertThat(share.read(dribbling, 0)).isEqualTo(body);
        assertThat(memory.taken()).isEqualTo(size);
      }
      assertThat(memory.taken()).isZero();
    }
  }

  @Test
  void closingWaitsForRequestsInFlight() throws Exception {
    server.serve(fake);
    CompletableFuture<HttpResponse<byte[]>> response = http.postLater("/classify", BODY);
    CompletableFuture<Classification> answer = fake.asked.take();
    Thread closer = Thread.ofPlatform().start(server::close);
    while (listens()) {
      Thread.sleep(1);
    }
    answer.complete(Classification.of(List.of("a", "b"), new float[] {1, 0}));
    assertThat(answer(response.get()).get("predictions").size()).isEqualTo(2);
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

  @Test
  void aKeyIsAskedForButByProbes() throws Exception {
    reopen(LIMITS, ApiKey.of(KEY, "the test"));
    server.serve(fake);
    for (String path : List.of("/model", "/metrics")) {
      HttpResponse<byte[]> refused = http.get(path);
      assertError(refused, 401, "Authorization: Bearer");
      assertThat(refused.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      assertThat(
              http.send(http.request(path).header("Authorization", "bearer " + KEY)).statusCode())
          .isEqualTo(200);
    }
    assertError(http.post("/embed", BODY, "Authorization", "Bearer " + KEY + "0"), 401, "key");
    assertError(http.post("/embed", BODY, "Authorization", "Bearer " + KEY), 503, "it is full");
    answer(http.get("/health"));
    answer(http.get("/ready"));
  }

  @Test
  void pagesOfOtherSitesAreRefused() throws Exception {
    server.serve(fake);
    assertError(http.post("/embed", BODY, "Origin", "https://evil.example"), 403, "evil.example");
    assertError(http.post("/embed", BODY, "Origin", "null"), 403, "may not ask");
    String own = "http://127.0.0.1:" + server.port();
    assertError(http.post("/embed", BODY, "Origin", own), 503, "it is full");
    assertThat(head("GET /ready HTTP/1.1\r\nHost: evil.example:80\r\n\r\n")).contains(" 421 ");
    assertThat(head("GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n")).contains(" 200 ");
    assertThat(head("GET /ready HTTP/1.0\r\n\r\n")).contains(" 200 ");
  }

  @Test
  void malformedRequestsAreAnswered() throws Exception {
    server.serve(fake);
    assertThat(head("POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n"))
        .contains(" 400 ");
    assertThat(head("POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n"))
        .contains(" 400 ");
    String chunked =
        "POST /embed HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    assertThat(head(chunked + "zz\r\nabc")).contains(" 400 ");
    assertThat(head("GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n")).contains(" 4");
    assertThat(head("GET //////%00%2e%2e HTTP/1.1\r\nHost: localhost\r\n\r\n")).contains(" 404 ");
    answer(http.get("/ready"));
  }

  /** The first line of the answer to a request as it is on the wire. */
  private String head(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(40), StandardCharsets.US_ASCII);
    }
  }

  /** What the JDK's server answers itself is a fixed line: nothing of the request, or of files. */
  @Test
  void whatIsNoHttpIsAnsweredWithoutAWordOfIt() throws Exception {
    server.serve(fake);
    for (String request :
        List.of(
            "<script>",
            "GET /[<script> HTTP/1.1\r\nHost: localhost",
            "GET /%zz<script> HTTP/1.1\r\nHost: localhost",
            "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n<script>: 1",
            "POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Length: <script>",
            "POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2",
            "POST /embed HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: <script>")) {
      assertThat(exchange(request + "\r\n\r\n"))
          .as(request)
          .matches("(?s)HTTP/1.1 (400|404|501) .*")
          .doesNotContain("<script>", "java.", "\tat ", System.getProperty("user.dir"))
          .hasSizeLessThan(300);
    }
  }

  /** All that is answered until the server closes the connection, without the version of HTTP. */
  private String exchange(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static final String SLOW =
      "POST /classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nbegin";

  @Test
  void aBodyThatDoesNotComeInTimeIsAnswered() throws Exception {
    Duration most = Duration.ofMillis(200);
    reopen(new Limits(10_000, 100_000, 2, 2, most, MINUTE, Duration.ofSeconds(30)), null);
    server.serve(fake);
    assertThat(exchange(SLOW))
        .as("and the connection is closed")
        .startsWith("HTTP/1.1 408 ")
        .contains("Connection: close", "X-content-type-options: nosniff")
        .endsWith("{\"error\":\"the body did not come within 0.2 s\"}");
    while (!Http.text(http.get("/metrics")).contains("status=\"408\"")) {
      Thread.sleep(1);
    }
    assertThat(server.bodyBytes()).as("what had come of it").isZero();
  }

  /** While it is told so, the rest comes: its connection is not reset under the answer. */
  @Test
  void whoIsTooSlowCanGoOnSendingUntilTheAnswerIsRead() throws Exception {
    Duration most = Duration.ofMillis(200);
    reopen(new Limits(10_000, 100_000, 2, 2, most, MINUTE, Duration.ofSeconds(30)), null);
    server.serve(fake);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write(SLOW.getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      socket.getOutputStream().write(new byte[95]);
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("TTP/1.1 408 ")
          .endsWith(" s\"}");
    }
    assertThat(fake.asked).isEmpty();
  }

  /** Seconds that the JDK's server gives a request and an answer; then it closes without a word. */
  @Test
  void whatTheLimitsGiveTimeIsNotCutOffBefore() {
    for (Duration time : List.of(Duration.ofSeconds(1), MINUTE, Duration.ofDays(1))) {
      Map<String, String> settings = Server.settings(LIMITS.withTime(time));
      for (String setting : List.of("maxReqTime", "maxRspTime")) {
        assertThat(Long.parseLong(settings.get("sun.net.httpserver." + setting)))
            .isGreaterThan(time.toSeconds());
      }
    }
  }

  @Test
  void aCompressedBodyIsRefusedBeforeItComes() throws Exception {
    server.serve(fake);
    assertError(
        http.post("/classify", BODY, "Content-Encoding", "gzip"), 415, "'gzip', expected none");
    assertError(http.post("/embed", BODY, "Content-Encoding", "identity"), 503, "it is full");
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
              "POST /classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nbegin"
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
      Server alone = open(LIMITS, null);
      alone.serve(new Fake());
      System.out.println(alone.port());
    }
  }
}
