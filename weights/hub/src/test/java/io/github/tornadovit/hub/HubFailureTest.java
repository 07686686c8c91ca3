package io.github.tornadovit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.tornadovit.hub.HubException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way in which a download goes wrong: mended by itself, or one error that says what to do. */
class HubFailureTest extends HubTestCase {
  private static HttpHandler[] always(HttpHandler handler) {
    return Collections.nCopies(20, handler).toArray(HttpHandler[]::new);
  }

  /** Chunks without end, and without a length. */
  private static void endless(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    byte[] much = new byte[1 << 16];
    while (true) {
      exchange.getResponseBody().write(much);
    }
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
    return bytes;
  }

  @Test
  void aDroppedConnectionGoesOnWhereItEnded() throws IOException {
    int half = server.content(WEIGHTS).length / 2;
    server.next("GET", WEIGHTS, server.dropAfter(WEIGHTS, half), server.dropAfter(WEIGHTS, 10));
    assertIsCheckpoint(fetch());
    assertThat(server.requests())
        .filteredOn(request -> request.method().equals("GET") && request.path().endsWith(WEIGHTS))
        .map(FakeHub.Request::range)
        .containsExactly(null, "bytes=" + half + "-", "bytes=" + (half + 10) + "-");
    assertThat(waits).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThat(notices).hasSize(2).first().asString().contains("attempt 1 of 5", "next in 1 s");
  }

  @Test
  void aConnectionThatAlwaysDropsEndsAndTheNextRunGoesOn() throws IOException {
    server.next(
        "GET",
        WEIGHTS,
        Collections.nCopies(5, server.dropAfter(WEIGHTS, 10)).toArray(HttpHandler[]::new));
    assertThat(failure(Reason.UNAVAILABLE)).hasMessageContaining(WEIGHTS);
    assertThat(waits).hasSize(4);
    assertThat(partial(WEIGHTS)).hasSize(50);
    server.forgetRequests();
    assertIsCheckpoint(fetch());
    assertThat(server.requests()).map(FakeHub.Request::range).contains("bytes=50-");
  }

  @Test
  void attemptsAreCountedAnewAfterAMegabyte() throws IOException {
    byte[] large = bytes(9 << 20);
    server.put("pytorch_model.bin", large, true).remove(WEIGHTS);
    server.next(
        "GET",
        "pytorch_model.bin",
        Collections.nCopies(8, server.dropAfter("pytorch_model.bin", 1 << 20))
            .toArray(HttpHandler[]::new));
    assertThat(fetch().resolve("pytorch_model.bin")).hasBinaryContent(large);
    assertThat(waits).hasSize(8).containsOnly(Duration.ofSeconds(1));
  }

  @Test
  void aServerThatFallsSilentIsLeft() throws IOException {
    server.next("GET", WEIGHTS, server.stallAfter(WEIGHTS, 10));
    hub(settings().withTimeouts(Duration.ofSeconds(10), Duration.ofMillis(300)))
        .fetch(HubModel.of(FakeHub.ID));
    assertThat(notices).singleElement().asString().contains("no byte came");
    assertThat(server.requests()).map(FakeHub.Request::range).contains("bytes=10-");
  }

  @Test
  void aServerThatNeverAnswersIsLeft() {
    server.next("HEAD", CONFIG, always(server.silent()));
    HubSettings impatient = settings().withTimeouts(Duration.ofMillis(200), Duration.ofSeconds(10));
    assertThat(failure(impatient, FakeHub.ID, Reason.UNAVAILABLE))
        .hasMessageContaining("cannot be reached");
    assertThat(waits).hasSize(4);
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    HubSettings nowhere = settings().withEndpoint(URI.create("http://127.0.0.1:1"));
    assertThat(failure(nowhere, FakeHub.ID, Reason.UNAVAILABLE))
        .hasMessageContaining("http://127.0.0.1:1/drawn/faces/resolve/main/config.json")
        .hasMessageContaining("proxy");
    assertThat(waits).hasSize(4);
  }

  @Test
  void whatAnEarlierVersionLeftIsContinued() throws IOException {
    Files.createDirectories(blob(WEIGHTS).getParent());
    byte[] content = server.content(WEIGHTS);
    Files.write(partial(WEIGHTS), Arrays.copyOf(content, 100));
    assertIsCheckpoint(fetch());
    assertThat(server.requests()).map(FakeHub.Request::range).contains("bytes=100-");
    assertThat(progress).contains(WEIGHTS + " 100/" + content.length);
  }

  @Test
  void aCompletePartIsCheckedAndTaken() throws IOException {
    Files.createDirectories(blob(WEIGHTS).getParent());
    Files.write(partial(WEIGHTS), server.content(WEIGHTS));
    assertIsCheckpoint(fetch());
    assertThat(server.requests("GET")).doesNotContain(WEIGHTS);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1 << 20})
  void aDamagedPartIsStartedAgain(int length) throws IOException {
    Files.createDirectories(blob(WEIGHTS).getParent());
    Files.write(partial(WEIGHTS), new byte[length]);
    assertIsCheckpoint(fetch());
  }

  @Test
  void aServerWithoutRangesStartsAgain() throws IOException {
    byte[] content = server.content(WEIGHTS);
    server.next(
        "GET",
        WEIGHTS,
        server.dropAfter(WEIGHTS, 100),
        exchange -> {
          exchange.getRequestHeaders().remove("Range");
          FakeHub.send(exchange, content);
        });
    // The answer 200 is not taken for the rest: the file is cleared and asked for from the start.
    assertIsCheckpoint(fetch());
  }

  @Test
  void aRangeThatIsNotTheOneAskedForStartsAgain() throws IOException {
    byte[] content = server.content(WEIGHTS);
    server.next(
        "GET",
        WEIGHTS,
        server.dropAfter(WEIGHTS, 100),
        exchange -> {
          exchange
              .getResponseHeaders()
              .set("Content-Range", "bytes 50-%d/%d".formatted(content.length - 1, content.length));
          exchange.sendResponseHeaders(206, content.length - 50);
          exchange.getResponseBody().write(content, 50, content.length - 50);
        });
    assertIsCheckpoint(fetch());
  }

  @Test
  void aRangeThatCannotBeHadStartsAgain() throws IOException {
    server.next(
        "GET",
        WEIGHTS,
        server.dropAfter(WEIGHTS, 100),
        FakeHub.status(416, "Content-Range", "bytes */5"));
    assertIsCheckpoint(fetch());
    assertThat(notices).anyMatch(notice -> notice.contains("starting it again"));
  }

  @Test
  void wrongBytesAreRefused() {
    byte[] wrong = server.content(WEIGHTS).clone();
    wrong[wrong.length - 1] ^= 1;
    server.next("GET", WEIGHTS, always(exchange -> FakeHub.send(exchange, wrong)));
    assertThat(failure(Reason.CORRUPT))
        .hasMessageContaining(FakeHub.sha256(wrong))
        .hasMessageContaining(server.etag(WEIGHTS));
    assertThat(blob(WEIGHTS)).doesNotExist();
    assertThat(partial(WEIGHTS)).doesNotExist();
    server.asEver("GET", WEIGHTS);
    byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
    byte[] right = server.content(CONFIG);
    byte[] sameLength = Arrays.copyOf(config, right.length);
    HubSettings fresh = settings().withCache(folder.resolve("new"));
    server.next("GET", CONFIG, always(exchange -> FakeHub.send(exchange, sameLength)));
    assertThat(failure(fresh, FakeHub.ID, Reason.CORRUPT)).hasMessageContaining("GIT_BLOB");
  }

  @Test
  void aLengthThatIsNotTheOneAnnouncedIsRefused() {
    byte[] content = server.content(WEIGHTS);
    server.next(
        "GET", WEIGHTS, always(exchange -> FakeHub.send(exchange, Arrays.copyOf(content, 99))));
    assertThat(failure(Reason.CORRUPT))
        .hasMessageContaining(content.length + " bytes and comes with 99");
    server.asEver("GET", WEIGHTS);
    server.next("GET", CONFIG, always(HubFailureTest::endless));
    HubSettings fresh = settings().withCache(folder.resolve("new"));
    assertThat(failure(fresh, FakeHub.ID, Reason.CORRUPT)).hasMessageContaining("more bytes");
  }

  @Test
  void aFileThatIsTooLargeIsRefusedBeforeAByteIsWritten() {
    server.put(CONFIG, new byte[(8 << 20) + 1], false);
    assertThat(failure(Reason.PROTOCOL)).hasMessageContaining("at most 8388608");
    assertThat(server.requests("GET")).isEmpty();
  }

  @Test
  void aFileOfUnknownLengthIsLimited() throws IOException {
    HttpHandler silent =
        FakeHub.status(200, "X-Repo-Commit", FakeHub.COMMIT, "ETag", "\"no-checksum\"");
    server.next("HEAD", CONFIG, silent);
    server.next("GET", CONFIG, HubFailureTest::endless);
    failure(Reason.CORRUPT);
    try (var blobs = Files.list(modelFolder().resolve("blobs"))) {
      assertThat(blobs).noneMatch(blob -> blob.toString().matches(".*(no-checksum|incomplete).*"));
    }
  }

  @Test
  void anEtagThatIsNoChecksumIsTakenByLength() {
    byte[] content = server.content(CONFIG);
    server.next(
        "HEAD",
        CONFIG,
        FakeHub.status(
            200,
            "X-Repo-Commit",
            FakeHub.COMMIT,
            "ETag",
            "\"5f3-abc\"",
            "Content-Length",
            String.valueOf(content.length)));
    assertThat(fetch().resolve(CONFIG)).hasBinaryContent(content);
    assertThat(modelFolder().resolve("blobs/5f3-abc")).exists();
  }

  @Test
  void anExpiredSignatureIsRenewed() throws IOException {
    server.next("GET", WEIGHTS, FakeHub.status(403));
    assertIsCheckpoint(fetch());
    assertThat(server.requests("HEAD")).filteredOn(WEIGHTS::equals).hasSize(2);
  }

  @Test
  void aModelThatIsNotThereMayBePrivate() {
    assertThat(failure(settings(), "drawn/nobody", Reason.MODEL_NOT_FOUND))
        .hasMessageContaining("check the name")
        .hasMessageContaining("set HF_TOKEN");
    assertThat(failure(settings().withToken(TOKEN), "drawn/nobody", Reason.MODEL_NOT_FOUND))
        .hasMessageContaining("use a token that may read it");
    server.next("HEAD", CONFIG, FakeHub.status(401));
    failure(Reason.MODEL_NOT_FOUND);
    server.next(
        "HEAD",
        CONFIG,
        FakeHub.status(401, "X-Error-Message", "Invalid credentials in Authorization header"));
    failure(settings().withToken(TOKEN), FakeHub.ID, Reason.FORBIDDEN);
    assertThat(waits).isEmpty();
  }

  @Test
  void aGatedModelWantsItsTermsAccepted() {
    server.next("HEAD", CONFIG, FakeHub.status(403, "X-Error-Code", "GatedRepo"));
    assertThat(failure(Reason.GATED)).hasMessageContaining(server.endpoint() + "/" + FakeHub.ID);
    server.next("HEAD", CONFIG, FakeHub.status(403, "X-Error-Message", "Access is disabled."));
    assertThat(failure(Reason.FORBIDDEN)).hasMessageContaining("403 (Access is");
    assertThat(Text.shown("a\u001b[31mb\nc")).isEqualTo("a [31mb c");
  }

  @Test
  void aRevisionThatIsNotThereIsNamed() {
    assertThat(failure(settings(), FakeHub.ID + "@v9", Reason.REVISION_NOT_FOUND))
        .hasMessageContaining("drawn/faces: the model has no revision 'v9'");
    fetch();
    // Not even the cache helps: the name is wrong.
    failure(settings(), FakeHub.ID + "@v9", Reason.REVISION_NOT_FOUND);
  }

  @Test
  void aMissingFileThatTheHubDoesNotAnswerForIsNotWrittenDown() {
    server.next("HEAD", WEIGHTS, FakeHub.status(404));
    assertThat(failure(Reason.PROTOCOL)).hasMessageContaining("404");
    assertThat(modelFolder().resolve(".no_exist").resolve(FakeHub.COMMIT).resolve(WEIGHTS))
        .doesNotExist();
  }

  @Test
  void tooManyRequestsWaitAsLongAsTheServerSays() throws IOException {
    String date =
        ZonedDateTime.now(ZoneOffset.UTC).minusDays(1).format(DateTimeFormatter.RFC_1123_DATE_TIME);
    server.next(
        "HEAD",
        CONFIG,
        FakeHub.status(429, "Retry-After", "7"),
        FakeHub.status(429, "Retry-After", date),
        FakeHub.status(503));
    server.next("GET", WEIGHTS, FakeHub.status(429, "Retry-After", "30"), FakeHub.status(500));
    assertIsCheckpoint(fetch());
    assertThat(waits)
        .containsExactly(
            Duration.ofSeconds(7),
            Duration.ZERO,
            Duration.ofSeconds(4),
            Duration.ofSeconds(30),
            Duration.ofSeconds(2));
  }

  @Test
  void aWaitOfHoursIsAnError() {
    server.next("HEAD", CONFIG, FakeHub.status(429, "Retry-After", "7200"));
    assertThat(failure(Reason.RATE_LIMITED)).hasMessageContaining("429");
    assertThat(waits).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void aServerThatFailsIsTriedFiveTimes(int status) {
    server.next("HEAD", CONFIG, always(FakeHub.status(status)));
    assertThat(failure(Reason.UNAVAILABLE)).hasMessageContaining(" " + status);
    assertThat(server.requests()).hasSize(Retries.MOST);
    assertThat(waits).map(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L);
  }

  @Test
  void aPageThatIsNoHubIsRefused() {
    server.next("HEAD", CONFIG, FakeHub.status(200, "ETag", "\"abc\""));
    assertThat(failure(Reason.PROTOCOL)).hasMessageContaining("no hub of models");
    server.next("HEAD", CONFIG, FakeHub.status(418));
    failure(Reason.PROTOCOL);
  }

  @Test
  void compressedBytesAreRefused() {
    server.next(
        "GET",
        CONFIG,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          FakeHub.send(exchange, new byte[3]);
        });
    assertThat(failure(Reason.PROTOCOL)).hasMessageContaining("compressed");
  }

  @Test
  void anInterruptLeavesWhatCameAndTheInterruptStatus() throws Exception {
    server.next("GET", WEIGHTS, server.stallAfter(WEIGHTS, 100));
    Thread waiting = Thread.currentThread();
    Thread interrupter =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!Files.exists(partial(WEIGHTS))
                      || partial(WEIGHTS).toFile().length() < 100) {
                    LockSupport.parkNanos(1_000_000);
                  }
                  waiting.interrupt();
                });
    HubException failure = catchThrowableOfType(HubException.class, this::fetch);
    assertThat(Thread.interrupted()).isTrue();
    interrupter.join();
    assertThat(failure.reason()).isEqualTo(Reason.INTERRUPTED);
    assertThat(partial(WEIGHTS)).hasSize(100);
    assertIsCheckpoint(fetch());
  }
}
