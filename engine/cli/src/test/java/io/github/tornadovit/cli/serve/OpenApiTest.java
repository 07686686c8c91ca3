package io.github.tornadovit.cli.serve;

import static io.github.tornadovit.cli.serve.Http.WITH_MASK;
import static io.github.tornadovit.cli.serve.Http.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.cli.serve.Route.Access;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code /openapi.json} against the server: every route, option and status, and real answers. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
  private static final String KEY = "0123456789abcdef";

  private DemoServer demo;
  private OpenApi api;

  @BeforeAll
  void open() throws Exception {
    demo = new DemoServer(ApiKey.of(KEY, "the test"));
    api = OpenApi.of(demo.http);
  }

  @AfterAll
  void close() {
    demo.close();
  }

  private static String name(Route route) {
    return route.method() + " " + route.path();
  }

  private static Set<String> inPath(Route route) {
    Set<String> names = new TreeSet<>();
    for (String segment : Route.segments(route.path())) {
      if (segment.startsWith("{")) {
        names.add(segment.substring(1, segment.length() - 1));
      }
    }
    return names;
  }

  private static Set<String> parameters(JsonNode operation, String where) {
    Set<String> names = new TreeSet<>();
    for (JsonNode parameter : operation.path("parameters")) {
      if (parameter.get("in").asString().equals(where)) {
        names.add(parameter.get("name").asString());
      }
    }
    return names;
  }

  @Test
  void describesEveryRouteAsItIs() {
    List<Route> routes = demo.server.routes();
    assertThat(api.operations().keySet())
        .containsExactlyInAnyOrderElementsOf(routes.stream().map(OpenApiTest::name).toList());
    Set<String> ids = new HashSet<>();
    for (Route route : routes) {
      JsonNode operation = Objects.requireNonNull(api.operations().get(name(route)));
      assertThat(ids.add(operation.get("operationId").asString())).as(name(route)).isTrue();
      assertThat(parameters(operation, "query")).as(name(route)).isEqualTo(route.options());
      assertThat(parameters(operation, "path")).as(name(route)).isEqualTo(inPath(route));
      assertThat(operation.has("requestBody")).isEqualTo(route.access() == Access.WORK);
      assertThat(operation.has("security")).isEqualTo(route.access() == Access.OPEN);
      Set<String> statuses = new TreeSet<>(operation.get("responses").propertyNames());
      assertThat(statuses).contains("200", "400", "403", "421", "500");
      assertThat(statuses.contains("401")).isEqualTo(route.access() != Access.OPEN);
      for (String ofBodies : List.of("408", "413", "415")) {
        assertThat(statuses.contains(ofBodies)).isEqualTo(route.access() == Access.WORK);
      }
    }
    assertThat(api.document().at("/info/version").asString()).isEqualTo("0.1.0");
  }

  /** A request of each kind, to every route, with the key and without. */
  @Test
  void answersAreAsDescribed() throws Exception {
    String image = Base64.getEncoder().encodeToString(bytes(WITH_MASK));
    List<byte[]> bodies = new ArrayList<>();
    bodies.add(bytes(WITH_MASK));
    bodies.add(new byte[0]);
    for (String json :
        List.of(
            "{\"inputs\": \"%s\"}".formatted(image),
            "{\"inputs\": [\"%s\"], \"parameters\": {\"top_k\": 1}}".formatted(image),
            """
            {"id": "a", "inputs": [{"name": "image", "shape": [1], "datatype": "BYTES", "data": ["%s"]}],
             "outputs": [{"name": "cls"}, {"name": "scores", "parameters": {"classification": 2}}]}
            """
                .formatted(image))) {
      bodies.add(json.getBytes(StandardCharsets.UTF_8));
    }
    Set<String> seen = new TreeSet<>();
    for (Route route : demo.server.routes()) {
      String path =
          route
              .path()
              .replace("{name}", "demo")
              .replace("{version}", "1")
              .replace("{task}", "image-classification");
      for (String authorization : List.of("Bearer " + KEY, "none")) {
        for (byte[] body : route.method().equals("POST") ? bodies : List.of(new byte[0])) {
          HttpResponse<byte[]> response =
              demo.http.send(
                  demo.http
                      .request(path)
                      .header("Authorization", authorization)
                      .method(route.method(), BodyPublishers.ofByteArray(body)));
          api.check(name(route), response);
          seen.add(response.statusCode() + " " + route.access());
        }
      }
      api.check(
          name(route),
          demo.http.send(
              demo.http
                  .request(path)
                  .header("Origin", "null")
                  .method(route.method(), BodyPublishers.noBody())));
    }
    assertThat(seen)
        .containsExactly("200 KEY", "200 OPEN", "200 WORK", "400 WORK", "401 KEY", "401 WORK");
    for (String path : List.of("/attention?format=json", "/embed?pooling=tokens")) {
      HttpResponse<byte[]> response =
          demo.http.post(path, bytes(WITH_MASK), "Authorization", "Bearer " + KEY);
      api.check("POST " + path.replaceFirst("\\?.*", ""), response);
    }
  }

  @Test
  void otherMethodsAndPathsAreRefusedAsDescribed() throws Exception {
    assertThat(api.document().at("/info/description").asString()).contains("404", "405", "Allow");
    for (Route route : demo.server.routes()) {
      HttpResponse<byte[]> response =
          demo.http.send(demo.http.request(route.path().replaceAll("[{}]", "")).DELETE());
      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(response.headers().firstValue("Allow").orElseThrow().split(", ", -1))
          .contains(route.method())
          .allMatch(List.of("GET", "HEAD", "POST")::contains);
      assertThat(api.problems(Http.json(response), "Error")).isEmpty();
    }
    HttpResponse<byte[]> nowhere = demo.http.get("/nowhere");
    assertThat(nowhere.statusCode()).isEqualTo(404);
    assertThat(api.problems(Http.json(nowhere), "Error")).isEmpty();
  }

  /** The check itself finds what is wrong. */
  @Test
  void aWrongAnswerWouldBeFound() {
    for (String wrong :
        List.of(
            "{}",
            "{\"predictions\": {}}",
            "{\"predictions\": [{\"id\": 0, \"label\": \"a\"}]}",
            "{\"predictions\": [{\"id\": 0.5, \"label\": \"a\", \"score\": 1}]}",
            "{\"predictions\": [], \"more\": 1}")) {
      assertThat(api.problems(JsonMapper.shared().readTree(wrong), "Classification"))
          .as(wrong)
          .hasSize(1);
    }
  }
}
