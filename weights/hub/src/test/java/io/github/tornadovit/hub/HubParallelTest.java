package io.github.tornadovit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpHandler;
import io.github.tornadovit.hub.HubException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Shards that come in side by side: how many, what a failure of one does, and what is told. */
class HubParallelTest extends HubTestCase {
  private static final int SHARDS = 12;
  private static final int SHARD_BYTES = 600_000;
  private static final String INDEX = "model.safetensors.index.json";

  @BeforeEach
  void shard() {
    server.remove(WEIGHTS);
    String map =
        String.join(
            ", ",
            IntStream.range(0, SHARDS)
                .mapToObj(i -> "\"t%d\": \"%s\"".formatted(i, name(i)))
                .toList());
    server.put(
        INDEX, "{\"weight_map\": {%s}}".formatted(map).getBytes(StandardCharsets.UTF_8), false);
    for (int i = 0; i < SHARDS; i++) {
      byte[] content = new byte[SHARD_BYTES + i];
      Arrays.fill(content, (byte) i);
      server.put(name(i), content, true);
    }
  }

  @AfterEach
  void allThreadsHaveEnded() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("tornado-vit-download")) {
        assertThat(thread.join(Duration.ofSeconds(10))).as(thread.getName()).isTrue();
      }
    }
  }

  private static String name(int shard) {
    return "model-%05d.safetensors".formatted(shard);
  }

  private void assertWhole(Path snapshot) throws IOException {
    for (int i = 0; i < SHARDS; i++) {
      assertThat(snapshot.resolve(name(i))).hasBinaryContent(server.content(name(i)));
    }
    assertThat(snapshot.resolve(CONFIG)).hasBinaryContent(server.content(CONFIG));
    try (var blobs = Files.list(modelFolder().resolve("blobs"))) {
      assertThat(blobs).hasSize(SHARDS + 3).noneMatch(blob -> blob.toString().contains("incom"));
    }
  }

  private long gets() {
    return server.requests("GET").stream().filter(file -> file.startsWith("model-")).count();
  }

  /** Answers when some files are asked for at once. */
  private HttpHandler whenAsked(int file, int count) {
    return exchange -> {
      while (gets() < count) {
        FakeHub.pause();
      }
      FakeHub.send(exchange, server.content(name(file)));
    };
  }

  @Test
  void eightComeAtOnce() throws IOException {
    for (int i = 0; i < SHARDS; i++) {
      server.next("GET", name(i), whenAsked(i, Math.min(i + 1, 6)));
    }
    // The two small files may take two of the eight places.
    assertWhole(fetch());
  }

  @Test
  void noMoreComeAtOnceThanTheSettingsSay() throws IOException {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    for (int i = 0; i < SHARDS; i++) {
      byte[] content = server.content(name(i));
      server.next(
          "GET",
          name(i),
          exchange -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            FakeHub.pause();
            now.decrementAndGet();
            FakeHub.send(exchange, content);
          });
    }
    assertWhole(hub(settings().withDownloads(2)).fetch(HubModel.of(FakeHub.ID)));
    assertThat(most).hasValueLessThanOrEqualTo(2);
    assertThatThrownBy(() -> settings().withDownloads(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theTotalIsKnownFromTheStart() throws IOException {
    Files.createDirectories(blob(name(3)).getParent());
    Files.write(partial(name(3)), Arrays.copyOf(server.content(name(3)), 1000));
    assertWhole(fetch());
    long total =
        IntStream.range(0, SHARDS).mapToLong(i -> server.content(name(i)).length).sum()
            + server.content(CONFIG).length
            + server.content("preprocessor_config.json").length
            + server.content(INDEX).length;
    assertThat(totals).isNotEmpty().allMatch(now -> now.total() == total);
    assertThat(totals.getFirst().done()).isGreaterThanOrEqualTo(1000);
    assertThat(totals).isSortedAccordingTo((a, b) -> Long.compare(a.done(), b.done()));
    assertThat(totals).allMatch(now -> now.done() - now.received() == 1000);
    assertThat(totals.getLast().done()).isEqualTo(total);
  }

  @Test
  void theFirstFailureEndsTheOthersAndTheNextRunGoesOn() throws IOException {
    for (int i = 0; i < SHARDS; i++) {
      server.next("GET", name(i), server.stallAfter(name(i), 1000 + i));
    }
    byte[] wrong = new byte[SHARD_BYTES + 5];
    server.asEver("GET", name(5));
    server.next(
        "GET",
        name(5),
        exchange -> {
          while (partial(name(0)).toFile().length() < 1000
              || partial(name(1)).toFile().length() < 1001) {
            FakeHub.pause();
          }
          FakeHub.send(exchange, wrong);
        });
    assertThat(failure(Reason.CORRUPT)).hasMessageContaining(name(5));
    assertThat(partial(name(0))).hasSize(1000);
    assertThat(partial(name(1))).hasSize(1001);
    assertThat(partial(name(5))).doesNotExist();
    for (int i = 0; i < SHARDS; i++) {
      server.asEver("GET", name(i));
    }
    server.forgetRequests();
    assertWhole(fetch());
    assertThat(server.requests())
        .map(FakeHub.Request::range)
        .contains("bytes=1000-", "bytes=1001-");
  }

  @Test
  void anInterruptEndsThemAll() throws IOException, InterruptedException {
    for (int i = 0; i < SHARDS; i++) {
      server.next("GET", name(i), server.stallAfter(name(i), 100));
    }
    Thread caller = Thread.currentThread();
    Thread interrupter =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (partial(name(0)).toFile().length() < 100
                      || partial(name(2)).toFile().length() < 100) {
                    LockSupport.parkNanos(1_000_000);
                  }
                  caller.interrupt();
                });
    HubException failure = catchThrowableOfType(HubException.class, this::fetch);
    assertThat(Thread.interrupted()).isTrue();
    interrupter.join();
    assertThat(failure.reason()).isEqualTo(Reason.INTERRUPTED);
    assertThat(partial(name(0))).hasSize(100);
    assertThat(partial(name(2))).hasSize(100);
    for (int i = 0; i < SHARDS; i++) {
      server.asEver("GET", name(i));
    }
    assertWhole(fetch());
  }

  @Test
  void aShardThatIsNotThereIsNamedBeforeAnyComes() {
    server.remove(name(7)).remove(name(9));
    assertThat(failure(Reason.FILE_NOT_FOUND)).hasMessageContaining("has no file " + name(7));
    assertThat(server.requests("GET")).containsExactly(INDEX);
  }

  @Test
  void spaceForAllIsLookedForBeforeAnyComes() {
    String size = String.valueOf(90L << 30);
    for (int i = 0; i < SHARDS; i++) {
      server.next(
          "HEAD",
          name(i),
          FakeHub.status(
              302,
              "X-Repo-Commit",
              FakeHub.COMMIT,
              "X-Linked-ETag",
              '"' + server.etag(name(i)) + '"',
              "X-Linked-Size",
              size,
              "Location",
              server.network() + "/" + name(i)));
    }
    long free = folder.toFile().getUsableSpace();
    assumeTrue(free < SHARDS * (90L << 30), "a disk of a terabyte");
    assertThat(failure(Reason.CACHE)).hasMessageContaining("needs 1159");
    assertThat(server.requests("GET")).containsExactly(INDEX);
  }

  @Test
  void twoFilesOfOneContentComeOnce() throws IOException {
    server.put(name(1), server.content(name(0)), true);
    Path snapshot = fetch();
    assertThat(snapshot.resolve(name(1))).hasBinaryContent(server.content(name(0)));
    assertThat(gets()).isEqualTo(SHARDS - 1);
    assertThat(totals.getLast().done()).isEqualTo(totals.getLast().total());
  }

  @Test
  void theListenerIsCalledByOneThreadAtATimeAndMayEndTheDownload() throws IOException {
    AtomicInteger inside = new AtomicInteger();
    HubListener alone =
        new HubListener() {
          private int calls;

          @Override
          public void progress(HubProgress now) {
            if (inside.incrementAndGet() != 1) {
              throw new AssertionError("two at once");
            }
            LockSupport.parkNanos(10_000);
            calls++;
            inside.decrementAndGet();
            if (calls == 20) {
              throw new IllegalStateException("enough");
            }
          }
        };
    Hub hub = new Hub(settings()).withListener(alone);
    assertThatThrownBy(() -> hub.fetch(HubModel.of(FakeHub.ID)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("enough");
    assertWhole(hub.fetch(HubModel.of(FakeHub.ID)));
  }

  @Test
  void retriesOfEachFileAreItsOwn() throws IOException {
    List<Integer> failing = List.of(1, 4, 8);
    for (int i : failing) {
      server.next("GET", name(i), server.dropAfter(name(i), 50), FakeHub.status(503));
    }
    assertWhole(fetch());
    assertThat(notices).hasSize(6);
  }
}
