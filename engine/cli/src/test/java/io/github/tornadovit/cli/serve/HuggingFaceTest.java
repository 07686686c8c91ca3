package io.github.tornadovit.cli.serve;

import static io.github.tornadovit.cli.serve.Http.WITHOUT_MASK;
import static io.github.tornadovit.cli.serve.Http.WITH_MASK;
import static io.github.tornadovit.cli.serve.Http.answer;
import static io.github.tornadovit.cli.serve.Http.assertError;
import static io.github.tornadovit.cli.serve.Http.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Pooling;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Hugging Face's inference protocol: the bytes that {@code huggingface_hub} 1.33 puts on the wire,
 * and that client itself where Python has it ({@code TORNADO_VIT_PYTHON} names one).
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HuggingFaceTest {
  private static final String JSON = "application/json";
  private static final String KEY = "0123456789abcdef";

  @TempDir private Path folder;

  private DemoServer demo;

  @BeforeAll
  void open() throws Exception {
    demo = new DemoServer(ApiKey.of(KEY, "the test"));
  }

  @AfterAll
  void close() {
    demo.close();
  }

  private JsonNode post(String path, String body) throws Exception {
    return answer(send(path, body.getBytes(StandardCharsets.UTF_8), JSON));
  }

  private HttpResponse<byte[]> send(String path, byte[] body, String type) throws Exception {
    return demo.http.post(path, body, "Content-Type", type, "Authorization", "Bearer " + KEY);
  }

  private static String base64(Path image) {
    return Base64.getEncoder().encodeToString(bytes(image));
  }

  @Test
  void imageClassificationSendsAnImageAsItIs() throws Exception {
    Classification expected = demo.model.classify(WITH_MASK);
    for (String path : List.of("/", "/pipeline/image-classification")) {
      JsonNode found = answer(send(path, bytes(WITH_MASK), "image/jpeg"));
      assertThat(found.size()).isEqualTo(2);
      assertThat(found.get(0).propertyNames()).containsExactly("label", "score");
      assertThat(found.get(0).get("label").asString()).isEqualTo("with_mask");
      assertThat(found.get(0).get("score").floatValue()).isEqualTo(expected.top().score());
    }
  }

  @Test
  void orJsonWithParameters() throws Exception {
    Classification expected = demo.model.classify(WITH_MASK);
    String image = base64(WITH_MASK);
    JsonNode one =
        post("/", "{\"inputs\": \"%s\", \"parameters\": {\"top_k\": 1}}".formatted(image));
    assertThat(one.size()).isEqualTo(1);
    JsonNode logits =
        post(
            "/",
            "{\"inputs\": \"%s\", \"parameters\": {\"function_to_apply\": \"none\"}}"
                .formatted(image));
    assertThat(logits.get(0).get("score").floatValue()).isEqualTo(expected.logits()[0]);
    JsonNode sigmoid =
        post(
            "/",
            "{\"parameters\": {\"function_to_apply\": \"sigmoid\"}, \"inputs\": \"%s\"}"
                .formatted(image));
    assertThat(sigmoid.get(0).get("score").doubleValue())
        .isCloseTo(1 / (1 + Math.exp(-expected.logits()[0])), within(1e-6));
    JsonNode list =
        post(
            "/pipeline/image-classification",
            "{\"inputs\": [\"%s\", \"%s\"]}".formatted(image, base64(WITHOUT_MASK)));
    assertThat(list.get(1).get(0).get("label").asString()).isEqualTo("without_mask");
  }

  @Test
  void featureExtractionSendsJsonWithoutParameters() throws Exception {
    float[] expected = demo.model.embed(WITH_MASK, Pooling.CLS);
    String image = base64(WITH_MASK);
    JsonNode found = post("/", "{\"inputs\": \"%s\"}".formatted(image));
    assertThat(found.size()).isEqualTo(1);
    assertThat(found.get(0).size()).isEqualTo(expected.length);
    assertThat(found.get(0).get(3).floatValue()).isEqualTo(expected[3]);
    JsonNode list =
        post(
            "/pipeline/feature-extraction?pooling=tokens",
            "{\"inputs\": [\"%s\", \"%s\"], \"normalize\": true}".formatted(image, image));
    assertThat(list.size()).isEqualTo(2);
    assertThat(list.get(1).size()).isEqualTo(demo.model.config().tokens());
    double sum = 0;
    for (JsonNode value : list.get(1).get(5)) {
      sum += value.doubleValue() * value.doubleValue();
    }
    assertThat(sum).isCloseTo(1, within(1e-5));
  }

  @Test
  void whatIsWrongIsSaid() throws Exception {
    for (String[] wrong :
        new String[][] {
          {"/", "{}", "has no inputs"},
          {"/", "{\"inputs\": []}", "has no inputs"},
          {"/", "{\"inputs\": 5}", "inputs is a number, expected an image file in base64"},
          {"/", "{\"inputs\": \"Hi, who are you?\"}", "inputs is no base64"},
          {"/", "{\"inputs\": \"AAAA\"}", "inputs: "},
          {"/", "{\"inputs\": \"AAAA\", \"truncate\": true}", "key 'truncate' that is not known"},
          {"/", "{\"inputs\": \"AAAA\", \"inputs\": \"AAAA\"}", "a key is given twice"},
          {"/", "{\"inputs\": \"AA", "it ends early, at byte "},
          {"/", "{\"inputs\": \"AAAA\"} 1", "goes on behind"},
          {"/", "{\"inputs\": \"AAAA\", \"parameters\": {\"top_k\": 0}}", "top_k is 0"},
          {"/", "{\"inputs\": " + "[".repeat(100), "inputs is an array"},
          {
            "/pipeline/image-classification", "{\"inputs\": \"AAAA\", \"normalize\": true}", "for f"
          },
        }) {
      assertError(send(wrong[0], wrong[1].getBytes(StandardCharsets.UTF_8), JSON), 400, wrong[2]);
    }
    assertError(send("/pipeline/fill-mask", bytes(WITH_MASK), "image/jpeg"), 404, "fill-mask");
  }

  /** The interpreter that has the client, and numpy, which it needs for features. */
  private Path python() throws Exception {
    String named = System.getenv("TORNADO_VIT_PYTHON");
    List<Path> all =
        named == null
            ? Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(place -> Path.of(place, "python3"))
                .toList()
            : List.of(Path.of(named));
    for (Path python : all) {
      if (Files.isExecutable(python)
          && run(python, "import huggingface_hub, numpy; huggingface_hub.InferenceClient") == 0) {
        return python;
      }
    }
    assumeTrue(false, "no python3 with huggingface_hub and numpy; TORNADO_VIT_PYTHON names one");
    throw new AssertionError();
  }

  private int run(Path python, String script) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(python.toString(), "-c", script)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("python.txt").toFile());
    builder.environment().put("HF_HUB_DISABLE_TELEMETRY", "1");
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void theRealClientIsAnswered() throws Exception {
    Path python = python();
    int exitCode =
        run(
            python,
            """
            import base64, json
            from huggingface_hub import InferenceClient
            client = InferenceClient("http://127.0.0.1:%d", token="%s")
            image = "%s"
            found = client.image_classification(image)
            best = client.image_classification(image, top_k=1)
            features = client.feature_extraction(base64.b64encode(open(image, "rb").read()).decode())
            print(json.dumps({"labels": [f.label for f in found], "score": found[0].score,
                "best": [f.label for f in best], "shape": features.shape, "first": float(features[0][0])}))
            """
                .formatted(demo.server.port(), KEY, WITH_MASK.toAbsolutePath()));
    String printed = Files.readString(folder.resolve("python.txt"));
    assertThat(exitCode).as(printed).isZero();
    JsonNode answers = JsonMapper.shared().readTree(printed.lines().toList().getLast());
    assertThat(answers.get("labels").toString()).isEqualTo("[\"with_mask\",\"without_mask\"]");
    assertThat(answers.get("score").floatValue())
        .isEqualTo(demo.model.classify(WITH_MASK).top().score());
    assertThat(answers.get("best").toString()).isEqualTo("[\"with_mask\"]");
    float[] expected = demo.model.embed(WITH_MASK, Pooling.CLS);
    assertThat(answers.get("shape").toString()).isEqualTo("[1," + expected.length + "]");
    assertThat(answers.get("first").floatValue()).isEqualTo(expected[0]);
  }
}
