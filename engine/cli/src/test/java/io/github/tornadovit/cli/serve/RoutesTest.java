package io.github.tornadovit.cli.serve;

import static io.github.tornadovit.cli.serve.Http.WITHOUT_MASK;
import static io.github.tornadovit.cli.serve.Http.WITH_MASK;
import static io.github.tornadovit.cli.serve.Http.answer;
import static io.github.tornadovit.cli.serve.Http.assertError;
import static io.github.tornadovit.cli.serve.Http.bytes;
import static io.github.tornadovit.cli.serve.Http.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.engine.AttentionToken;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.PatchMap;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.image.HeatMap;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What the demo model answers over HTTP is what it answers in Java. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoutesTest {
  private static final byte[] NO_IMAGE = "<html>".getBytes(StandardCharsets.UTF_8);

  private DemoServer demo;
  private Http http;

  @BeforeAll
  void open() throws Exception {
    demo = new DemoServer(null);
    http = demo.http;
  }

  @AfterAll
  void close() {
    demo.close();
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).floatValue();
    }
    return values;
  }

  @Test
  void oneImageIsClassified() throws Exception {
    JsonNode predictions = answer(http.post("/classify", bytes(WITH_MASK))).get("predictions");
    assertThat(predictions.size()).isEqualTo(2);
    assertThat(predictions.get(0).propertyNames()).containsExactly("id", "label", "score");
    assertThat(predictions.get(0).get("label").asString()).isEqualTo("with_mask");
    assertThat(predictions.get(0).get("score").floatValue())
        .isEqualTo(demo.model.classify(WITH_MASK).top().score());
    JsonNode one = answer(http.post("/classify?top_k=1", bytes(WITH_MASK)));
    assertThat(one.get("predictions").size()).isEqualTo(1);
  }

  @Test
  void imagesOfAFormAreAnsweredInOrderAndABadOneCostsItself() throws Exception {
    JsonNode entries =
        answer(
            http.form(
                "/classify?top_k=1",
                "a.jpg",
                bytes(WITH_MASK),
                "bad \\\"<b>.jpg",
                NO_IMAGE,
                "empty.jpg",
                new byte[0],
                "b.jpg",
                bytes(WITHOUT_MASK)));
    assertThat(entries.size()).isEqualTo(4);
    assertThat(entries.get(0).get("image").asString()).isEqualTo("a.jpg");
    assertThat(entries.get(0).get("predictions").get(0).get("label").asString())
        .isEqualTo("with_mask");
    assertThat(entries.get(1).get("image").asString()).isEqualTo("bad \"<b>.jpg");
    assertThat(entries.get(1).get("error").asString()).startsWith("bad \"<b>.jpg: ");
    assertThat(entries.get(2).get("error").asString()).contains("empty");
    assertThat(entries.get(3).get("predictions").get(0).get("label").asString())
        .isEqualTo("without_mask");
  }

  @Test
  void aFilesNameMayBePercentEncoded() throws Exception {
    String type = "multipart/form-data; boundary=b";
    String form =
        """
        --b
        Content-Disposition: form-data; name="a"; filename="x"; %s

        <html>
        --b--
        """
            .replace("\n", "\r\n");
    String named = form.formatted("filename*=UTF-8''na%C3%AFve+%E2%82%AC.jpg");
    assertThat(
            answer(
                    http.post(
                        "/classify", named.getBytes(StandardCharsets.UTF_8), "Content-Type", type))
                .get(0)
                .get("image")
                .asString())
        .isEqualTo("naïve+€.jpg");
    for (String wrong : List.of("filename*=a.jpg", "filename*=UTF-8''%zz", "filename*=KOI8''a")) {
      byte[] body = form.formatted(wrong).getBytes(StandardCharsets.UTF_8);
      assertError(http.post("/classify", body, "Content-Type", type), 400, "expected UTF-8''name");
    }
  }

  @Test
  void aFieldThatIsNoFileIsNamedIfItHasAName() throws Exception {
    for (String field : List.of("form-data; name=\"top_k\"", "form-data")) {
      String form = "--b\r\nContent-Disposition: " + field + "\r\n\r\n3\r\n--b--\r\n";
      assertError(
          http.post(
              "/classify",
              form.getBytes(StandardCharsets.UTF_8),
              "Content-Type",
              "multipart/form-data; boundary=b"),
          400,
          field.contains("top_k")
              ? "a field, 'top_k', of the form is no file"
              : "a field of the form");
    }
  }

  @Test
  void featuresAreThoseOfTheModel() throws Exception {
    float[] expected = demo.model.embed(WITH_MASK, Pooling.CLS);
    assertThat(floats(answer(http.post("/embed", bytes(WITH_MASK))).get("embedding")))
        .isEqualTo(expected);
    JsonNode normed = answer(http.post("/embed?pooling=mean&normalize=true", bytes(WITH_MASK)));
    assertThat(floats(normed.get("embedding")))
        .isEqualTo(
            demo.model
                .embed(
                    demo.model.imageProcessor().pixels(WITH_MASK),
                    Feature.of(Pooling.MEAN).withNormalization(true))
                .getFirst());
    JsonNode tokens = answer(http.post("/embed?pooling=tokens", bytes(WITH_MASK))).get("embedding");
    assertThat(tokens.size()).isEqualTo(demo.model.config().tokens());
    assertThat(floats(tokens.get(0))).isEqualTo(expected);
    JsonNode entries = answer(http.form("/embed", "a", bytes(WITH_MASK), "b", NO_IMAGE));
    assertThat(floats(entries.get(0).get("embedding"))).isEqualTo(expected);
    assertThat(entries.get(1).has("error")).isTrue();
  }

  @Test
  void attentionIsAPictureOrNumbers() throws Exception {
    Pixels pixels = demo.model.imageProcessor().pixels(WITH_MASK);
    PatchMap map = demo.model.attention().layers(pixels, 1).getFirst().mean(AttentionToken.CLS);
    JsonNode json = answer(http.post("/attention?layer=1&format=json", bytes(WITH_MASK)));
    assertThat(json.get("layer").intValue()).isEqualTo(1);
    assertThat(json.get("token").asString()).isEqualTo("cls");
    assertThat(json.get("attention").size()).isEqualTo(map.rows());
    assertThat(floats(json.get("attention").get(0)))
        .isEqualTo(Arrays.copyOf(map.toArray(), map.columns()));

    HttpResponse<byte[]> picture = http.post("/attention?layer=1", bytes(WITH_MASK));
    assertThat(picture.headers().firstValue("Content-Type")).hasValue("image/png");
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    var view = demo.model.imageProcessor().view(demo.model.imageProcessor().read(WITH_MASK));
    HeatMap.writePng(map.over(view), png);
    assertThat(picture.body()).isEqualTo(png.toByteArray());

    JsonNode rollout =
        answer(http.form("/attention?rollout=true&format=json", "a", bytes(WITH_MASK)));
    assertThat(rollout.has("layer")).isFalse();
    assertThat(floats(rollout.get("attention").get(0)))
        .isEqualTo(
            Arrays.copyOf(
                demo.model.attention().rollout(pixels, AttentionToken.CLS).toArray(),
                map.columns()));
    assertThat(answer(http.post("/attention?head=0&format=json", bytes(WITH_MASK))).has("head"))
        .isTrue();
  }

  @Test
  void whatIsWrongWithARequestIsSaid() throws Exception {
    byte[] image = bytes(WITH_MASK);
    assertError(http.post("/classify?top_k=0", image), 400, "top_k is '0', expected 1 to");
    assertError(http.post("/classify?topk=1", image), 400, "'topk' is not known here");
    assertError(http.post("/classify?top_k=1&top_k=2", image), 400, "once");
    assertError(http.post("/classify", new byte[0]), 400, "is empty");
    assertError(http.post("/classify", NO_IMAGE), 400, "HTML");
    assertError(http.post("/embed?pooling=pooler2", image), 400, "expected cls, mean");
    assertError(http.post("/embed?normalize=yes", image), 400, "true or false");
    assertError(http.post("/attention?layer=99", image), 400, "layer is '99'");
    assertError(http.post("/attention?token=distillation", image), 400, "expected cls, patches");
    assertError(http.post("/attention?rollout=true&layer=1", image), 400, "no layer");
    assertError(http.post("/attention?format=gif", image), 400, "expected png, json");
    assertError(http.form("/attention", "a", image, "b", image), 400, "2 images, expected 1");
    for (String path : List.of("/", "/classify", "/ready")) {
      // A path that is there with a method that is not.
      HttpResponse<byte[]> wrong = http.send(http.request(path).DELETE());
      assertThat(wrong.statusCode()).isIn(404, 405);
    }
    HttpResponse<byte[]> wrongMethod = http.get("/classify");
    assertError(wrongMethod, 405, "use POST");
    assertThat(wrongMethod.headers().firstValue("Allow")).hasValue("POST");
    assertError(http.get("/classify/more"), 404, "no such path");
    assertError(http.get("/nowhere?x=1"), 404, "no such path");
    assertError(http.get("/ready?x=1"), 400, "expected none");
  }

  @Test
  void answersCarryHeadersThatProtectBrowsers() throws Exception {
    for (HttpResponse<byte[]> response :
        List.of(http.get("/ready"), http.get("/nowhere"), http.post("/classify", NO_IMAGE))) {
      assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'", "frame-ancestors 'none'");
      assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(response.headers().firstValue("Server-Timing").orElseThrow()).startsWith("total");
    }
    HttpResponse<byte[]> head =
        http.send(
            http.request("/health")
                .method("HEAD", java.net.http.HttpRequest.BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void metricsCountImagesAndRequests() throws Exception {
    answer(http.post("/classify", bytes(WITH_MASK)));
    String metrics = text(http.get("/metrics"));
    assertThat(metrics)
        .contains("tornadovit_images_total{answer=\"classes\"}")
        .contains(
            "tornadovit_http_requests_seconds_count{method=\"POST\",route=\"/classify\",status=\"200\"}")
        .contains("jvm_memory_used_bytes");
    assertThat(answer(http.get("/model")).get("model").asString()).isEqualTo("demo");
  }
}
