package io.github.tornadovit.cli;

import io.github.tornadovit.cli.serve.ApiKey;
import io.github.tornadovit.cli.serve.Limits;
import io.github.tornadovit.cli.serve.LoadedModel;
import io.github.tornadovit.cli.serve.Metrics;
import io.github.tornadovit.cli.serve.Server;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.service.ServiceOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serve}: loads a model, serves it over HTTP, and on SIGTERM answers what is in flight. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description =
        "Serve a model over HTTP: a page to look at, POST /classify, /embed and /attention, Hugging Face's"
            + " inference protocol, the Open Inference Protocol v2; GET /openapi.json describes it.")
final class ServeCommand implements Callable<Integer> {
  private static final int MAX_PORT = 65_535;
  private static final int DAY = 24 * 60 * 60;

  @Mixin private ModelArguments model = new ModelArguments();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description =
          "To listen on; default: ${DEFAULT-VALUE}, which this machine alone can reach. 0.0.0.0 for all.")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "To listen on, 0 for any; default: ${DEFAULT-VALUE}.")
  private int port = 8080;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Of the model in /v2/models/NAME; default: that of its folder or of the hub.")
  private @Nullable String name;

  @Option(
      names = "--api-key-env",
      paramLabel = "VARIABLE",
      description = "Environment variable with a key that callers have to send.")
  private @Nullable String keyVariable;

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "File with a key that callers have to send.")
  private @Nullable Path keyFile;

  @Option(
      names = "--max-delay",
      paramLabel = "MS",
      description =
          "Milliseconds that an image waits for others to join its batch; default: ${DEFAULT-VALUE}.")
  private int maxDelay;

  @Option(
      names = "--max-body",
      paramLabel = "BYTES",
      description = "Refuse larger requests; default: ${DEFAULT-VALUE}.")
  private int maxBody = Limits.DEFAULTS.bodyBytes();

  @Option(
      names = "--max-requests",
      paramLabel = "N",
      description =
          "Requests in work; more are refused at once with 503; default: ${DEFAULT-VALUE}.")
  private int maxRequests = Limits.DEFAULTS.inFlight();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "For a request's body to come, and again for its answer; later it is given up; default:"
              + " ${DEFAULT-VALUE}.")
  private int timeout = (int) Limits.DEFAULTS.answer().toSeconds();

  @Spec private CommandSpec spec;

  ServeCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Limits limits = limits();
    ServiceOptions batching =
        ServiceOptions.defaults()
            .withMaxDelay(Duration.ofMillis(maxDelay))
            .withCapacity(maxRequests)
            // A form with many images waits for room; requests are counted before.
            .withMaxWait(limits.answer());
    ApiKey key = key();
    PrintWriter notes = spec.commandLine().getErr();
    Metrics metrics = new Metrics();
    Server.configure(limits);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    InetSocketAddress address = address();
    try (Server server = listen(address, limits, key, metrics);
        VisionModel loaded = model.load(notes);
        LoadedModel served =
            new LoadedModel(
                loaded, modelName(), ServedFacts.of(loaded), batching, metrics::follow)) {
      // Closed before the model, which its requests need.
      try (server) {
        served.warmUp(WarmUpLine.of(notes));
        // Until here there is nothing to wait for: who stops a server that loads ends it at once.
        onShutdown(() -> stop(asked, ended));
        server.ready(served);
        announce(server, address, key != null);
        asked.await();
        notes.println("stopping: requests in flight are answered");
      }
      notes.println("stopped");
    } finally {
      ended.countDown();
    }
    return 0;
  }

  private Limits limits() {
    require(port >= 0 && port <= MAX_PORT, "--port is %d, expected 0 to %d", port, MAX_PORT);
    require(
        maxDelay >= 0 && maxDelay <= DAY * 1000,
        "--max-delay is %d, expected 0 to %d, a day",
        maxDelay,
        DAY * 1000);
    require(maxBody >= 1, "--max-body is %d, expected 1 or more", maxBody);
    require(maxRequests >= 1, "--max-requests is %d, expected 1 or more", maxRequests);
    require(
        timeout >= 1 && timeout <= DAY, "--timeout is %d, expected 1 to %d, a day", timeout, DAY);
    require(name == null || !name.isBlank(), "--name is '%s', expected a name", name);
    require(
        keyVariable == null || keyFile == null,
        "--api-key-env and --api-key-file: give one of them");
    return Limits.DEFAULTS
        .withBodyBytes(maxBody)
        .withInFlight(maxRequests)
        .withTime(Duration.ofSeconds(timeout));
  }

  private void require(boolean condition, String problem, @Nullable Object... values) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), problem.formatted(values));
    }
  }

  private @Nullable ApiKey key() throws IOException {
    if (keyVariable != null) {
      return ApiKey.ofVariable(keyVariable);
    }
    return keyFile == null ? null : ApiKey.ofFile(keyFile);
  }

  private String modelName() {
    return name == null ? model.shortName() : name;
  }

  private InetSocketAddress address() {
    InetSocketAddress address = new InetSocketAddress(host, port);
    require(!address.isUnresolved(), "--host %s: there is no such host", host);
    return address;
  }

  private Server listen(
      InetSocketAddress address, Limits limits, @Nullable ApiKey key, Metrics metrics)
      throws IOException {
    try {
      return new Server(address, limits, key, metrics, Main.VERSION);
    } catch (SocketException refused) {
      throw new IllegalArgumentException(
          "cannot listen on %s, port %d: %s; %s"
              .formatted(
                  host,
                  port,
                  refused.getMessage(),
                  isHere(address.getAddress())
                      ? "another --port, or 0 for any"
                      : "--host is an address of this machine, or 0.0.0.0 for all of them"),
          refused);
    }
  }

  private static boolean isHere(InetAddress address) throws SocketException {
    return address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || NetworkInterface.getByInetAddress(address) != null;
  }

  private void announce(Server server, InetSocketAddress address, boolean guarded) {
    boolean open = !address.getAddress().isLoopbackAddress();
    if (open && !guarded) {
      PrintWriter notes = spec.commandLine().getErr();
      notes.println(
          "note: whoever can reach this machine can use the model; --api-key-env or --api-key-file asks for a key");
      notes.flush();
    }
    PrintWriter out = spec.commandLine().getOut();
    String shown = host.contains(":") ? "[" + host + "]" : host;
    out.printf("serving %s on http://%s:%d%n", modelName(), shown, server.port());
    out.flush();
  }

  private static void onShutdown(Runnable hook) {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(hook, "shutdown"));
    } catch (IllegalStateException _) { // It has begun: the JVM ends without asking.
    }
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
