package io.github.tornadovit.cli.serve;

import io.github.tornadovit.cli.serve.Route.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Every route of the server. */
final class Routes {
  private static final Set<String> FEATURE = Set.of("pooling", "normalize");

  private final Supplier<@Nullable ServedModel> model;
  private final Metrics metrics;
  private final String serverVersion;
  private final Reply page = Resources.page();
  private final Reply openApi = Resources.openApi();

  /**
   * Routes.
   *
   * @param model null while the server is starting or stopping
   */
  Routes(Supplier<@Nullable ServedModel> model, Metrics metrics, String serverVersion) {
    this.model = model;
    this.metrics = metrics;
    this.serverVersion = serverVersion;
  }

  /** The handler of a route that asks the model. */
  @FunctionalInterface
  interface Work {
    Reply answer(Call call, ServedModel model) throws Refusal, InterruptedException;
  }

  List<Route> all() {
    List<Route> routes = new ArrayList<>(own());
    routes.addAll(openInference());
    return routes;
  }

  private List<Route> own() {
    return List.of(
        work("/classify", Set.of("top_k"), ClassifyRoute::answer),
        work("/embed", FEATURE, EmbedRoute::answer),
        work(
            "/attention",
            Set.of("layer", "head", "rollout", "token", "format"),
            AttentionRoute::answer),
        work("/", FEATURE, HuggingFaceRoutes::root),
        work("/pipeline/{task}", FEATURE, HuggingFaceRoutes::task),
        get("/", Access.OPEN, _ -> page),
        get("/openapi.json", Access.OPEN, _ -> openApi),
        get("/model", Access.KEY, _ -> Reply.json(ready().card().facts())),
        get("/metrics", Access.KEY, _ -> metrics.reply()),
        get("/health", Access.OPEN, _ -> Reply.json(Map.of("status", "alive"))),
        get("/ready", Access.OPEN, _ -> ready("status", "ready")));
  }

  /** The Open Inference Protocol's, with a version in the path and without. */
  private List<Route> openInference() {
    List<Route> routes = new ArrayList<>();
    routes.add(get("/v2", Access.KEY, _ -> OpenInferenceRoutes.server(serverVersion)));
    routes.add(get("/v2/health/live", Access.OPEN, _ -> Reply.json(Map.of("live", true))));
    routes.add(get("/v2/health/ready", Access.OPEN, _ -> ready("ready", true)));
    for (String version : List.of("", "/versions/{version}")) {
      String path = "/v2/models/{name}" + version;
      routes.add(get(path, Access.KEY, call -> OpenInferenceRoutes.model(call, ready())));
      routes.add(
          get(path + "/ready", Access.KEY, call -> OpenInferenceRoutes.ready(call, ready())));
      routes.add(work(path + "/infer", Set.of(), OpenInferenceRoutes::infer));
    }
    return routes;
  }

  private static Route get(String path, Access access, Route.Handler handler) {
    return new Route("GET", path, access, Set.of(), handler);
  }

  private Route work(String path, Set<String> options, Work work) {
    return new Route("POST", path, Access.WORK, options, call -> work.answer(call, ready()));
  }

  private Reply ready(String key, Object value) throws Refusal {
    ready();
    return Reply.json(Map.of(key, value));
  }

  private ServedModel ready() throws Refusal {
    ServedModel loaded = model.get();
    if (loaded == null) {
      throw notReady();
    }
    return loaded;
  }

  static Refusal notReady() {
    return Refusal.later("the server is starting or stopping");
  }
}
