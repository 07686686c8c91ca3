package io.github.tornadovit.cli.serve;

import static io.github.tornadovit.cli.serve.Http.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server's description of itself, and whether answers are as it says. */
record OpenApi(JsonNode document) {
  static OpenApi of(Http http) throws Exception {
    return new OpenApi(JsonMapper.shared().readTree(http.get("/openapi.json").body()));
  }

  /** {@code POST /classify} and what is said of it. */
  Map<String, JsonNode> operations() {
    Map<String, JsonNode> operations = new HashMap<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        operations.put(
            method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), method.getValue());
      }
    }
    return operations;
  }

  /** Fails where an answer has a status, a type or a body that is not described. */
  void check(String operation, HttpResponse<byte[]> response) {
    JsonNode described =
        Objects.requireNonNull(operations().get(operation), operation)
            .get("responses")
            .get(Integer.toString(response.statusCode()));
    assertThat(described)
        .as("%s answers %d: %s", operation, response.statusCode(), text(response))
        .isNotNull();
    JsonNode contents = resolved(described).get("content");
    String type =
        response.headers().firstValue("Content-Type").orElseThrow().replaceFirst(";.*", "");
    assertThat(contents.propertyNames()).as(operation).contains(type);
    if (type.equals("application/json")) {
      JsonNode body = JsonMapper.shared().readTree(response.body());
      assertThat(problems(body, contents.get(type).get("schema"), operation)).isEmpty();
    }
  }

  /** Of a value that a schema of that name describes. */
  List<String> problems(JsonNode value, String schema) {
    return problems(value, document.at("/components/schemas/" + schema), schema);
  }

  private JsonNode resolved(JsonNode node) {
    JsonNode reference = node.get("$ref");
    return reference == null ? node : document.at(reference.asString().substring(1));
  }

  /** The part of JSON Schema that the description uses. */
  private List<String> problems(JsonNode value, JsonNode unresolved, String at) {
    JsonNode schema = resolved(unresolved);
    List<String> problems = new ArrayList<>();
    if (schema.has("anyOf")) {
      List<String> all = new ArrayList<>();
      for (JsonNode choice : schema.get("anyOf")) {
        List<String> one = problems(value, choice, at);
        if (one.isEmpty()) {
          return List.of();
        }
        all.addAll(one);
      }
      return all;
    }
    JsonNode type = schema.get("type");
    if (type != null && !isOf(value, type)) {
      problems.add("%s is %s, expected %s".formatted(at, value, type));
    }
    if (schema.has("enum") && !contains(schema.get("enum"), value)) {
      problems.add("%s is %s, expected one of %s".formatted(at, value, schema.get("enum")));
    }
    if (value.isArray() && schema.has("items")) {
      for (int i = 0; i < value.size(); i++) {
        problems.addAll(problems(value.get(i), schema.get("items"), at + "[" + i + "]"));
      }
    }
    if (value.isObject()) {
      problems.addAll(fields(value, schema, at));
    }
    return problems;
  }

  private List<String> fields(JsonNode value, JsonNode schema, String at) {
    List<String> problems = new ArrayList<>();
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.asString())) {
        problems.add(at + " lacks " + name);
      }
    }
    JsonNode known = schema.path("properties");
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      @Nullable JsonNode described = known.get(field.getKey());
      if (described != null) {
        problems.addAll(problems(field.getValue(), described, at + "." + field.getKey()));
      } else if (schema.has("additionalProperties")) {
        problems.add(at + " has " + field.getKey());
      }
    }
    return problems;
  }

  private static boolean isOf(JsonNode value, JsonNode type) {
    if (type.isArray()) {
      for (JsonNode one : type) {
        if (isOf(value, one)) {
          return true;
        }
      }
      return false;
    }
    return switch (type.asString()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> throw new AssertionError("a schema has type " + type);
    };
  }

  private static boolean contains(JsonNode list, JsonNode value) {
    for (JsonNode one : list) {
      if (one.equals(value)) {
        return true;
      }
    }
    return false;
  }
}
