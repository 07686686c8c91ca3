package io.github.tornadovit.examples.server;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.micrometer.BatchingServiceMetrics;
import io.github.tornadovit.engine.service.BatchingService;
import io.github.tornadovit.engine.service.ServiceOptions;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Loads a model, serves it, and on SIGTERM answers what is in flight before it ends. */
@Command(
    name = "classify-server",
    mixinStandardHelpOptions = true,
    description = "Serve POST /classify: an image file in, labels with scores out.")
public final class Main implements Callable<Integer> {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Folder of the checkpoint; default: the embedded demo checkpoint.")
  private @Nullable Path model;

  @Option(names = "--backend", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
  private BackendChoice backend = BackendChoice.AUTO;

  @Option(names = "--host", description = "Address to listen on; default: ${DEFAULT-VALUE}.")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      description = "Port to listen on, 0 for any; default: ${DEFAULT-VALUE}.")
  private int port = 8080;

  @Option(
      names = "--precision",
      description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
  private Precision precision = Precision.F32;

  @Option(names = "--batch", description = "Largest batch; default: ${DEFAULT-VALUE}.")
  private int batch = ModelOptions.defaults().batch();

  @Option(
      names = "--max-delay",
      paramLabel = "MS",
      description =
          "Milliseconds that an image waits for others to join its batch; default: ${DEFAULT-VALUE}.")
  private int maxDelay;

  private Main() {}

  /** Serves until the process is told to end. */
  public static void main(String[] arguments) {
    // Read when the JDK's server is first used: a slow client is cut off, a small answer not held.
    setUnlessGiven("sun.net.httpserver.maxReqTime", "30");
    setUnlessGiven("sun.net.httpserver.maxRspTime", "60");
    setUnlessGiven("sun.net.httpserver.nodelay", "true");
    setUnlessGiven("jdk.httpserver.maxConnections", "1024");
    System.exit(
        new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Limits limits = Limits.DEFAULTS;
    ModelOptions options =
        ModelOptions.defaults().withBackend(backend).withBatch(batch).withPrecision(precision);
    ServiceOptions batching =
        ServiceOptions.defaults()
            .withMaxDelay(Duration.ofMillis(maxDelay))
            .withCapacity(limits.inFlight());
    CountDownLatch ended = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(asked, ended), "shutdown"));
    try {
      ClassifyServer server = new ClassifyServer(new InetSocketAddress(host, port), limits);
      // Closed in reverse: first the server, whose requests need the others.
      try (VisionModel loaded = load(options);
          BatchingService<Classification> service = BatchingService.classifying(loaded, batching);
          server) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new BatchingServiceMetrics(service, Tags.empty()).bindTo(registry);
        service.warmUp();
        server.ready(image -> service.submit(image, "the request's body"), registry::scrape);
        System.out.printf(
            "serving http://%s:%d/classify on %s, %s%n",
            host, server.port(), loaded.session().device(), loaded.session().reason());
        asked.await();
      }
      System.out.println("stopped");
    } finally {
      ended.countDown();
    }
    return 0;
  }

  private VisionModel load(ModelOptions options) {
    return model == null
        ? VisionModel.load(DemoCheckpoint.VIT, options)
        : VisionModel.load(model, options);
  }

  /** The JVM ends when this returns, so it waits for the other thread. */
  private static void stop(CountDownLatch asked, CountDownLatch ended) {
    asked.countDown();
    try {
      ended.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
