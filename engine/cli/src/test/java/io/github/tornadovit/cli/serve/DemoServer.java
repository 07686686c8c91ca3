package io.github.tornadovit.cli.serve;

import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.service.ServiceOptions;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The demo model behind a server, for a test class. */
final class DemoServer implements AutoCloseable {
  final VisionModel model;
  final Server server;
  final Http http;
  private final LoadedModel loaded;

  DemoServer(@Nullable ApiKey key) throws IOException {
    this(Limits.DEFAULTS, key);
  }

  DemoServer(Limits limits, @Nullable ApiKey key) throws IOException {
    Metrics metrics = new Metrics();
    server = open(limits, key, metrics);
    model =
        VisionModel.load(
            DemoCheckpoint.VIT, ModelOptions.defaults().withBackend(BackendChoice.CPU));
    loaded =
        new LoadedModel(
            model,
            "demo",
            Map.of("device", "a test's"),
            ServiceOptions.defaults(),
            metrics::follow);
    server.ready(loaded);
    http = new Http(server.port());
  }

  static Server open(Limits limits, @Nullable ApiKey key, Metrics metrics) throws IOException {
    Server.configure(Limits.DEFAULTS);
    return new Server(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), limits, key, metrics, "1.2.3");
  }

  @Override
  public void close() {
    http.close();
    server.close();
    loaded.close();
    model.close();
  }
}
