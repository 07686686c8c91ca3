package io.github.tornadovit.cli.serve;

import static io.github.tornadovit.cli.serve.Http.WITHOUT_MASK;
import static io.github.tornadovit.cli.serve.Http.WITH_MASK;
import static io.github.tornadovit.cli.serve.Http.answer;
import static io.github.tornadovit.cli.serve.Http.assertError;
import static io.github.tornadovit.cli.serve.Http.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.Pooling;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Open Inference Protocol v2 with the demo model: requests and answers are as its published
 * schema has them, and as {@code /openapi.json} repeats it for what is served.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenInferenceTest {
  private static final String INFER = "/v2/models/demo/infer";
  private static final JsonMapper JSON = JsonMapper.shared();

  private DemoServer demo;
  private OpenApi api;
  private OpenApi published;

  @BeforeAll
  void open() throws Exception {
    demo = new DemoServer(null);
    api = OpenApi.of(demo.http);
    try (InputStream schema =
        OpenInferenceTest.class.getResourceAsStream("open_inference_rest.json")) {
      published = new OpenApi(JSON.readTree(schema));
    }
  }

  @AfterAll
  void close() {
    demo.close();
  }

  private static String base64(Path image) {
    return Base64.getEncoder().encodeToString(bytes(image));
  }

  private JsonNode infer(Map<String, Object> request) throws Exception {
    JsonNode sent = JSON.valueToTree(request);
    assertThat(published.problems(sent, "inference_request")).isEmpty();
    assertThat(api.problems(sent, "InferRequest")).isEmpty();
    JsonNode received = answer(demo.http.post(INFER, JSON.writeValueAsBytes(sent)));
    assertThat(published.problems(received, "inference_response")).isEmpty();
    assertThat(api.problems(received, "InferResponse")).isEmpty();
    assertThat(received.get("model_name").asString()).isEqualTo("demo");
    return received;
  }

  private static Map<String, Object> input(
      String name, String type, List<Integer> shape, Object data) {
    return Map.of("name", name, "datatype", type, "shape", shape, "data", data);
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).floatValue();
    }
    return values;
  }

  @Test
  void healthAndMetadata() throws Exception {
    assertThat(answer(demo.http.get("/v2/health/live")).toString()).isEqualTo("{\"live\":true}");
    assertThat(answer(demo.http.get("/v2/health/ready")).toString()).isEqualTo("{\"ready\":true}");
    JsonNode server = answer(demo.http.get("/v2/"));
    assertThat(published.problems(server, "metadata_server_response")).isEmpty();
    assertThat(server.get("version").asString()).isEqualTo("1.2.3");
    for (String version : List.of("", "/versions/1")) {
      JsonNode model = answer(demo.http.get("/v2/models/demo" + version));
      assertThat(published.problems(model, "metadata_model_response")).isEmpty();
      assertThat(model.get("inputs").toString())
          .isEqualTo(
              "[{\"name\":\"image\",\"datatype\":\"BYTES\",\"shape\":[-1]},"
                  + "{\"name\":\"pixel_values\",\"datatype\":\"FP32\",\"shape\":[-1,3,64,64]}]"
                      .replace(
                          "64,64",
                          demo.model.config().imageSize().height()
                              + ","
                              + demo.model.config().imageSize().width()));
      assertThat(model.get("outputs").get(0).toString())
          .isEqualTo("{\"name\":\"logits\",\"datatype\":\"FP32\",\"shape\":[-1,2]}");
      assertThat(
              answer(demo.http.get("/v2/models/demo" + version + "/ready"))
                  .get("ready")
                  .asBoolean())
          .isTrue();
    }
    assertError(demo.http.get("/v2/models/other"), 404, "expected 'demo'");
    assertError(demo.http.get("/v2/models/demo/versions/2/ready"), 404, "no version '2'");
  }

  @Test
  void imagesInBase64() throws Exception {
    JsonNode answer =
        infer(
            Map.of(
                "id",
                "42",
                "inputs",
                List.of(
                    input(
                        "image",
                        "BYTES",
                        List.of(2),
                        List.of(base64(WITH_MASK), base64(WITHOUT_MASK))))));
    assertThat(answer.get("id").asString()).isEqualTo("42");
    JsonNode logits = answer.get("outputs").get(0);
    assertThat(logits.get("name").asString()).isEqualTo("logits");
    assertThat(logits.get("shape").toString()).isEqualTo("[2,2]");
    Classification first = demo.model.classify(WITH_MASK);
    assertThat(Arrays.copyOf(floats(logits.get("data")), 2)).isEqualTo(first.logits());
    assertThat(answer.get("outputs").get(1).get("data").get(0).floatValue())
        .isEqualTo(first.top().score());
    assertThat(answer.get("outputs").get(2).get("data").toString())
        .isEqualTo("[\"with_mask\",\"without_mask\"]");
  }

  @Test
  void pixelValues() throws Exception {
    Pixels pixels = demo.model.imageProcessor().pixels(WITH_MASK);
    List<Integer> shape = List.of(1, pixels.channels(), pixels.height(), pixels.width());
    JsonNode answer =
        infer(
            Map.of(
                "inputs",
                List.of(input("pixel_values", "FP32", shape, List.of(pixels.toArray()))),
                "outputs",
                List.of(
                    Map.of("name", "scores", "parameters", Map.of("classification", 1)),
                    Map.of("name", "cls"))));
    Classification expected = demo.model.classify(pixels).getFirst();
    assertThat(answer.get("outputs").get(0).get("data").toString())
        .isEqualTo("[\"%s:0:with_mask\"]".formatted(expected.top().score()));
    assertThat(answer.get("outputs").get(0).get("shape").toString()).isEqualTo("[1,1]");
    assertThat(floats(answer.get("outputs").get(1).get("data")))
        .isEqualTo(demo.model.embed(WITH_MASK, Pooling.CLS));
  }

  /** The check itself finds what the published schema does not have. */
  @Test
  void whatIsNotPublishedWouldBeFound() {
    for (String wrong :
        List.of(
            "{\"model_name\": \"demo\"}",
            "{\"model_name\": 1, \"outputs\": []}",
            "{\"model_name\": \"demo\", \"outputs\": [{\"name\": \"a\", \"datatype\": \"FP32\", \"shape\": [1]}]}",
            "{\"model_name\": \"demo\", \"outputs\": [{\"name\": \"a\", \"datatype\": \"FP32\", \"shape\": [0.5], \"data\": []}]}")) {
      assertThat(published.problems(JSON.readTree(wrong), "inference_response"))
          .as(wrong)
          .hasSize(1);
    }
  }

  /** As Triton's client sends by default: the JSON, then the tensors. */
  @Test
  void binaryTensors() throws Exception {
    byte[] image = bytes(WITH_MASK);
    byte[] json =
        """
        {"inputs":[{"name":"image","shape":[1,1],"datatype":"BYTES","parameters":{"binary_data_size":%d}}],\
        "outputs":[{"name":"logits","parameters":{"binary_data":false}},{"name":"label"},{"name":"cls"}],\
        "parameters":{"binary_data_output":true}}"""
            .formatted(image.length + 4)
            .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(json);
    body.writeBytes(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(image.length).array());
    body.writeBytes(image);
    HttpResponse<byte[]> response =
        demo.http.post(
            INFER,
            body.toByteArray(),
            "Inference-Header-Content-Length",
            Integer.toString(json.length));
    assertThat(response.statusCode()).as(Http.text(response)).isEqualTo(200);
    int length =
        Integer.parseInt(
            response.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
    JsonNode outputs = JSON.readTree(response.body(), 0, length).get("outputs");
    assertThat(outputs.get(0).get("data").size()).isEqualTo(2);
    assertThat(outputs.get(1).has("data")).isFalse();
    ByteBuffer tail =
        ByteBuffer.wrap(response.body(), length, response.body().length - length)
            .order(ByteOrder.LITTLE_ENDIAN);
    byte[] label = new byte[tail.getInt()];
    tail.get(label);
    assertThat(new String(label, StandardCharsets.UTF_8)).isEqualTo("with_mask");
    float[] features = new float[tail.remaining() / 4];
    tail.asFloatBuffer().get(features);
    assertThat(features).isEqualTo(demo.model.embed(WITH_MASK, Pooling.CLS));
    assertThat(outputs.get(2).at("/parameters/binary_data_size").asInt())
        .isEqualTo(4 * features.length);
  }

  @Test
  void whatIsWrongIsSaid() throws Exception {
    String image =
        "{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"AAAA\"]}";
    for (String[] wrong :
        new String[][] {
          {"{}", "has no inputs"},
          {"[]", "the body is an array, expected an object"},
          {"{\"inputs\": [%s]}".formatted(image), "image[0]: "},
          {"{\"inputs\": [%s, %s]}".formatted(image, image), "2 inputs are given"},
          {
            "{\"inputs\": [%s], \"outputs\": [{\"name\": \"x\"}]}".formatted(image), "no output 'x'"
          },
          {
            "{\"inputs\": [%s]}".formatted(image.replace("[1]", "[2]")),
            "1 values of its type, expected 2"
          },
          {"{\"inputs\": [%s]}".formatted(image.replace("[1]", "[]")), "expected [N] or [N, 1]"},
          {"{\"inputs\": [%s]}".formatted(image.replace("[1]", "[0]")), "N of 1 or more"},
          {"{\"inputs\": [%s]}".formatted(image.replace("BYTES", "UINT8")), "expected BYTES"},
          {
            "{\"inputs\": [%s]}".formatted(image.replace("\"image\"", "\"input0\"")),
            "no input 'input0'"
          },
          {"{\"inputs\": [%s]}".formatted(image.replace("\"AAAA\"", "1")), "0 values of its type"},
          {"{\"inputs\": [%s]}".formatted(image.replace("\"AAAA\"", "null")), "data is null"},
          {
            "{\"inputs\": [{\"name\": \"pixel_values\", \"datatype\": \"FP32\", \"shape\": [1, 3, 2, 2], \"data\": [1]}]}",
            "shape of pixel_values is [1, 3, 2, 2]"
          },
          {
            "{\"inputs\": [{\"name\": \"image\", \"parameters\": {\"binary_data_size\": 9}}]}",
            "0 bytes are left"
          },
          {"{\"inputs\": [{\"name\": \"image\"}]}", "needs either data or binary_data_size"},
          {
            "{\"inputs\": [%s], \"outputs\": [{\"name\": \"cls\", \"parameters\": {\"classification\": 1}}]}"
                .formatted(image),
            "classification is of"
          },
        }) {
      HttpResponse<byte[]> refused =
          demo.http.post(INFER, wrong[0].getBytes(StandardCharsets.UTF_8));
      assertError(refused, 400, wrong[1]);
      assertThat(published.problems(Http.json(refused), "inference_error_response")).isEmpty();
    }
    byte[] body = ("{\"inputs\": [" + image + "]}").getBytes(StandardCharsets.UTF_8);
    assertError(
        demo.http.post(INFER, body, "Inference-Header-Content-Length", "99999"),
        400,
        "of the body");
  }

  @Test
  void aValueThatIsNotFiniteIsRefused() throws Exception {
    Pixels pixels = demo.model.imageProcessor().pixels(WITH_MASK);
    float[] values = pixels.toArray();
    values[7] = Float.NaN;
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    byte[] json =
        """
        {"inputs":[{"name":"pixel_values","shape":[1,3,%d,%d],"datatype":"FP32","parameters":{"binary_data_size":%d}}]}"""
            .formatted(pixels.height(), pixels.width(), bytes.capacity())
            .getBytes(StandardCharsets.UTF_8);
    byte[] body = Arrays.copyOf(json, json.length + bytes.capacity());
    bytes.get(body, json.length, bytes.capacity());
    assertError(
        demo.http.post(
            INFER, body, "Inference-Header-Content-Length", Integer.toString(json.length)),
        400,
        "pixel_values[0] has a value NaN");
  }

  /** Larger ones overflow in a model, whose answer would be no number, and no fault of a caller. */
  @Test
  void pixelsAreOfASizeThatAModelCanTake() throws Exception {
    Pixels pixels = demo.model.imageProcessor().pixels(WITH_MASK);
    List<Integer> shape = List.of(1, pixels.channels(), pixels.height(), pixels.width());
    float[] values = pixels.toArray();
    Arrays.fill(values, 0, 100, 1e6f);
    Map<String, Object> most = input("pixel_values", "FP32", shape, List.of(values.clone()));
    JsonNode logits = infer(Map.of("inputs", List.of(most))).get("outputs").get(0).get("data");
    assertThat(floats(logits)).doesNotContain(Float.NaN);
    String request = JSON.writeValueAsString(Map.of("inputs", List.of(most)));
    for (String large : List.of("1000001.0", "-3.4E38", "1e400", "1" + "0".repeat(40))) {
      byte[] body = request.replaceFirst("1000000.0", large).getBytes(StandardCharsets.UTF_8);
      assertError(demo.http.post(INFER, body), 400, "expected -1e6 to 1e6");
    }
  }
}
