package io.github.tornadovit.benchmarks.report;

import io.github.tornadovit.benchmarks.Median;
import io.github.tornadovit.benchmarks.model.ImageShape;
import io.github.tornadovit.benchmarks.model.PublishedRate;
import io.github.tornadovit.benchmarks.model.TornadoVitEngine.Facts;
import io.github.tornadovit.benchmarks.peers.Comparison;
import io.github.tornadovit.benchmarks.peers.EngineProcess;
import io.github.tornadovit.benchmarks.peers.Entrant;
import io.github.tornadovit.benchmarks.peers.LineProcess;
import io.github.tornadovit.benchmarks.peers.OwnMode;
import io.github.tornadovit.benchmarks.peers.PeerException;
import io.github.tornadovit.benchmarks.peers.PixelFile;
import io.github.tornadovit.benchmarks.peers.Startup;
import io.github.tornadovit.benchmarks.peers.Turn;
import io.github.tornadovit.benchmarks.peers.WorkerProcess;
import io.github.tornadovit.engine.evaluation.Agreement;
import io.github.tornadovit.kernels.backend.DeviceInfo;
import io.github.tornadovit.weights.config.VisionConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Measures one checkpoint: every engine that can take part, in every mode that it has. Who fails is
 * left out with the reason, and the others go on.
 */
final class Measurement {
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int PEAK_MILLIS = 100;

  private final ReportSetting setting;
  private final Consumer<String> notes;
  private final Facts facts;
  private final List<Result.Row> rows = new ArrayList<>();
  private final List<Result.Profile> profiles = new ArrayList<>();
  private final List<Result.Skipped> skipped = new ArrayList<>();
  private final Map<Entrant, ColdStart> coldStarts = new HashMap<>();

  /** Logits of the batch that is measured. */
  private final Map<Entrant, float[]> answers = new HashMap<>();

  private Measurement(ReportSetting setting, Consumer<String> notes) {
    this.setting = setting;
    this.notes = notes;
    facts = Facts.of(setting.launcher().checkpoint());
  }

  /** Measures; {@code notes} hears what is going on. */
  static Result.Model of(ReportSetting setting, Consumer<String> notes)
      throws InterruptedException {
    return new Measurement(setting, notes).measure();
  }

  private Result.Model measure() throws InterruptedException {
    skipped.addAll(setting.obstacles());
    ImageShape shape = facts.images();
    int images = Collections.max(setting.batches());
    try (PixelFile pixels = PixelFile.noise(shape, images);
        LineProcess peak = setting.launcher().startPeak()) {
      List<Entrant> able = new ArrayList<>();
      for (Entrant entrant : setting.entrants()) {
        if (probe(entrant, pixels, shape)) {
          able.add(entrant);
        }
      }
      if (able.isEmpty() || !able.getFirst().equals(setting.entrants().getFirst())) {
        throw new PeerException(
            "our CPU backend does not run the checkpoint: " + skipped.getLast().reason());
      }
      notes.accept(
          "starting " + able.size() + " engines, " + setting.protocol().starts() + " times");
      List<Supplier<WorkerProcess>> starts = new ArrayList<>();
      able.forEach(entrant -> starts.add(() -> start(entrant, pixels, shape)));
      try (Startup startup = Startup.of(starts, setting.protocol().starts())) {
        return measure(able, startup, peak);
      }
    }
  }

  private WorkerProcess start(Entrant entrant, PixelFile pixels, ImageShape shape) {
    return setting.launcher().start(entrant, pixels.file(), pixels.images(), shape);
  }

  /**
   * Starts one to see whether it runs. The file cache is warm afterwards, so ours starts once more
   * and says where its time goes; a process that has done this is not measured otherwise.
   */
  private boolean probe(Entrant entrant, PixelFile pixels, ImageShape shape) {
    notes.accept("trying " + entrant.id());
    try {
      start(entrant, pixels, shape).close();
      if (isOurs(entrant) && everything()) {
        try (WorkerProcess worker = start(entrant, pixels, shape)) {
          coldStarts.put(entrant, ColdStart.of(worker));
        }
      }
      return true;
    } catch (PeerException failure) {
      skip(entrant, "everything", failure);
      return false;
    }
  }

  private boolean everything() {
    return setting.scope() == Scope.EVERYTHING;
  }

  private void skip(Entrant entrant, String what, RuntimeException failure) {
    boolean needed = setting.named() || entrant.equals(setting.entrants().getFirst());
    if (!everything() && needed) {
      throw failure;
    }
    String reason = Objects.requireNonNullElse(failure.getMessage(), failure.toString());
    notes.accept("without " + reason);
    skipped.add(new Result.Skipped(entrant.id(), what, reason));
  }

  private Result.Model measure(List<Entrant> able, Startup startup, LineProcess peak)
      throws InterruptedException {
    Map<Entrant, WorkerProcess> workers = new HashMap<>();
    for (int i = 0; i < able.size(); i++) {
      workers.put(able.get(i), startup.workers().get(i));
    }
    boolean images = takeImages(able, workers);
    for (int batch : setting.batches()) {
      answers.clear();
      List<Entrant> ready = able.stream().filter(one -> computes(one, workers, batch)).toList();
      List<Entrant> ours = ready.stream().filter(Measurement::isOurs).toList();
      List<Entrant> devices = ours.stream().filter(one -> one.device() != null).toList();
      run(Mode.FORWARD, batch, ready, one -> worker(workers, one), peak);
      // None of them in the scope of peers: there are no devices, and no images.
      for (Entrant device : devices) {
        run(Mode.FORWARD_ONLY, batch, List.of(device), one -> mode(workers, one, true), peak);
      }
      if (images) {
        run(Mode.PIPELINE, batch, ours, one -> mode(workers, one, false), peak);
      }
      if (everything() && batch == Collections.max(setting.batches())) {
        ours.forEach(one -> profile(one, worker(workers, one), batch));
      }
    }
    List<Result.Engine> engines = new ArrayList<>();
    for (int i = 0; i < able.size(); i++) {
      engines.add(engine(able.get(i), startup.workers().get(i), startup.firstLabelMillis().get(i)));
    }
    VisionConfig config = facts.config();
    return new Result.Model(
        String.valueOf(setting.launcher().checkpoint().toAbsolutePath().normalize().getFileName()),
        "%s, %d blocks, width %d, image %d x %d, patch %d"
            .formatted(
                config.architecture(),
                config.layers(),
                config.hiddenSize(),
                config.imageSize().width(),
                config.imageSize().height(),
                config.patchSize().width()),
        facts.flopsPerImage(),
        published(config),
        images ? setting.imagesInWords() : "no images: the full pipeline was not measured",
        engines,
        rows,
        profiles,
        skipped);
  }

  private boolean takeImages(List<Entrant> able, Map<Entrant, WorkerProcess> workers) {
    Path folder = setting.images();
    if (folder == null) {
      return false;
    }
    for (Entrant entrant : able) {
      if (isOurs(entrant)) {
        worker(workers, entrant).ask("images " + folder.toAbsolutePath(), ImageCount.class);
      }
    }
    return true;
  }

  private record ImageCount(int images) {}

  /** Keeps an engine's answers, if it can run a batch at all: its memory may not hold it. */
  private boolean computes(Entrant entrant, Map<Entrant, WorkerProcess> workers, int batch) {
    try {
      answers.put(entrant, worker(workers, entrant).logits(batch));
      return true;
    } catch (PeerException failure) {
      skip(entrant, "batch " + batch, failure);
      return false;
    }
  }

  /** Turns of some engines in a mode, our CPU backend first. */
  private void run(
      Mode mode,
      int batch,
      List<Entrant> entrants,
      Function<Entrant, EngineProcess> contestant,
      LineProcess peak)
      throws InterruptedException {
    notes.accept(mode.label() + ", batch " + batch);
    List<EngineProcess> contestants = entrants.stream().map(contestant).toList();
    List<Comparison.Entry> entries = new ArrayList<>();
    for (int i = 0; i < entrants.size(); i++) {
      Entrant entrant = entrants.get(i);
      String request = "peak %s %d".formatted(entrant.engine().precision(), PEAK_MILLIS);
      entries.add(
          new Comparison.Entry(
              contestants.get(i),
              Objects.requireNonNull(answers.get(entrant)),
              () -> peak.ask(request).get("value").asDouble(),
              !everything() && entrant.mustAgree()));
    }
    Result.Protocol protocol = setting.protocol();
    List<Comparison.Series> series;
    try {
      series =
          new Comparison(
                  entries,
                  new Comparison.Protocol(
                      protocol.rounds(),
                      seconds(protocol.turnSeconds()),
                      seconds(protocol.warmUpSeconds()),
                      PAUSE))
              .run(batch);
    } catch (PeerException failure) {
      entrants.forEach(one -> skip(one, mode.label() + ", batch " + batch, failure));
      return;
    }
    for (int i = 0; i < series.size(); i++) {
      if (mode == Mode.FORWARD_ONLY && stuck(series.get(i))) {
        skipped.add(
            new Result.Skipped(
                entrants.get(i).id(),
                mode.label() + ", batch " + batch,
                "the profiler gave the same times in every turn, so it measured once at most"));
        continue;
      }
      rows.add(row(entrants.get(i), mode, batch, contestants.get(i), series.get(i)));
    }
  }

  /** Whether turns took the same time to the nanosecond, as no two passes do. */
  private static boolean stuck(Comparison.Series series) {
    return series.turns().stream().map(Turn::millis).distinct().count() == 1;
  }

  private Result.Row row(
      Entrant entrant, Mode mode, int batch, EngineProcess contestant, Comparison.Series series) {
    Double read = null;
    if (contestant instanceof OwnMode own && !own.partMillis().isEmpty()) {
      // Warm-up came first.
      int size = own.partMillis().size();
      read = Median.of(own.partMillis().subList(size - series.turns().size(), size));
    }
    WorkerProcess worker =
        contestant instanceof OwnMode own ? own.worker() : (WorkerProcess) contestant;
    OptionalLong resident = worker.maxResidentBytes();
    return new Result.Row(
        entrant.id(),
        mode,
        batch,
        // Kernels alone are those of the pass that was compared already.
        mode == Mode.FORWARD_ONLY ? forward(entrant, batch, series) : series.agreement(),
        read,
        resident.isPresent() ? resident.getAsLong() : null,
        contestant == worker && isOurs(entrant) ? deviceBytes(worker) : null,
        series.turns());
  }

  private Agreement forward(Entrant entrant, int batch, Comparison.Series series) {
    return rows.stream()
        .filter(row -> row.mode() == Mode.FORWARD && row.batch() == batch)
        .filter(row -> row.engine().equals(entrant.id()))
        .map(Result.Row::agreement)
        .findFirst()
        .orElse(series.agreement());
  }

  private static @Nullable Long deviceBytes(WorkerProcess worker) {
    long bytes = worker.ask("device-bytes", JsonNode.class).get("bytes").asLong();
    return bytes < 0 ? null : bytes;
  }

  private void profile(Entrant entrant, WorkerProcess worker, int batch) {
    try {
      profiles.add(Profiles.of(entrant.id(), worker, batch, setting.protocol().profilePasses()));
    } catch (PeerException failure) {
      skip(entrant, "kernels", failure);
    }
  }

  private Result.Engine engine(Entrant entrant, WorkerProcess worker, double firstLabelMillis) {
    boolean ours = isOurs(entrant);
    Result.Profile profile =
        profiles.stream().filter(one -> one.engine().equals(entrant.id())).findFirst().orElse(null);
    ColdStart cold = coldStarts.get(entrant);
    return new Result.Engine(
        entrant.id(),
        worker.name(),
        worker.version(),
        ours,
        setting.processor(entrant),
        ours
            ? worker.ask("device", DeviceInfo.class).name()
            : "CPU, as the library has no other here",
        profile == null ? null : profile.kernels().stream().mapToInt(Result.Kernel::launches).sum(),
        profile == null ? null : profile.nanos(),
        firstLabelMillis,
        cold == null ? List.of() : cold.phases(entrant.device() != null));
  }

  private static boolean isOurs(Entrant entrant) {
    return entrant.engine().ours();
  }

  private static WorkerProcess worker(Map<Entrant, WorkerProcess> workers, Entrant entrant) {
    return Objects.requireNonNull(workers.get(entrant));
  }

  private static EngineProcess mode(
      Map<Entrant, WorkerProcess> workers, Entrant entrant, boolean kernels) {
    WorkerProcess worker = worker(workers, entrant);
    return kernels ? OwnMode.kernels(worker) : OwnMode.pipeline(worker);
  }

  private static Result.@Nullable Published published(VisionConfig config) {
    PublishedRate rate = PublishedRate.of(config);
    return rate == null ? null : new Result.Published(rate.card(), rate.samplesPerSecond());
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}
