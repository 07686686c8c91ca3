package io.github.tornadovit.examples.server;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.ImageFiles;
import io.github.tornadovit.engine.service.BatchReport;
import io.github.tornadovit.engine.service.BatchingService;
import io.github.tornadovit.engine.service.ServiceObserver;
import io.github.tornadovit.engine.service.ServiceOptions;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Batching against calling the model image by image: two servers over one model, on loopback,
 * loaded in turns by clients that each send the next image when the answer to the last one is
 * there.
 */
@Command(
    name = "load-test",
    mixinStandardHelpOptions = true,
    description = "Measure the server on loopback, batching and image by image in turns.")
public final class LoadTest implements Callable<Integer> {
  @Option(names = "--model", paramLabel = "DIR", description = "Default: the demo checkpoint.")
  private @Nullable Path model;

  @Option(names = "--backend", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
  private BackendChoice backend = BackendChoice.AUTO;

  @Option(names = "--images", paramLabel = "FOLDER", required = true, description = "To send.")
  private Path images = Path.of("");

  @Option(names = "--clients", split = ",", description = "Default: ${DEFAULT-VALUE}.")
  private List<Integer> clients = List.of(1, 8, 64);

  @Option(
      names = "--precision",
      description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
  private Precision precision = Precision.F32;

  @Option(names = "--batch", description = "Largest batch; default: ${DEFAULT-VALUE}.")
  private int batch = ModelOptions.defaults().batch();

  @Option(names = "--max-delay", paramLabel = "MS", description = "Default: ${DEFAULT-VALUE}.")
  private int maxDelay;

  @Option(names = "--rounds", description = "Turns of each mode; default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(names = "--seconds", description = "Of a turn; default: ${DEFAULT-VALUE}.")
  private int seconds = 10;

  private final LongAdder batches = new LongAdder();
  private final LongAdder batched = new LongAdder();

  LoadTest() {}

  /** Prints a table. */
  public static void main(String[] arguments) {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.exit(
        new CommandLine(new LoadTest())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<byte[]> bodies = new ArrayList<>();
    for (Path image : ImageFiles.in(images).images()) {
      bodies.add(Files.readAllBytes(image));
    }
    ModelOptions options =
        ModelOptions.defaults().withBackend(backend).withBatch(batch).withPrecision(precision);
    ServiceOptions batching =
        ServiceOptions.defaults().withMaxDelay(Duration.ofMillis(maxDelay)).withCapacity(1024);
    Limits limits = new Limits(10_000_000, 1024, Duration.ofMinutes(5), Duration.ofSeconds(60));
    try (VisionModel loaded =
            model == null
                ? VisionModel.load(DemoCheckpoint.VIT, options)
                : VisionModel.load(model, options);
        BatchingService<Classification> service = BatchingService.classifying(loaded, batching);
        ClassifyServer together = server(limits, image -> service.submit(image, "image"));
        ClassifyServer alone = server(limits, image -> oneByOne(loaded, image))) {
      service.warmUp();
      service.observe(new BatchSizes());
      System.out.printf(
          "%s, batches of %d at most, max delay %d ms; %d turns of %d s of each mode%n",
          loaded.session().device(), service.maxBatch(), maxDelay, rounds, seconds);
      System.out.printf("%-8s %-10s %s%n", "clients", "mode", Turns.HEADER);
      for (int count : clients) {
        measure(count, new Turns(together.port(), bodies), new Turns(alone.port(), bodies));
      }
    }
    return 0;
  }

  private void measure(int count, Turns together, Turns alone) throws InterruptedException {
    batches.reset();
    batched.reset();
    // The clients' code, too, is interpreted at first.
    together.run(count, 1, false);
    alone.run(count, 1, false);
    for (int round = 0; round < rounds; round++) {
      Turns first = round % 2 == 0 ? together : alone;
      first.run(count, seconds, true);
      (first == together ? alone : together).run(count, seconds, true);
    }
    double size = batches.sum() == 0 ? 0 : (double) batched.sum() / batches.sum();
    System.out.printf("%-8d %-10s %s   %.1f images a batch%n", count, "batching", together, size);
    System.out.printf("%-8d %-10s %s%n", count, "one by one", alone);
  }

  private static ClassifyServer server(Limits limits, Classifier classifier) throws IOException {
    ClassifyServer server =
        new ClassifyServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), limits);
    server.ready(classifier, () -> "");
    return server;
  }

  /** An application without a service: the caller's thread runs the model. */
  private static CompletableFuture<Classification> oneByOne(VisionModel model, byte[] image) {
    try {
      return CompletableFuture.completedFuture(
          model.classify(model.imageProcessor().pixels(image, "image")).getFirst());
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private final class BatchSizes implements ServiceObserver {
    @Override
    public void batchDone(BatchReport report) {
      batches.increment();
      batched.add(report.images());
    }
  }
}
