package io.github.tornadovit.cli.serve;

import io.github.tornadovit.cli.serve.Route.Access;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Every route of the server. */
final class Routes {
  private final Supplier<@Nullable ServedModel> model;
  private final Metrics metrics;

  /**
   * Routes.
   *
   * @param model null while the server is starting or stopping
   */
  Routes(Supplier<@Nullable ServedModel> model, Metrics metrics) {
    this.model = model;
    this.metrics = metrics;
  }

  /** The handler of a route that asks the model. */
  @FunctionalInterface
  interface Work {
    Reply answer(Call call, ServedModel model) throws Refusal, IOException, InterruptedException;
  }

  List<Route> all() {
    return List.of(
        work("/classify", ClassifyRoute::answer),
        work("/embed", EmbedRoute::answer),
        work("/attention", AttentionRoute::answer),
        work("/", HuggingFaceRoutes::root),
        work("/pipeline/{task}", HuggingFaceRoutes::task),
        new Route("GET", "/model", Access.KEY, _ -> Reply.json(ready().card().facts())),
        new Route("GET", "/metrics", Access.KEY, _ -> metrics.reply()),
        new Route("GET", "/health", Access.OPEN, _ -> Reply.json(Map.of("status", "alive"))),
        new Route("GET", "/ready", Access.OPEN, _ -> readiness()));
  }

  private Route work(String path, Work work) {
    return new Route("POST", path, Access.WORK, call -> work.answer(call, ready()));
  }

  private Reply readiness() throws Refusal {
    ready();
    return Reply.json(Map.of("status", "ready"));
  }

  private ServedModel ready() throws Refusal {
    ServedModel loaded = model.get();
    if (loaded == null) {
      throw Refusal.later("the server is starting or stopping");
    }
    return loaded;
  }
}
