package io.github.tornadovit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.tornadovit.testing.TinyCheckpoint;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A hub with a small checkpoint, an empty cache, and time that does not pass. */
abstract class HubTestCase {
  static final String CONFIG = "config.json";
  static final String WEIGHTS = "model.safetensors";
  static final String TOKEN = "hf_abcdefghijklmnop";

  @TempDir Path folder;
  FakeHub server;
  Path cache;
  final List<Duration> waits = new CopyOnWriteArrayList<>();
  final List<String> notices = new CopyOnWriteArrayList<>();
  final List<String> progress = new CopyOnWriteArrayList<>();
  final List<HubProgress> totals = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() {
    server = FakeHub.of(TinyCheckpoint.vit().write(folder.resolve("checkpoint")));
    cache = folder.resolve("cache");
    server.dropsWhen((file, bytes) -> partial(file).toFile().length() >= bytes);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  HubSettings settings() {
    return new HubSettings(
        server.endpoint(),
        cache,
        null,
        false,
        true,
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        HubSettings.DEFAULT_DOWNLOADS,
        ProxySettings.JAVA);
  }

  Hub hub(HubSettings settings) {
    HubListener listener =
        new HubListener() {
          @Override
          public void progress(HubProgress now) {
            progress.add("%s %d/%d".formatted(now.file(), now.fileDone(), now.fileTotal()));
            totals.add(now);
          }

          @Override
          public void notice(String message) {
            notices.add(message);
          }
        };
    return new Hub(settings, listener, waits::add);
  }

  Path fetch(String name) {
    return hub(settings()).fetch(HubModel.of(name));
  }

  Path fetch() {
    return fetch(FakeHub.ID);
  }

  /** The one typed error of a fetch, which shows neither token nor signature and takes one line. */
  HubException failure(HubSettings settings, String name, HubException.Reason reason) {
    HubException failure =
        catchThrowableOfType(HubException.class, () -> hub(settings).fetch(HubModel.of(name)));
    assertThat(failure).isNotNull();
    assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason);
    assertThat(failure.getMessage()).doesNotContain(TOKEN, "secret", "\n");
    return failure;
  }

  HubException failure(HubException.Reason reason) {
    return failure(settings(), FakeHub.ID, reason);
  }

  Path modelFolder() {
    return cache.resolve("models--drawn--faces");
  }

  Path blob(String file) {
    return modelFolder().resolve("blobs").resolve(server.etag(file));
  }

  Path partial(String file) {
    return blob(file).resolveSibling(server.etag(file) + ".incomplete");
  }

  /** The folder is a checkpoint that opens, with the hub's bytes. */
  void assertIsCheckpoint(Path snapshot) throws IOException {
    for (String file : List.of(CONFIG, "preprocessor_config.json", WEIGHTS)) {
      assertThat(snapshot.resolve(file)).hasBinaryContent(server.content(file));
    }
    try (Checkpoint checkpoint = Checkpoint.open(snapshot)) {
      assertThat(checkpoint.weights().blocks()).hasSize(1);
    }
    try (var blobs = Files.list(modelFolder().resolve("blobs"))) {
      assertThat(blobs).noneMatch(blob -> blob.toString().contains("incomplete"));
    }
  }
}
